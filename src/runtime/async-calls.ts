import { type AsyncOp, OpError, type UpstreamFault } from "./capability.ts";
import { exceededCalls, SANDBOX_FULL } from "./exceeded.ts";
import { fuelForMs } from "./fuel.ts";
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
  /** What another server is to blame for, of the errors that were told; by the op's id. */
  readonly upstreamFault: (id: number) => UpstreamFault | undefined;
  /** Notes fuel to be paid; `false` when it is more than the run has had. */
  readonly owe: (units: number) => boolean;
  /** What is owed, as it is paid. */
  readonly payable: () => number;
  /** Settles when there may be something to tell, or after so many ms. */
  readonly wait: (ms: number) => Promise<void>;
  /** Calls everything off: the run is over. */
  readonly stop: () => void;
}

/** setTimeout's longest. */
const MAX_WAIT_MS = 2 ** 31 - 1;

const sizeOf = ({ value }: Settlement): number => value?.length ?? 0;

const refusal = (id: number, error: unknown): Settlement => {
  // What the host did not mean to say stays with it: a bug's message may tell of other runs.
  const told = error instanceof OpError ? error : { name: "OperationError", message: "the host call failed" };
  return { id, ok: false, value: JSON.stringify({ name: told.name, message: told.message }) };
};

const noRoom = (id: number): Settlement => {
  const told = { name: "OperationError", message: "the sandbox has no room for the result: try again" };
  return { id, ok: false, value: JSON.stringify(told) };
};

export interface AsyncCallsDeps {
  readonly limits: Limits;
  readonly onFault: (error: unknown) => void;
  /** Takes room for so many bytes of arguments and results, or gives it back; `false` when there is none. */
  readonly capture: (bytes: number) => boolean;
}

interface Running {
  readonly controller: AbortController;
  readonly bytes: number;
}

export const createAsyncCalls = ({ limits, onFault, capture }: AsyncCallsDeps): AsyncCalls => {
  const running = new Map<number, Running>();
  const ended: Settlement[] = [];
  const upstreamFaults = new Map<number, UpstreamFault>();
  let owed = 0;
  let total = 0;
  let timers = 0;
  let wake: (() => void) | undefined;

  const end = (settlement: Settlement): void => {
    const call = running.get(settlement.id);
    if (call === undefined) return;
    running.delete(settlement.id);
    capture(-call.bytes);
    ended.push(capture(sizeOf(settlement)) ? settlement : noRoom(settlement.id));
    wake?.();
  };

  const release = (settlement: Settlement): void => {
    capture(-sizeOf(settlement));
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
      // The argument lives as long as the call: a hundred copies of one buffer must not be the isolate's end.
      if (!capture(argument.length)) throw new StopRun(SANDBOX_FULL);
      const id = total;
      const controller = new AbortController();
      const result = op.call(argument, controller.signal);
      running.set(id, { controller, bytes: argument.length });
      result.then(
        (value) => end({ id, ok: true, value }),
        (error: unknown) => {
          if (!(error instanceof OpError) && running.has(id)) onFault(error);
          if (error instanceof OpError && error.upstream !== undefined)
            upstreamFaults.set(id, error.upstream);
          end(refusal(id, error));
        },
      );
      return id;
    },
    cancel: (id) => {
      const call = running.get(id);
      running.delete(id);
      call?.controller.abort();
      capture(-(call?.bytes ?? 0));
      const told = ended.findIndex((settlement) => settlement.id === id);
      for (const settlement of told < 0 ? [] : ended.splice(told, 1)) release(settlement);
    },
    next: () => {
      const settlement = ended.shift();
      if (settlement !== undefined) release(settlement);
      return settlement;
    },
    inFlight: () => running.size,
    total: () => total,
    upstreamFault: (id) => upstreamFaults.get(id),
    owe: (units) => {
      owed += Math.ceil(units);
      return owed <= fuelForMs(limits.cpuMs);
    },
    payable: () => {
      const units = owed;
      owed = 0;
      return units;
    },
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
      for (const { controller } of running.values()) controller.abort();
      running.clear();
    },
  };
};
