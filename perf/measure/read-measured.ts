import type { PeerTiming, Timing } from "../results/figures.ts";
import type { Measured } from "./singles.ts";

const numberIn = (value: unknown, name: string): number => {
  const found: unknown = typeof value === "object" && value !== null ? Reflect.get(value, name) : undefined;
  if (typeof found !== "number") throw new Error(`a measuring process told no ${name}`);
  return found;
};

/** What a measuring process told of times. */
export const readTiming = (value: unknown): Timing => ({
  p50Us: numberIn(value, "p50Us"),
  p90Us: numberIn(value, "p90Us"),
  p99Us: numberIn(value, "p99Us"),
  maxUs: numberIn(value, "maxUs"),
  perSecond: numberIn(value, "perSecond"),
  samples: numberIn(value, "samples"),
});

/** Of the product's runs. */
export const readMeasured = (value: unknown): Measured => {
  const kept: unknown = Reflect.get(Object(value), "keptBytes");
  return {
    ...readTiming(value),
    fuel: numberIn(value, "fuel"),
    peakMemoryBytes: numberIn(value, "peakMemoryBytes"),
    completed: numberIn(value, "completed"),
    asleep: numberIn(value, "asleep"),
    ...(typeof kept === "number" ? { keptBytes: kept } : {}),
  };
};

/** Of a peer's. */
export const readPeerTiming = (value: unknown): PeerTiming => {
  const { p50Us, p99Us, perSecond } = readTiming(value);
  return { p50Us, p99Us, perSecond };
};
