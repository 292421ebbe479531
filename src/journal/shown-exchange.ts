import type { HeaderPairs } from "../lib/headers.ts";
import type { Client, RunView } from "../responders/index.ts";
import type { Exchange } from "./exchange.ts";
import { type ShownKept, shownKept } from "./shown-kept.ts";
import { type ShownUpstream, shownUpstream } from "./shown-upstream.ts";

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
  /** Absent where none was asked. */
  readonly upstream?: ShownUpstream;
  readonly replayOf: string | null;
  readonly pinned: boolean;
}

/** Bodies of more than `mostBytes` are left out. */
export const shownExchange = (exchange: Exchange, mostBytes: number): ShownExchange => {
  const { id, at, durationMs, request, response, run, replayOf, pinned } = exchange;
  const upstream = shownUpstream(exchange, mostBytes);
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
    ...(upstream === undefined ? {} : { upstream }),
    replayOf,
    pinned,
  };
};
