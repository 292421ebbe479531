import { type Capability, OpError } from "../capability.ts";

/** As browsers have it: a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

const readMs = (argument: Uint8Array<ArrayBuffer>): number => {
  if (argument.length !== 8) throw new OpError("TypeError", "a timer takes one number");
  const ms = new DataView(argument.buffer, argument.byteOffset).getFloat64(0, true);
  return ms > 0 ? Math.min(ms, MAX_MS) : 0;
};

const wait = (ms: number, signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });

/** `timer`: ends after so many ms. A cancelled one never ends, and nobody waits for it. */
export const timers: Capability = {
  name: "timers",
  async: { timer: { price: () => 0, call: (argument, signal) => wait(readMs(argument), signal) } },
};
