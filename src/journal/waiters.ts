/** Who waits for the next exchange: in memory of the one object that records, so that nobody has to ask again. */
export interface Waiters {
  /** Resolves at the next wake, or after so many ms. */
  readonly wait: (ms: number) => Promise<void>;
  readonly wake: () => void;
}

export const createWaiters = (): Waiters => {
  const waiting = new Set<() => void>();
  return {
    wait: (ms) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          waiting.delete(end);
          resolve();
        };
        const timer = setTimeout(end, ms);
        waiting.add(end);
      }),
    wake: () => {
      for (const end of waiting) end();
    },
  };
};
