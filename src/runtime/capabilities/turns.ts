/** Lets so many work at once. The others begin as these end, first come, first served. */
export const createTurns = (most: number) => {
  const waiting = new Set<() => void>();
  let busy = 0;

  /** Whether its turn has come. Whoever is called off is let go at once, and with him all that he has brought. */
  const wait = (signal: AbortSignal): Promise<boolean> =>
    new Promise((resolve) => {
      const begin = (): void => {
        signal.removeEventListener("abort", leave);
        resolve(true);
      };
      const leave = (): void => {
        waiting.delete(begin);
        resolve(false);
      };
      waiting.add(begin);
      signal.addEventListener("abort", leave, { once: true });
    });

  /** `undefined`: called off before its turn came. */
  return async <T>(work: () => Promise<T>, signal: AbortSignal): Promise<T | undefined> => {
    if (signal.aborted) return undefined;
    if (busy < most) busy += 1;
    // Whoever ends hands its place on, so that nobody who comes later takes it.
    else if (!(await wait(signal))) return undefined;
    try {
      return signal.aborted ? undefined : await work();
    } finally {
      const [next] = waiting;
      if (next === undefined) busy -= 1;
      else {
        waiting.delete(next);
        next();
      }
    }
  };
};
