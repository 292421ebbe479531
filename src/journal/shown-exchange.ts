import type { HeaderPairs } from "../lib/headers.ts";
import { type Client, type RunView, type ShownBody, shownBody } from "../responders/index.ts";
import type { Exchange, KeptBody } from "./exchange.ts";

interface ShownKept {
  /** `null`: there was none, nothing of it was kept (`bodyTruncated`), or it is left out here (`bodyOmitted`). */
  readonly body: ShownBody | null;
  readonly bodySize: number;
  readonly bodyTruncated: boolean;
  readonly bodyOmitted: boolean;
}

/** An exchange as its owner reads it, in lists, in the tail, and alone. */
export interface ShownExchange {
  readonly id: string;
  /** RFC 3339, with milliseconds. */
  readonly at: string;
  readonly durationMs: number;
  readonly requestId: string;
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: HeaderPairs;
    readonly client: Client;
  } & ShownKept;
  readonly response: { readonly status: number; readonly headers: HeaderPairs } & ShownKept;
  readonly run: RunView;
  readonly replayOf: string | null;
  readonly pinned: boolean;
}

const shownKept = (kept: KeptBody, headers: HeaderPairs, mostBytes: number): ShownKept => {
  const { bytes, size, truncated } = kept;
  const tooLong = bytes !== null && bytes.length > mostBytes;
  return {
    body: bytes === null || tooLong ? null : shownBody(bytes, headers),
    bodySize: size,
    bodyTruncated: truncated,
    bodyOmitted: tooLong || kept.omitted === true,
  };
};

/** Bodies of more than `mostBytes` are left out. */
export const shownExchange = (exchange: Exchange, mostBytes: number): ShownExchange => {
  const { id, at, durationMs, request, response, run, replayOf, pinned } = exchange;
  return {
    id,
    at: new Date(at).toISOString(),
    durationMs,
    requestId: id,
    request: {
      method: request.method,
      url: request.url,
      headers: request.headers,
      ...shownKept(request.body, request.headers, mostBytes),
      client: request.client,
    },
    response: {
      status: response.status,
      headers: response.headers,
      ...shownKept(response.body, response.headers, mostBytes),
    },
    run,
    replayOf,
    pinned,
  };
};
