import { shownBody } from "../../responders/index.ts";
import { characterEnd } from "../cut-body.ts";
import type { Exchange, KeptBody } from "../exchange.ts";
import type { HeaderPairs } from "../../lib/headers.ts";
import type { KeptUpstream } from "../upstream.ts";

/**
 * Of each part of an exchange. An index of trigrams costs 0.3 ms for a KiB of text and three times its room (measured),
 * so of long texts it holds the beginning, and they are read themselves when somebody searches.
 */
export const INDEXED_UNITS = 16 * 1024;
/** UTF-8 of so many units of UTF-16, at most. */
const BYTES_PER_UNIT = 3;

const textOf = ({ bytes }: KeptBody, headers: HeaderPairs, mostBytes: number): string => {
  if (bytes === null) return "";
  const part = bytes.length <= mostBytes ? bytes : bytes.subarray(0, characterEnd(bytes, mostBytes));
  const shown = shownBody(new Uint8Array(part), headers);
  return "text" in shown ? shown.text : "";
};

const lines = (headers: HeaderPairs): string =>
  headers.map(([name, value]) => `${name}: ${value}`).join("\n");

const partsOfLegs = (upstream: KeptUpstream | null, mostBytes: number): readonly string[] => {
  if (upstream === null) return [];
  const { request, response } = upstream;
  const parts = [request.url];
  for (const leg of response === null ? [request] : [request, response]) {
    parts.push(lines(leg.headers));
    if (leg.body !== "same") parts.push(textOf(leg.body, leg.headers, mostBytes));
  }
  return parts;
};

/** URLs, headers and text bodies, of the legs to and from an upstream too; of each body what lies in its first `mostBytes`. NUL would end a text in SQLite. */
const partsOf = ({ request, response, upstream }: Exchange, mostBytes: number): readonly string[] =>
  [
    request.url,
    lines(request.headers),
    textOf(request.body, request.headers, mostBytes),
    lines(response.headers),
    textOf(response.body, response.headers, mostBytes),
    ...partsOfLegs(upstream, mostBytes),
  ].map((part) => part.replaceAll("\0", "\ufffd"));

/** What the index is given; `whole` when nothing had to be left out. */
export const indexText = (exchange: Exchange): { readonly text: string; readonly whole: boolean } => {
  const mostBytes = (INDEXED_UNITS + 1) * BYTES_PER_UNIT;
  const parts = partsOf(exchange, mostBytes);
  return {
    text: parts.map((part) => part.slice(0, INDEXED_UNITS)).join("\n"),
    whole: parts.every((part) => part.length <= INDEXED_UNITS),
  };
};

/** Two texts that differ only in case become one. A sigma at a word's end is a letter of its own only to the eye. */
const fold = (text: string): string => text.toLowerCase().replaceAll("ς", "σ");

/** Whether a part of the exchange holds the phrase, whatever its case. */
export const holdsPhrase = (exchange: Exchange, q: string): boolean => {
  const phrase = fold(q.replaceAll("\0", "\ufffd"));
  return partsOf(exchange, Number.POSITIVE_INFINITY).some((part) => fold(part).includes(phrase));
};

/** The index knows a phrase by its trigrams. */
const TRIGRAM = 3;

/** A phrase as the index takes it: quoted, so that nothing of it is query syntax. `undefined` when it is too short. */
export const indexPhrase = (q: string): string | undefined =>
  Array.from(q).length < TRIGRAM ? undefined : `"${q.replaceAll("\0", "\ufffd").replaceAll('"', '""')}"`;
