import type { Sent } from "../../runtime/index.ts";

/** Of RFC 9110, section 9.2.2, and of WebDAV (RFC 4918): twice does what once does. */
const IDEMPOTENT: ReadonlySet<string> = new Set(
  "COPY DELETE GET HEAD MKCOL MOVE OPTIONS PROPFIND PROPPATCH PUT QUERY REPORT SEARCH UNLOCK".split(" "),
);

/** Of a gateway, or of a server that is not there for now: the next try may find another. */
const FOR_NOW: ReadonlySet<number> = new Set([502, 503, 504]);

const FIRST_PAUSE_MS = 200;
const MOST_PAUSE_MS = 5_000;

/** A body that has begun to leave cannot be sent again, and nobody can tell whether it has: only what has none is sent anew. */
export const mayRetry = (leg: { readonly method: string; readonly body: unknown }): boolean =>
  leg.body === null && IDEMPOTENT.has(leg.method);

export const isWorthAnother = (sent: Sent): boolean =>
  sent.kind === "answered"
    ? FOR_NOW.has(sent.answer.status)
    : sent.failure.kind === "connect" || sent.failure.kind === "timeout";

/** Before the attempt after `failed` ones: 200 ms, and twice as long each time. */
export const pauseBefore = (failed: number): number =>
  Math.min(MOST_PAUSE_MS, FIRST_PAUSE_MS * 2 ** (failed - 1));
