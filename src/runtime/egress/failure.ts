import type { Refusal } from "./policy.ts";

/** Why a request has no answer. Messages begin as docs/script-contract.md promises to scripts that tell failures apart by them. */
export type EgressFailure =
  | Refusal
  | {
      readonly kind:
        /** No answer came: refused, reset, closed before the headers, or no such server. */
        | "connect"
        /** To the first byte, or in all. */
        | "timeout"
        /** It ended in the middle of the body, or the body is not what its headers say. */
        | "broken"
        | "too-large"
        /** A secret stands where it may not go. */
        | "not-allowed-secret"
        /** By the caller's own signal. */
        | "aborted";
      readonly message: string;
    };

export const CONNECT: EgressFailure = { kind: "connect", message: "Failed to connect to upstream" };
export const BROKEN: EgressFailure = { kind: "broken", message: "Upstream request failed" };
export const TOO_LARGE: EgressFailure = { kind: "too-large", message: "Upstream response body too large" };
export const TIMEOUT: EgressFailure = { kind: "timeout", message: "Upstream request timed out" };
export const ABORTED: EgressFailure = { kind: "aborted", message: "The request was aborted" };

/** How a body that was already streaming tells its reader; everything earlier is a value. */
export class EgressError extends Error {
  override readonly name = "EgressError";
  readonly failure: EgressFailure;

  constructor(failure: EgressFailure) {
    super(failure.message);
    this.failure = failure;
  }
}
