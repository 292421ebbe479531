import type { HeaderPairs } from "../../lib/headers.ts";
import type { Passed } from "../../lib/tap.ts";
import type { EgressFailure } from "../../runtime/index.ts";
import type { Attempt } from "./send-leg.ts";

/** A body on a leg. `same`: that of the exchange's own request, or of its answer, on the other side. */
export type LegBody = Passed | "same";

/** What went to an upstream and what came back, as its owner reads it. */
export interface Legs {
  readonly request: {
    readonly method: string;
    readonly url: string;
    readonly headers: HeaderPairs;
    readonly body: LegBody;
  };
  /** `null`: there was no answer. */
  readonly response: {
    readonly status: number;
    readonly headers: HeaderPairs;
    readonly body: LegBody;
  } | null;
  readonly attempts: readonly Attempt[];
  /** From the first attempt to the end of the answer's body. */
  readonly durationMs: number;
  /** Why it has no answer, or only a part of one. */
  readonly error: string | null;
  /** The answer had not come to its end: its sender hung up, or it goes on for longer than anybody waits to record it. */
  readonly unfinished: boolean;
}

export type UpstreamReason =
  | EgressFailure["kind"]
  /** The URL would not have been below the upstream's. */
  | "bad-path"
  /** An upgrade to WebSocket, or a method that no proxy passes on. */
  | "not-implemented"
  | "request-too-large"
  /** A status that the platform cannot send: outside 200..599. */
  | "status";

export type ForwardOutcome =
  | { readonly kind: "forwarded" }
  | { readonly kind: "upstream-failed"; readonly reason: UpstreamReason; readonly message: string };

/** How forwarding went, as it stands when somebody asks. */
export interface ForwardReport {
  readonly outcome: ForwardOutcome;
  /** `null`: nothing left. */
  readonly legs: Legs | null;
  /** The sender's body, as far as it came by. */
  readonly received: Passed;
  /** The answer's, as far as it went; `null` for an answer that is not a stream. */
  readonly sent: Passed | null;
}

export interface Forwarding {
  readonly report: () => ForwardReport;
  /** When nothing changes in it any more. Never rejects. */
  readonly end: Promise<unknown>;
}
