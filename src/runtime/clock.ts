/** A run's own clock. Deployed Workers' clocks stand still between I/O, so it bounds only what waits. */
export interface RunClock {
  /** Whole milliseconds since the epoch. */
  readonly now: () => number;
  /** Whole milliseconds since the run began. */
  readonly elapsed: () => number;
}

export const startClock = (now: () => number): RunClock => {
  // Cut off before they are subtracted: two clocks that tick at different moments are one of half their steps.
  const whole = (): number => Math.floor(now());
  const begun = whole();
  return { now: whole, elapsed: () => Math.max(0, whole() - begun) };
};
