import { askLater, defineProperty } from "../../runtime/guest/index.guest.ts";
import type { HostValue } from "../../runtime/guest/index.guest.ts";

const Fault = Error;

/** An async op. What the host refuses, it refuses later: the stack is that of the call, in the script's own lines. */
export const later = async (op: string, argument: ArrayBuffer | string): Promise<HostValue> => {
  const { stack } = new Fault();
  try {
    return await askLater(op, argument);
  } catch (error) {
    if (error instanceof Fault) {
      defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
    }
    throw error;
  }
};
