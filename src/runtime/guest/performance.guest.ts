import { floor, now } from "./primordials.guest.ts";

const native = performance;
const nativeNow = native.now.bind(native);

/** Milliseconds since the host began the run: its wall clock also ran while this code was evaluated. */
export const sinceRunBegan = (): number => floor(nativeNow());

let origin = now();

/** The run's own clock starts with the run, not with the image it started from. */
export const startClock = (): void => {
  origin = now();
};

/** Whole milliseconds: finer clocks would measure the caches of those who share the machine. */
export const coarsePerformance = {
  now: (): number => now() - origin,
  get timeOrigin(): number {
    return origin;
  },
  toJSON: (): object => ({ timeOrigin: origin }),
};
