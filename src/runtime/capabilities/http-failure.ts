import { OpError, type UpstreamFault } from "../capability.ts";
import type { Whole } from "../egress/answer-body.ts";
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

/** A failure as the script gets it. */
export const failureError = (failure: EgressFailure): OpError => {
  const name =
    failure.kind === "not-allowed-secret"
      ? "SecretNotAllowed"
      : failure.kind === "aborted"
        ? "AbortError"
        : "TypeError";
  return new OpError(name, failure.message, upstreamFault(failure));
};

export const noRoom = (): OpError =>
  new OpError("OperationError", "The sandbox has no room for the body now: try again.");

export const wholeBytes = (whole: Whole): Uint8Array<ArrayBuffer> => {
  if (whole.kind === "failed") throw failureError(whole.failure);
  if (whole.kind === "given-up") throw noRoom();
  return whole.bytes;
};
