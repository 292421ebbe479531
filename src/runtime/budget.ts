import type { Share } from "./limits.ts";

/** What one isolate may hold at once (docs/adr/0004-shares.md). */
export interface BudgetRules {
  readonly maxRuns: number;
  /** Fewer than all, so that one account's sleeping scripts cannot keep everybody else out. */
  readonly maxRunsPerAccount: number;
  /** All linear memories together. */
  readonly maxBytes: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** A waiter that has not asked for so long is gone: its request died, and nobody will take its place. */
  readonly staleMs: number;
}

export const ISOLATE_RULES: BudgetRules = {
  maxRuns: 5,
  maxRunsPerAccount: 4,
  maxBytes: 96_000_000,
  maxWaiting: 256,
  maxWaitMs: 3_000,
  staleMs: 1_000,
};

/** Who asks for a place. `leaseMs`: how long the run can last; after it the place is free, whatever became of the run. */
export interface Claim {
  readonly share: Share;
  readonly bytes: number;
  readonly leaseMs: number;
}

export type Decision =
  | { readonly kind: "enter" }
  | { readonly kind: "wait" }
  | { readonly kind: "refuse"; readonly reason: "share" | "full"; readonly retryAfterSeconds: number };

/** An account's CPU: `level` ms are left, refilled by the clock, and below 0 when a run took more than there was. */
interface Bucket {
  level: number;
  readAt: number;
}

interface Waiter {
  readonly claim: Claim;
  readonly arrivedAt: number;
  seenAt: number;
}

interface Holder {
  readonly claim: Claim;
  readonly until: number;
  bytes: number;
}

/** Decisions only: no timers, no promises. Every call is given the time, in ms, and ids are the caller's own. */
export interface Budget {
  /** The first word on a run: enter, wait, or go away. */
  readonly arrive: (id: number, claim: Claim, now: number) => Decision;
  /** A waiter asks again; it has to, more often than every `staleMs`. */
  readonly ask: (id: number, now: number) => Decision;
  /** The run holds so many bytes more from now on; `false`, and nothing changes, when there are too few. */
  readonly grow: (id: number, bytes: number) => boolean;
  /** The run is over and has used so much CPU; a waiter may leave too. */
  readonly leave: (id: number, cpuMs: number, now: number) => void;
  readonly counts: () => { readonly running: number; readonly waiting: number; readonly bytes: number };
}

const CPU_WINDOW_MS = 10_000;
/** Accounts whose bucket is full again are forgotten when more than so many are known. */
const MAX_BUCKETS = 1_000;

const refuse = (reason: "share" | "full", retryAfterSeconds: number): Decision => ({
  kind: "refuse",
  reason,
  retryAfterSeconds,
});

export const createBudget = (rules: BudgetRules): Budget => {
  const holders = new Map<number, Holder>();
  /** In order of arrival; the fair order between accounts is made from it. */
  const waiters = new Map<number, Waiter>();
  const buckets = new Map<string, Bucket>();
  /** When each account last entered, by count: who entered longest ago goes first. */
  const lastEntered = new Map<string, number>();
  let entered = 0;

  const claims = (): Claim[] => [...holders.values(), ...waiters.values()].map(({ claim }) => claim);
  const bytesHeld = (): number => [...holders.values()].reduce((sum, { bytes }) => sum + bytes, 0);

  const clean = (now: number): void => {
    for (const [id, { until }] of holders) if (until <= now) holders.delete(id);
    for (const [id, { seenAt }] of waiters) if (now - seenAt > rules.staleMs) waiters.delete(id);
  };

  const level = ({ account, cpuMsPer10s }: Share, now: number): number => {
    if (cpuMsPer10s === null) return Infinity;
    const bucket = buckets.get(account) ?? { level: cpuMsPer10s, readAt: now };
    const refill = (Math.max(0, now - bucket.readAt) * cpuMsPer10s) / CPU_WINDOW_MS;
    const current = Math.min(cpuMsPer10s, bucket.level + refill);
    buckets.set(account, { level: current, readAt: now });
    return current;
  };
  const forgetIdle = (now: number): void => {
    if (buckets.size <= MAX_BUCKETS && lastEntered.size <= MAX_BUCKETS) return;
    const busy = new Set(claims().map(({ share }) => share.account));
    for (const [account, { readAt }] of buckets) {
      if (!busy.has(account) && now - readAt >= CPU_WINDOW_MS) buckets.delete(account);
    }
    for (const account of lastEntered.keys()) if (!busy.has(account)) lastEntered.delete(account);
  };

  /** Whether this claim may run as far as its own account's CPU goes: over it, only while nobody else is there. */
  const affordable = ({ share }: Claim, now: number): boolean =>
    level(share, now) > 0 || claims().every((other) => other.share.account === share.account);

  const runningOf = (account: string): number =>
    [...holders.values()].filter(({ claim }) => claim.share.account === account).length;
  const fits = ({ bytes, share }: Claim): boolean =>
    holders.size < rules.maxRuns &&
    runningOf(share.account) < rules.maxRunsPerAccount &&
    bytesHeld() + bytes <= rules.maxBytes;

  /** Whose turn it is: of the accounts that may run now the one that entered longest ago, and of its waiters the first. */
  const nextWaiter = (now: number): number | undefined => {
    let best: { readonly id: number; readonly rank: number } | undefined;
    const seen = new Set<string>();
    for (const [id, { claim }] of waiters) {
      const { account } = claim.share;
      if (seen.has(account)) continue;
      seen.add(account);
      const rank = lastEntered.get(account) ?? 0;
      if ((best === undefined || rank < best.rank) && fits(claim) && affordable(claim, now))
        best = { id, rank };
    }
    return best?.id;
  };

  const enter = (id: number, claim: Claim, now: number): Decision => {
    waiters.delete(id);
    holders.set(id, { claim, bytes: claim.bytes, until: now + claim.leaseMs });
    entered += 1;
    lastEntered.set(claim.share.account, entered);
    return { kind: "enter" };
  };

  const ask = (id: number, now: number): Decision => {
    clean(now);
    const waiter = waiters.get(id);
    // A waiter that was late is not in the queue any more.
    if (waiter === undefined) return refuse("full", 1);
    waiter.seenAt = now;
    if (nextWaiter(now) === id) return enter(id, waiter.claim, now);
    if (now - waiter.arrivedAt < rules.maxWaitMs) return { kind: "wait" };
    waiters.delete(id);
    if (!affordable(waiter.claim, now)) return refuse("share", 1);
    return refuse("full", 1 + Math.min(2, Math.floor(waiters.size / rules.maxRuns)));
  };

  return {
    arrive: (id, claim, now) => {
      clean(now);
      forgetIdle(now);
      const { account, unit, runsPerAccount, runsPerUnit } = claim.share;
      const own = claims().filter(({ share }) => share.account === account);
      const ownUnit = own.filter(({ share }) => share.unit === unit);
      if (own.length >= runsPerAccount || ownUnit.length >= runsPerUnit) return refuse("share", 1);
      if (waiters.size >= rules.maxWaiting) return refuse("full", 3);
      waiters.set(id, { claim, arrivedAt: now, seenAt: now });
      return ask(id, now);
    },
    ask,
    grow: (id, bytes) => {
      const holder = holders.get(id);
      if (holder === undefined || bytesHeld() + bytes > rules.maxBytes) return false;
      holder.bytes += bytes;
      return true;
    },
    leave: (id, cpuMs, now) => {
      const claim = holders.get(id)?.claim ?? waiters.get(id)?.claim;
      holders.delete(id);
      waiters.delete(id);
      if (claim === undefined || claim.share.cpuMsPer10s === null) return;
      const left = level(claim.share, now) - cpuMs;
      buckets.set(claim.share.account, { level: left, readAt: now });
    },
    counts: () => ({ running: holders.size, waiting: waiters.size, bytes: bytesHeld() }),
  };
};
