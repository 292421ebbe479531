/** A run's own clock. Deployed Workers' clocks stand still between I/O, so it bounds only what waits. */
export interface RunClock {
  /** Whole milliseconds since the epoch. */
  readonly now: () => number;
  /** Whole milliseconds since the run began, without those in which it was stopped. */
  readonly elapsed: () => number;
  readonly isStopped: () => boolean;
  /** It stands still until what this gives is called. */
  readonly stop: () => () => void;
}

export const startClock = (now: () => number): RunClock => {
  // Cut off before they are subtracted: two clocks that tick at different moments are one of half their steps.
  const whole = (): number => Math.floor(now());
  const begun = whole();
  let stops = 0;
  let stoppedAt = 0;
  let stoppedFor = 0;
  return {
    now: whole,
    elapsed: () => Math.max(0, (stops > 0 ? stoppedAt : whole()) - begun - stoppedFor),
    isStopped: () => stops > 0,
    stop: () => {
      if (stops === 0) stoppedAt = whole();
      stops += 1;
      let isOver = false;
      return () => {
        if (isOver) return;
        isOver = true;
        stops -= 1;
        if (stops === 0) stoppedFor += Math.max(0, whole() - stoppedAt);
      };
    },
  };
};
