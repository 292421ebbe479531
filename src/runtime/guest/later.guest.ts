import { askLater, begin, cancel, opOfError } from "./door.guest.ts";
import type { HostValue } from "./door.guest.ts";
import { signals } from "./event-target.guest.ts";
import { defineProperty, Pledge } from "./primordials.guest.ts";

/** What of an AbortSignal those need who give up when it aborts. */
export interface Aborting {
  readonly aborted: boolean;
  readonly reason: unknown;
}

const Fault = Error;

const askUntil = (op: string, argument: ArrayBuffer | string, signal: Aborting): Promise<HostValue> =>
  new Pledge((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason);
    const id = begin(op, argument, { resolve, reject });
    signals.follow?.(signal, () => {
      cancel(id);
      reject(signal.reason);
    });
  });

/**
 * An async op. What the host refuses, it refuses later: the stack is that of the call, in the script's own lines. When
 * `signal` aborts it is called off.
 */
export const later = async (
  op: string,
  argument: ArrayBuffer | string,
  signal?: Aborting,
): Promise<HostValue> => {
  const { stack } = new Fault();
  try {
    return await (signal === undefined ? askLater(op, argument) : askUntil(op, argument, signal));
  } catch (error) {
    // The reason of a signal is the script's own.
    if (error instanceof Fault && opOfError(error) !== undefined) {
      defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
    }
    throw error;
  }
};
