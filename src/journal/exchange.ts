import type { HeaderPairs } from "../lib/headers.ts";
import type { Client, RunView } from "../responders/index.ts";
import type { KeptUpstream } from "./upstream.ts";

/** A body as it is kept: cut to the tier's limit, its true size beside it. */
export interface KeptBody {
  /** `null`: there was none, nothing of it was kept (`truncated`), or it is left out here (`omitted`). */
  readonly bytes: Uint8Array | null;
  readonly size: number;
  /** Fewer bytes are kept than there were. */
  readonly truncated: boolean;
  /** Kept, but too long for this list; reading the one exchange gives it. */
  readonly omitted?: true;
}

export interface KeptRequest {
  readonly method: string;
  /** Whole, as the sender used it. */
  readonly url: string;
  /** Below the handle, raw; what a replay is matched by. */
  readonly path: string;
  readonly rawQuery: string | null;
  readonly headers: HeaderPairs;
  readonly body: KeptBody;
  readonly client: Client;
  /** The fields in which every `[secret NAME]` stands for a secret that was there: `url`, `header:INDEX`, `body`. */
  readonly masked?: readonly string[];
}

export interface KeptResponse {
  readonly status: number;
  readonly headers: HeaderPairs;
  readonly body: KeptBody;
}

/** One hit and its answer, as they were. The id is the hit's `requestId`. Times in ms since the epoch. */
export interface Exchange {
  readonly id: string;
  readonly at: number;
  /** Until the answer was there. */
  readonly durationMs: number;
  readonly request: KeptRequest;
  readonly response: KeptResponse;
  readonly run: RunView;
  /** `null`: it did not go to an upstream. */
  readonly upstream: KeptUpstream | null;
  readonly replayOf: string | null;
  readonly pinned: boolean;
}

/** `returned`, `exceeded.cpu`, `unusable.never-settled`, …: what the filter `outcome` takes, besides `failed`. */
export const outcomeName = ({ outcome }: RunView): string => {
  const detail = outcome.limit ?? outcome.reason;
  return detail === undefined ? outcome.kind : `${outcome.kind}.${detail}`;
};

const SUCCESSES: ReadonlySet<string> = new Set(["static", "returned", "forwarded"]);

export const hasFailed = ({ outcome }: RunView): boolean => !SUCCESSES.has(outcome.kind);
