import type { HeaderPairs } from "../lib/headers.ts";

/** Who sent a hit, as far as Workers tell. */
export interface Client {
  readonly ip: string | null;
  readonly country?: string;
  readonly asn?: number;
  readonly tlsVersion?: string;
}

/** One request of a sender, captured: plain data, nothing of it is a stream. */
export interface Hit {
  /** `exc_…`, made at the door; also the exchange's id. */
  readonly requestId: string;
  readonly receivedAt: number;
  readonly method: string;
  /** Whole, as the sender used it. */
  readonly url: string;
  /** Below the handle, raw, with its leading slash. */
  readonly path: string;
  /** Without the `?`; `null` when there was none. */
  readonly rawQuery: string | null;
  /** Lower-case and sorted, repeats joined: all that Workers show. */
  readonly headers: HeaderPairs;
  readonly body: Uint8Array<ArrayBuffer> | null;
  readonly client: Client;
  /** How many hooks it has passed through: 0 from outside. */
  readonly hops: number;
  /**
   * The exchange that this repeats, when it arrived, and the fields in which marks stand for the secrets that were there:
   * `url`, `header:INDEX`, `body`.
   */
  readonly replay?: { readonly of: string; readonly at: number; readonly masked?: readonly string[] };
}

/** What goes back to a sender. A status that takes no body (204, 205, 304) still may carry one here: the edge strips it. */
export interface Reply {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

/** Why a hit reached no responder, or was not let in. Each kind has one status; the edge maps them once. */
export type Rejection =
  /** 400: a dot segment, a backslash, a NUL, … in the path. */
  | { readonly kind: "bad-path"; readonly detail: string }
  /** 414 */
  | { readonly kind: "path-too-long" }
  /** 421: a host that is not ours. */
  | { readonly kind: "misdirected" }
  /** 404: no such handle, no route, or a disabled one. */
  | { readonly kind: "no-match" }
  /** 405 */
  | { readonly kind: "method-not-allowed"; readonly allow: readonly string[] }
  /** 408: the body took too long to arrive. */
  | { readonly kind: "too-slow"; readonly limitMs: number }
  /** 410: the account is suspended. */
  | { readonly kind: "suspended" }
  /** 413 */
  | { readonly kind: "too-large"; readonly limitBytes: number }
  /** 429 */
  | { readonly kind: "too-many"; readonly retryAfterSeconds: number }
  /** 508: it has passed through more hooks than may call each other. */
  | { readonly kind: "too-many-hops" }
  /** 503: routes could not be read. */
  | { readonly kind: "overloaded"; readonly retryAfterSeconds: number };
