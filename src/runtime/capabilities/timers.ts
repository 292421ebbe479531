import { type Capability, OpError } from "../capability.ts";

/** As browsers have it: a longer one would fire at once. */
const MAX_MS = 2 ** 31 - 1;

const readMs = (argument: Uint8Array<ArrayBuffer>): number => {
  if (argument.length !== 8) throw new OpError("TypeError", "a timer takes one number");
  const ms = new DataView(argument.buffer, argument.byteOffset).getFloat64(0, true);
  // Whole ones: many timers, each a little later than the last, would be a fine clock.
  return ms >= 1 ? Math.trunc(Math.min(ms, MAX_MS)) : 0;
};

const wait = (ms: number, signal: AbortSignal): Promise<null> =>
  new Promise((resolve) => {
    const timer = setTimeout(() => resolve(null), ms);
    signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
  });

/** Setting the host's timer, and its end or its being called off: 40 µs, whatever the ms. */
const TIMER_UNITS = 26_000;

/** `timer`: ends after so many ms. A cancelled one never ends, and nobody waits for it. */
export const timers: Capability = {
  name: "timers",
  async: { timer: { price: () => TIMER_UNITS, call: (argument, signal) => wait(readMs(argument), signal) } },
};
