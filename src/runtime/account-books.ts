/** An account's CPU bucket is filled once in so long. */
export const CPU_WINDOW_MS = 10_000;

/** What is known of an account while it has runs, waiters or a bucket that is not full. */
export interface Account {
  running: number;
  waiting: number;
  bytes: number;
  /** By unit, running and waiting. */
  readonly units: Map<string, number>;
  /** ms of CPU that are left, refilled by the clock, and below 0 when a run took more than there was. */
  level: number;
  levelAt: number;
  /** When it last entered, by count: who entered longest ago goes first. */
  entered: number;
}

export const newAccount = (cpuMsPer10s: number | null, now: number): Account => ({
  running: 0,
  waiting: 0,
  bytes: 0,
  units: new Map(),
  level: cpuMsPer10s ?? 0,
  levelAt: now,
  entered: 0,
});

export const countUnit = ({ units }: Account, unit: string, by: number): void => {
  const count = (units.get(unit) ?? 0) + by;
  if (count === 0) units.delete(unit);
  else units.set(unit, count);
};

/** The level of its bucket as it is now. */
export const refill = (account: Account, perWindow: number, now: number): number => {
  const more = (Math.max(0, now - account.levelAt) * perWindow) / CPU_WINDOW_MS;
  account.level = Math.min(perWindow, account.level + more);
  account.levelAt = now;
  return account.level;
};
