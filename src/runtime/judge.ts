import { exceededCpu, exceededMemory, exceededStack, SANDBOX_FULL } from "./exceeded.ts";
import type { Limits } from "./limits.ts";
import type { Ending, GuestError } from "./outcome.ts";
import { EngineFault, StopRun } from "./stop-run.ts";

/** What the host knows for certain of a run: none of it can be changed from inside. */
export interface Evidence {
  readonly limits: Limits;
  /** Units left of all, the grace for a soft stop included. */
  readonly fuel: number;
  /** The engine was told to stop, because the run's fuel was used up. */
  readonly interrupted: boolean;
  /** Why the memory did not grow, if it ever should have. */
  readonly refused: "ceiling" | "no-room" | undefined;
  readonly largestBodyRead: number;
}

/** The isolate's own fullness is not the script's doing. */
const outOfMemory = ({ refused, limits, largestBodyRead }: Evidence): Ending =>
  refused === "no-room" ? SANDBOX_FULL : exceededMemory(limits, largestBodyRead);

/**
 * Why the engine stopped in the middle, told by what the host saw and never by the guest's text; `undefined` when it
 * was by its own word (`done`). An exception that nothing here explains is a bug of the host and is thrown on.
 */
export const judgeStop = (thrown: unknown, evidence: Evidence): Ending | undefined => {
  if (thrown instanceof StopRun) return thrown.ending;
  if (evidence.fuel < 0 || evidence.interrupted) return exceededCpu(evidence.limits);
  if (thrown instanceof RangeError && thrown.message.includes("call stack")) return exceededStack();
  if (
    thrown instanceof WebAssembly.RuntimeError ||
    thrown instanceof EngineFault ||
    thrown instanceof RangeError
  ) {
    return outOfMemory(evidence);
  }
  throw thrown;
};

/**
 * The engine's own error when its stack is used up, which no hook of the host's sees. The one ending that is told by the
 * text: a script that throws the same error gains nothing but a wrong name for its own failure.
 */
const isStackError = ({ name, message }: GuestError): boolean =>
  name === "RangeError" && message === "Maximum call stack size exceeded";

/** A failure that the guest tells of, after its memory could not grow, is the end of its memory, whatever it says. */
export const judgeFailure = (told: Ending, evidence: Evidence): Ending => {
  if (told.kind !== "threw" && told.kind !== "unusable") return told;
  if (evidence.interrupted) return exceededCpu(evidence.limits, told.error);
  if (evidence.refused !== undefined) return outOfMemory(evidence);
  return told.kind === "threw" && isStackError(told.error) ? exceededStack(told.error) : told;
};
