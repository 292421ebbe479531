import { tryFromUtf8 } from "../lib/bytes.ts";
import type { UpstreamFault } from "./capability.ts";
import { guestError, readToldError } from "./guest-error.ts";
import type { Ending, UnusableReason } from "./outcome.ts";
import { fieldOf, parseTold } from "./told.ts";

export interface FailureParts {
  readonly expression: boolean;
  readonly upstreamFault: (id: number) => UpstreamFault | undefined;
}

const REASONS: readonly UnusableReason[] = ["never-settled", "not-json", "too-deep", "bad-result"];
/** Preludes cut what they tell to about 25,000 characters; what is longer than those can be is not parsed. */
export const MAX_FAILURE_BYTES = 256 * 1024;

/** How the guest says that the run ended. */
export const readFailure = (argument: Uint8Array, { expression, upstreamFault }: FailureParts): Ending => {
  const value = argument.length > MAX_FAILURE_BYTES ? undefined : parseTold(tryFromUtf8(argument) ?? "");
  const error = guestError(readToldError(value), expression);
  const given = fieldOf(value, "reason");
  const reason = REASONS.find((each) => each === given);
  if (fieldOf(value, "kind") === "unusable")
    return { kind: "unusable", reason: reason ?? "bad-result", error };
  // By the id of the op that made the error, which the guest keeps beside it: never by what it says.
  const op = fieldOf(value, "op");
  const upstream = typeof op === "number" ? upstreamFault(op) : undefined;
  return { kind: "threw", error, ...(upstream === undefined ? {} : { upstream }) };
};
