import { exceededCpu, exceededMemory, exceededStack } from "./exceeded.ts";
import type { Limits } from "./limits.ts";
import type { Ending } from "./outcome.ts";
import { EngineFault, StopRun } from "./stop-run.ts";

/** What the host knows for certain of a run: none of it can be changed from inside. */
export interface Evidence {
  readonly limits: Limits;
  readonly fuel: number;
  readonly growthRefused: boolean;
  readonly largestBodyRead: number;
}

/**
 * Why the engine stopped in the middle, told by what the host saw and never by the guest's text; `undefined` when it
 * was by its own word (`done`). An exception that nothing here explains is a bug of the host and is thrown on.
 */
export const judgeStop = (thrown: unknown, evidence: Evidence): Ending | undefined => {
  if (thrown instanceof StopRun) return thrown.ending;
  if (evidence.fuel < 0) return exceededCpu(evidence.limits);
  if (thrown instanceof RangeError && thrown.message.includes("call stack")) return exceededStack();
  if (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof EngineFault ||
    thrown instanceof RangeError
  ) {
    return exceededMemory(evidence.limits, evidence.largestBodyRead);
  }
  throw thrown;
};

/** A failure that the guest tells of, after its memory could not grow, is the end of its memory, whatever it says. */
export const judgeFailure = (told: Ending, evidence: Evidence): Ending =>
  evidence.growthRefused && (told.kind === "threw" || told.kind === "unusable")
    ? exceededMemory(evidence.limits, evidence.largestBodyRead)
    : told;
