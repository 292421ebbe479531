import { type AsyncOp, OpError } from "./capability.ts";
import { exceededCalls } from "./exceeded.ts";
import type { Limits } from "./limits.ts";
import { StopRun } from "./stop-run.ts";

/** An async op that has ended, for the guest's `settle`. */
export interface Settlement {
  readonly id: number;
  readonly ok: boolean;
  readonly value: Uint8Array | string | null;
}

/** The async ops of one run: what is under way, and what has ended and was not told yet. */
export interface AsyncCalls {
  /** Begins an op and gives its id. Ends the run when it is one too many. */
  readonly begin: (name: string, op: AsyncOp, argument: Uint8Array<ArrayBuffer>) => number;
  readonly cancel: (id: number) => void;
  readonly next: () => Settlement | undefined;
  readonly inFlight: () => number;
  readonly total: () => number;
  /** Settles when there may be something to tell, or after so many ms. */
  readonly wait: (ms: number) => Promise<void>;
  /** Calls everything off: the run is over. */
  readonly stop: () => void;
}

/** setTimeout's longest. */
const MAX_WAIT_MS = 2 ** 31 - 1;

const refusal = (id: number, error: unknown): Settlement => {
  // What the host did not mean to say stays with it: a bug's message may tell of other runs.
  const told = error instanceof OpError ? error : { name: "OperationError", message: "the host call failed" };
  return { id, ok: false, value: JSON.stringify({ name: told.name, message: told.message }) };
};

export const createAsyncCalls = (limits: Limits, onFault: (error: unknown) => void): AsyncCalls => {
  const running = new Map<number, AbortController>();
  const ended: Settlement[] = [];
  let total = 0;
  let timers = 0;
  let wake: (() => void) | undefined;

  const end = (settlement: Settlement): void => {
    if (!running.delete(settlement.id)) return;
    ended.push(settlement);
    wake?.();
  };

  const count = (name: string): void => {
    if (total >= limits.hostCalls) throw new StopRun(exceededCalls(limits, "hostCalls"));
    if (running.size >= limits.hostCallsInFlight)
      throw new StopRun(exceededCalls(limits, "hostCallsInFlight"));
    if (name === "timer" && timers >= limits.timers) throw new StopRun(exceededCalls(limits, "timers"));
    total += 1;
    if (name === "timer") timers += 1;
  };

  return {
    begin: (name, op, argument) => {
      count(name);
      const id = total;
      const controller = new AbortController();
      const result = op.call(argument, controller.signal);
      running.set(id, controller);
      result.then(
        (value) => end({ id, ok: true, value }),
        (error: unknown) => {
          if (!(error instanceof OpError) && running.has(id)) onFault(error);
          end(refusal(id, error));
        },
      );
      return id;
    },
    cancel: (id) => {
      const controller = running.get(id);
      running.delete(id);
      controller?.abort();
      const told = ended.findIndex((settlement) => settlement.id === id);
      if (told >= 0) ended.splice(told, 1);
    },
    next: () => ended.shift(),
    inFlight: () => running.size,
    total: () => total,
    wait: (ms) =>
      new Promise((resolve) => {
        if (ended.length > 0) return resolve();
        const timer = setTimeout(resolve, Math.min(ms, MAX_WAIT_MS));
        wake = () => {
          clearTimeout(timer);
          resolve();
        };
      }),
    stop: () => {
      for (const controller of running.values()) controller.abort();
      running.clear();
    },
  };
};
