/** A run's own clock. Deployed Workers' clocks stand still between I/O, so it bounds only what waits. */
export interface RunClock {
  /** Whole milliseconds since the epoch. */
  readonly now: () => number;
  /** Whole milliseconds since the run began. */
  readonly elapsed: () => number;
}

export const startClock = (now: () => number): RunClock => {
  const begun = now();
  return { now: () => Math.floor(now()), elapsed: () => Math.max(0, Math.floor(now() - begun)) };
};
