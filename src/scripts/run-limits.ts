import type { TierLimits } from "../accounts/index.ts";
import type { Limits } from "../runtime/index.ts";

/** What the runtime enforces of a plan's numbers. */
export const runLimits = (limits: TierLimits): Limits => ({
  heapMb: limits.heapMb,
  cpuMs: limits.cpuMs,
  wallMs: limits.wallMs,
  hostCalls: limits.hostCalls,
  hostCallsInFlight: limits.hostCallsInFlight,
  timers: limits.timers,
  answerBodyBytes: limits.answerBodyBytes,
  answerHeadBytes: limits.answerHeadBytes,
  logBytes: limits.logBytes,
  logLines: limits.logLines,
});
