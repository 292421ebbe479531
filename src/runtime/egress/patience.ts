import { ABORTED, type EgressFailure, TIMEOUT } from "./failure.ts";

/** How long an answer may take, in milliseconds. The platform has no time limit of its own on connecting. */
export interface Times {
  /** From sending, for each hop of a redirect anew. */
  readonly firstByteMs: number;
  /** From the first hop to the last byte of the body. */
  readonly totalMs: number;
}

/** What ends a request that takes too long, or whose caller has lost interest. */
export interface Patience {
  readonly signal: AbortSignal;
  /** Why it ended, once it has. */
  readonly failure: () => EgressFailure | undefined;
  readonly awaitFirstByte: () => void;
  readonly gotFirstByte: () => void;
  /** Once there is nothing left to wait for. Every timer is cleared. */
  readonly end: () => void;
}

export const startPatience = (times: Times, caller: AbortSignal | null): Patience => {
  const controller = new AbortController();
  let failure: EgressFailure | undefined;
  const giveUp = (reason: EgressFailure) => (): void => {
    failure ??= reason;
    controller.abort();
  };
  const total = setTimeout(giveUp(TIMEOUT), times.totalMs);
  let firstByte: ReturnType<typeof setTimeout> | undefined;
  const onAbort = giveUp(ABORTED);
  if (caller?.aborted === true) onAbort();
  else caller?.addEventListener("abort", onAbort, { once: true });
  const gotFirstByte = (): void => clearTimeout(firstByte);
  return {
    signal: controller.signal,
    failure: () => failure,
    awaitFirstByte: () => {
      clearTimeout(firstByte);
      firstByte = setTimeout(giveUp(TIMEOUT), times.firstByteMs);
    },
    gotFirstByte,
    end: () => {
      gotFirstByte();
      clearTimeout(total);
      caller?.removeEventListener("abort", onAbort);
    },
  };
};
