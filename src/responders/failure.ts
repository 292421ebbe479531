import type { Problem } from "../lib/problem.ts";
import type { Outcome } from "./respond.ts";

/** What a sender is told when a script does not answer: nothing of the script. Its owner finds the rest in the run. */
export interface Failure {
  readonly kind: "failed";
  readonly problem: Problem;
  /** For 429 and 503. */
  readonly retryAfterSeconds: number | null;
}

const failed = (
  code: string,
  status: number,
  title: string,
  retryAfterSeconds: number | null = null,
): Failure => ({
  kind: "failed",
  problem: { code, status, title },
  retryAfterSeconds,
});

/** Section 4 of the script contract. */
export const failureOf = (outcome: Outcome): Failure => {
  switch (outcome.kind) {
    case "exceeded":
      return outcome.limit === "cpu" || outcome.limit === "wall"
        ? failed("responder-timeout", 504, "The responder took too long")
        : failed("responder-failed", 500, "The responder failed");
    case "unavailable":
      return outcome.reason === "share"
        ? failed("too-many-requests", 429, "Too many requests", outcome.retryAfterSeconds)
        : failed("unavailable", 503, "Service unavailable", outcome.retryAfterSeconds);
    case "threw":
      if (outcome.upstream === "timeout")
        return failed("upstream-timeout", 504, "The upstream took too long");
      return outcome.upstream === undefined
        ? failed("responder-failed", 500, "The responder failed")
        : failed("upstream-failed", 502, "The upstream failed");
    case "unusable":
    // A run that returned and yet has no answer is a fault of ours; the sender is told the same.
    case "returned":
      return failed("responder-failed", 500, "The responder failed");
  }
};
