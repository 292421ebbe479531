import type { Problem } from "../../lib/problem.ts";
import type { Failure } from "../failure.ts";
import type { ForwardOutcome } from "./report.ts";

type Trouble = Extract<ForwardOutcome, { kind: "upstream-failed" }>;

const FAILED: Problem = { code: "upstream-failed", status: 502, title: "The upstream failed" };

/** What a sender is told: nothing of the upstream. Its owner finds the rest in the journal. */
const problemOf = ({ reason, message }: Trouble): Problem => {
  switch (reason) {
    case "bad-path":
      return { code: "bad-path", status: 400, title: "Bad path", detail: message };
    case "request-too-large":
      return { code: "too-large", status: 413, title: "Content too large", detail: message };
    case "not-implemented":
      return { code: "not-implemented", status: 501, title: "Not implemented", detail: message };
    case "timeout":
      return { code: "upstream-timeout", status: 504, title: "The upstream took too long" };
    case "aborted":
    case "broken":
    case "connect":
    case "not-allowed-secret":
    case "refused":
    case "status":
    case "too-large":
      return FAILED;
  }
};

export const troubleOf = (trouble: Trouble): Failure => ({
  kind: "failed",
  problem: problemOf(trouble),
  retryAfterSeconds: null,
});
