import { tryFromUtf8 } from "../../lib/bytes.ts";
import { type HeaderPair, type HeaderPairs, isHeaderName } from "../../lib/headers.ts";
import type { Exchange, KeptBody } from "../exchange.ts";
import { redactExchange } from "../redact.ts";
import { isSetByClient, isSetByPlatform } from "./left-out.ts";

export type DraftBody =
  | { readonly kind: "none" }
  /** Valid UTF-8 that a person may want to read and change. */
  | { readonly kind: "text"; readonly text: string; readonly size: number }
  | { readonly kind: "bytes"; readonly bytes: Uint8Array; readonly size: number };

/** A request as a client is to be told it, and what its reader has to know besides. */
export interface Draft {
  readonly method: string;
  /** `http` or `https`, no user part, no fragment, printable ASCII. */
  readonly origin: string;
  /** Raw path and query, from its slash on. */
  readonly target: string;
  /** Tokens and their values: no NUL, CR or LF, no white space around, well-formed; of every name that clients leave to us. */
  readonly headers: HeaderPairs;
  readonly body: DraftBody;
  readonly notes: readonly string[];
}

/** A request that no client can be told; why. */
export type Undrafted = { readonly unsendable: string };

/** Beyond this an argument may not fit (128 KiB on Linux), and nobody edits it in a terminal. */
const TEXT_BYTES = 64 * 1024;

// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const NOT_TEXT = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f]/;

const bodyOf = ({ bytes }: KeptBody): DraftBody => {
  if (bytes === null || bytes.length === 0) return { kind: "none" };
  const size = bytes.length;
  const text = size <= TEXT_BYTES ? tryFromUtf8(bytes) : undefined;
  return text === undefined || NOT_TEXT.test(text)
    ? { kind: "bytes", bytes, size }
    : { kind: "text", text, size };
};

/** White space around a value is none of it (RFC 9110, 5.5). Not a regular expression: those are quadratic in a run of blanks. */
const stripped = (value: string): string => {
  const isBlank = (index: number): boolean => value[index] === " " || value[index] === "\t";
  let start = 0;
  let end = value.length;
  while (start < end && isBlank(start)) start += 1;
  while (end > start && isBlank(end - 1)) end -= 1;
  return value.slice(start, end);
};

/** A value that ends its line would begin a header, or a request, of the sender's. */
const canSend = ([name, value]: HeaderPair): boolean => isHeaderName(name) && !/[\0\r\n]/.test(value);

/** The authority is narrow on purpose: a user part would be sent as credentials, a space ends an argument of some. */
const WHOLE_URL = /^(https?:\/\/(?:[\w.~%-]+|\[[0-9a-fA-F:.]+\])(?::\d+)?)([/?#].*)?$/s;

const targetOf = (rest: string): string =>
  (rest.startsWith("/") ? rest : `/${rest}`)
    .toWellFormed()
    .replaceAll(/[^\x21-\x7e]|#/gu, (char) => encodeURIComponent(char));

const bodyNotes = ({ bytes, size, truncated, omitted }: KeptBody): readonly string[] => {
  if (omitted === true) return [`Incomplete: the body, ${size} bytes, is left out here.`];
  return truncated
    ? [`Incomplete: ${bytes?.length ?? 0} of ${size} bytes of the body were kept, and only those are sent.`]
    : [];
};

/** As a note shows them. */
export const namesOf = (pairs: HeaderPairs): string => pairs.map(([name]) => name.slice(0, 64)).join(", ");

const isRedacted = (shown: Exchange["request"], original: Exchange["request"]): boolean =>
  shown.url !== original.url ||
  shown.headers.some(
    ([name, value], index) => !isSetByClient(name) && value !== original.headers[index]?.[1],
  );

/** What every form begins with. */
export const draftOf = (exchange: Exchange, unredacted: boolean): Draft | Undrafted => {
  const { request: original } = exchange;
  const { request } = unredacted ? exchange : redactExchange(exchange);
  const [, origin, rest = ""] = WHOLE_URL.exec(request.url) ?? [];
  if (origin === undefined) return { unsendable: "This is no URL that a client can be given." };
  if (!isHeaderName(request.method)) return { unsendable: "No client can send this method." };
  const told = request.headers.filter(([name]) => !isSetByClient(name) && !isSetByPlatform(name));
  const impossible = told.filter((pair) => !canSend(pair));
  return {
    method: request.method,
    origin,
    target: targetOf(rest),
    headers: told.filter(canSend).map(([name, value]) => [name, stripped(value.toWellFormed())]),
    body: bodyOf(request.body),
    notes: [
      ...bodyNotes(request.body),
      ...(isRedacted(request, original) ? ["Redacted: put the real credentials in their places."] : []),
      ...(impossible.length > 0 ? [`Left out, as no client can send it: ${namesOf(impossible)}.`] : []),
    ],
  };
};

export const headerOf = ({ headers }: Draft, wanted: string): string | undefined =>
  headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

/** Left out by one form only: `notes` with why. */
export const leftOut = (pairs: HeaderPairs, why: string): readonly string[] =>
  pairs.length > 0 ? [`Left out, ${why}: ${namesOf(pairs)}.`] : [];
