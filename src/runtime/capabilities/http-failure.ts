import { OpError, type UpstreamFault } from "../capability.ts";
import type { EgressFailure } from "../egress/failure.ts";

/** `undefined` where the script is to blame, which sent something that cannot be. */
export const upstreamFault = (failure: EgressFailure): UpstreamFault | undefined => {
  switch (failure.kind) {
    case "connect":
    case "timeout":
    case "broken":
    case "too-large":
      return failure.kind;
    case "refused":
      if (failure.code === "redirect") return "broken";
      return failure.code === "no-such-name" || failure.code === "resolver" ? "connect" : undefined;
    case "not-allowed-secret":
    case "aborted":
      return undefined;
  }
};

/** As the guest sees it. */
export const errorOf = (failure: EgressFailure): OpError => {
  const name =
    failure.kind === "not-allowed-secret"
      ? "SecretNotAllowed"
      : failure.kind === "aborted"
        ? "AbortError"
        : "TypeError";
  return new OpError(name, failure.message, upstreamFault(failure));
};
