/** Between tries: a deployment, an outage, a night. */
const PAUSES_MS = [60_000, 10 * 60_000, 60 * 60_000, 4 * 60 * 60_000] as const;

/** When to try again after so many tries; `null`: never, it has failed. */
export const nextTryAt = (tries: number, now: number): number | null => {
  const pause = PAUSES_MS[tries - 1];
  return pause === undefined ? null : now + pause;
};
