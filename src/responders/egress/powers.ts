import type { TierLimits } from "../../accounts/index.ts";
import {
  type Asker,
  type Caller,
  type EgressBody,
  failureIn,
  type HttpPowers,
  type HttpRequest,
  type HttpRequestBody,
  MAX_HTTP_BODY_BYTES,
  type Outlet,
  type Reserve,
} from "../../runtime/index.ts";
import type { FillPolicy } from "../../secrets/index.ts";
import type { HitGrants } from "../grants/hit-grants.ts";
import { fillRequest } from "./fill-request.ts";
import { createEgressLog, type EgressEntry, type EgressNote } from "./log.ts";
import { watchStream } from "./watch-stream.ts";

export interface EgressDeps {
  readonly now: () => number;
  /** The door out, for what one hit sends. */
  readonly openOutlet: (caller: Caller) => Outlet;
  /** Where secrets may go without encryption. */
  readonly fillPolicy: FillPolicy;
  readonly touchSecrets: (accountId: string, ids: readonly string[]) => void;
  /** Room in the isolate for what is held of a hit. */
  readonly reserve: (account: { readonly id: string; readonly limits: TierLimits }) => Reserve;
}

/** Whose requests they are, and where they may go. */
export interface Sender {
  readonly accountId: string;
  readonly caller: Caller;
  readonly granted: HitGrants;
}

/** The way out of one run, and what has gone by it. */
export interface RunEgress {
  readonly powers: HttpPowers;
  readonly entries: () => readonly EgressEntry[];
}

/** To the last byte of the answer. */
const TOTAL_MS = 30_000;
/** Fuel a byte: placeholders are looked for in what a script sends, secrets in what comes back to a request that carried some. */
const UNITS_TO_FILL = 60;
const UNITS_TO_MASK = 60;
/** Fuel a byte of what it takes to look for them. */
const UNITS_TO_LOOK = 4;

/** What workerd undoes by itself as a body is read. */
const DECODED: ReadonlySet<string> = new Set(["gzip", "br"]);
const isDecoded = (headers: Headers): boolean => DECODED.has(headers.get("content-encoding") ?? "");

const egressBody = (body: HttpRequestBody | null, note: EgressNote): EgressBody | null => {
  if (body === null) return null;
  if (body.kind === "stream") {
    return { kind: "stream", stream: watchStream(body.stream, { passed: note.sent }) };
  }
  note.sent(body.bytes.length);
  return { kind: "bytes", bytes: body.bytes };
};

export const openRunEgress = (
  deps: Omit<EgressDeps, "reserve">,
  { accountId, caller, granted }: Sender,
): RunEgress => {
  const { grants, placeholders, reveal } = granted;
  const outlet = deps.openOutlet(caller);
  const log = createEgressLog(deps.now);
  // Whoever has the texts writes no placeholders.
  const hasSecrets = grants.kind === "granted" && grants.secrets.length > 0 && !reveal;

  const secretsOf = ({ body, encoded }: HttpRequest, owe: Asker["owe"], holds: (bytes: number) => void) =>
    fillRequest({
      placeholders,
      policy: deps.fillPolicy,
      isOwnBody: body?.kind === "own",
      decodes: (headers) => !encoded && isDecoded(headers),
      used: (ids) => deps.touchSecrets(accountId, ids),
      looking: ({ mask, decoding }) => {
        owe(mask * UNITS_TO_LOOK);
        holds(mask + decoding);
      },
      masking: (bytes) => owe(bytes * UNITS_TO_MASK),
    });

  const send: HttpPowers["send"] = async (request, { signal, owe }) => {
    const note = log.begin(request);
    const { method, url, headers, redirect, timeoutMs, encoded } = request;
    let heldBytes = 0;
    const holds = (bytes: number): void => {
      heldBytes += bytes;
    };
    const totalMs = Math.min(TOTAL_MS, timeoutMs ?? TOTAL_MS);
    const sent = await outlet.send({
      method,
      url,
      headers: { kind: "script", pairs: headers },
      body: egressBody(request.body, note),
      redirect,
      encoded,
      times: { firstByteMs: totalMs, totalMs },
      mostBytes: MAX_HTTP_BODY_BYTES,
      signal,
      secrets: hasSecrets ? secretsOf(request, owe, holds) : null,
    });
    if (sent.kind === "failed") {
      note.failed(sent.failure);
      return sent;
    }
    const { answer } = sent;
    note.answered(answer.status);
    const watcher = {
      passed: note.received,
      failed: (error: unknown) => note.failed(failureIn(error)),
    };
    return {
      kind: "answered",
      answer: {
        ...answer,
        headers: [...answer.headers],
        body: answer.body === null ? null : watchStream(answer.body, watcher),
        heldBytes,
        decoded: answer.body !== null && !encoded && isDecoded(answer.headers),
      },
    };
  };

  return { powers: { send, unitsPerByte: hasSecrets ? UNITS_TO_FILL : 0 }, entries: log.entries };
};
