import type { Share } from "./limits.ts";

/** What one isolate may hold at once (docs/adr/0007-shares-of-one-machine.md). */
export interface BudgetRules {
  /** Instances, images, kept blocks and captured bodies together. */
  readonly maxBytes: number;
  /** Must be free for a run to begin: room for the blocks of the one that it may displace. */
  readonly headroomBytes: number;
  /** What one account may hold of what instances and images leave: while another waits, and else. */
  readonly contestedShare: number;
  readonly aloneShare: number;
  /** Runs of one account, asleep or not, while another waits. */
  readonly contestedRuns: number;
  readonly maxRuns: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** A waiter that has not asked for so long is gone: its request died, and nobody will take its place. */
  readonly staleMs: number;
}

export const ISOLATE_RULES: BudgetRules = {
  maxBytes: 96_000_000,
  headroomBytes: 2_000_000,
  contestedShare: 0.25,
  aloneShare: 0.75,
  contestedRuns: 32,
  maxRuns: 4_000,
  maxWaiting: 256,
  maxWaitMs: 3_000,
  staleMs: 1_000,
};

/** What the isolate holds that is no run's: instances and images. */
export interface BudgetDeps {
  readonly heldByAll: () => number;
  /** Gives up what can be made again. */
  readonly makeRoom: () => void;
}

/** Who asks for a place. `leaseMs`: how long the run can last; after it the place is free, whatever became of the run. */
export interface Claim {
  readonly share: Share;
  /** Captured bodies that the run comes with. */
  readonly bytes: number;
  readonly leaseMs: number;
}

export type Decision =
  | { readonly kind: "enter" }
  | { readonly kind: "wait" }
  | { readonly kind: "refuse"; readonly reason: "share" | "full"; readonly retryAfterSeconds: number };

interface Waiter {
  readonly claim: Claim;
  readonly arrivedAt: number;
  seenAt: number;
}

interface Holder {
  readonly claim: Claim;
  readonly until: number;
  captured: number;
  kept: number;
}

/** What is known of an account while it has runs, waiters or a bucket that is not full. */
interface Account {
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

/** Decisions only: no timers, no promises. Every call is given the time, in ms, and ids are the caller's own. */
export interface Budget {
  /** The first word on a run: enter, wait, or go away. */
  readonly arrive: (id: number, claim: Claim, now: number) => Decision;
  /** A waiter asks again; it has to, more often than every `staleMs`. */
  readonly ask: (id: number, now: number) => Decision;
  /** The run's kept blocks are so many bytes from now on; `false`, and nothing changes, when there is no room for them. */
  readonly keep: (id: number, bytes: number) => boolean;
  /** The run has captured so many bytes more. */
  readonly capture: (id: number, bytes: number) => boolean;
  /** Whether instances may take so many bytes more. */
  readonly hasRoom: (bytes: number) => boolean;
  /** The run is over and has used so much CPU; a waiter may leave too. */
  readonly leave: (id: number, cpuMs: number, now: number) => void;
  readonly counts: () => BudgetCounts;
}

export interface BudgetCounts {
  readonly running: number;
  readonly waiting: number;
  readonly keptBytes: number;
  readonly capturedBytes: number;
}

const CPU_WINDOW_MS = 10_000;
/** How often expired places and idle accounts are looked for. */
const CLEAN_EVERY_MS = 1_000;

const refuse = (reason: "share" | "full", retryAfterSeconds: number): Decision => ({
  kind: "refuse",
  reason,
  retryAfterSeconds,
});

const add = (counts: Map<string, number>, key: string, by: number): void => {
  const count = (counts.get(key) ?? 0) + by;
  if (count === 0) counts.delete(key);
  else counts.set(key, count);
};

export const createBudget = (rules: BudgetRules, deps: BudgetDeps): Budget => {
  const holders = new Map<number, Holder>();
  /** In order of arrival; the fair order between accounts is made from it. */
  const waiters = new Map<number, Waiter>();
  const accounts = new Map<string, Account>();
  let entered = 0;
  let captured = 0;
  let kept = 0;
  let cleanedAt = 0;

  const accountOf = ({ account, cpuMsPer10s }: Share, now: number): Account => {
    const found = accounts.get(account);
    if (found !== undefined) return found;
    const units = new Map<string, number>();
    const level = cpuMsPer10s ?? 0;
    const made = { running: 0, waiting: 0, bytes: 0, units, level, levelAt: now, entered: 0 };
    accounts.set(account, made);
    return made;
  };
  const known = ({ share }: Claim): Account | undefined => accounts.get(share.account);

  const removeWaiter = (id: number): void => {
    const waiter = waiters.get(id);
    const account = waiter && known(waiter.claim);
    if (waiter === undefined || account === undefined) return;
    waiters.delete(id);
    account.waiting -= 1;
    add(account.units, waiter.claim.share.unit, -1);
  };
  const removeHolder = (id: number): void => {
    const holder = holders.get(id);
    const account = holder && known(holder.claim);
    if (holder === undefined || account === undefined) return;
    holders.delete(id);
    account.running -= 1;
    account.bytes -= holder.captured + holder.kept;
    add(account.units, holder.claim.share.unit, -1);
    captured -= holder.captured;
    kept -= holder.kept;
  };
  const clean = (now: number): void => {
    for (const [id, { seenAt }] of waiters) if (now - seenAt > rules.staleMs) removeWaiter(id);
    if (now - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = now;
    for (const [id, { until }] of holders) if (until <= now) removeHolder(id);
    for (const [name, { running, waiting, levelAt }] of accounts) {
      if (running === 0 && waiting === 0 && now - levelAt >= CPU_WINDOW_MS) accounts.delete(name);
    }
  };

  const refill = (account: Account, perWindow: number, now: number): number => {
    const more = (Math.max(0, now - account.levelAt) * perWindow) / CPU_WINDOW_MS;
    account.level = Math.min(perWindow, account.level + more);
    account.levelAt = now;
    return account.level;
  };
  const isAlone = (account: Account): boolean =>
    account.running === holders.size && account.waiting === waiters.size;
  /** Whether this claim may run as far as its own account's CPU goes: over it, only while nobody else is there. */
  const affordable = ({ share }: Claim, account: Account, now: number): boolean =>
    share.cpuMsPer10s === null || refill(account, share.cpuMsPer10s, now) > 0 || isAlone(account);

  const free = (): number => rules.maxBytes - deps.heldByAll() - captured - kept;
  const hasRoom = (bytes: number): boolean => {
    if (bytes <= free()) return true;
    deps.makeRoom();
    return bytes <= free();
  };
  const isContested = (account: Account): boolean => waiters.size > account.waiting;
  const withinShare = (account: Account, bytes: number): boolean => {
    const share = isContested(account) ? rules.contestedShare : rules.aloneShare;
    return account.bytes + bytes <= share * (rules.maxBytes - deps.heldByAll());
  };
  const fits = ({ bytes }: Claim, account: Account): boolean =>
    holders.size < rules.maxRuns &&
    (!isContested(account) || account.running < rules.contestedRuns) &&
    (bytes === 0 || withinShare(account, bytes)) &&
    hasRoom(bytes + rules.headroomBytes);

  /** Whose turn it is: of the accounts that may run now the one that entered longest ago, and of its waiters the first. */
  const nextWaiter = (now: number): number | undefined => {
    let best: { readonly id: number; readonly rank: number } | undefined;
    const seen = new Set<Account>();
    for (const [id, { claim }] of waiters) {
      const account = known(claim);
      if (account === undefined || seen.has(account)) continue;
      seen.add(account);
      const rank = account.entered;
      if ((best === undefined || rank < best.rank) && fits(claim, account) && affordable(claim, account, now))
        best = { id, rank };
    }
    return best?.id;
  };

  const enter = (id: number, claim: Claim, now: number): Decision => {
    removeWaiter(id);
    const account = accountOf(claim.share, now);
    holders.set(id, { claim, captured: claim.bytes, kept: 0, until: now + claim.leaseMs });
    captured += claim.bytes;
    account.bytes += claim.bytes;
    account.running += 1;
    add(account.units, claim.share.unit, 1);
    entered += 1;
    account.entered = entered;
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
    const account = accountOf(waiter.claim.share, now);
    const spent = !affordable(waiter.claim, account, now);
    removeWaiter(id);
    return spent ? refuse("share", 1) : refuse("full", 1 + Math.min(2, Math.floor(waiters.size / 8)));
  };

  return {
    arrive: (id, claim, now) => {
      clean(now);
      const { unit, runsPerAccount, runsPerUnit } = claim.share;
      const account = accountOf(claim.share, now);
      const ownUnit = account.units.get(unit) ?? 0;
      if (account.running + account.waiting >= runsPerAccount || ownUnit >= runsPerUnit)
        return refuse("share", 1);
      if (waiters.size >= rules.maxWaiting) return refuse("full", 3);
      waiters.set(id, { claim, arrivedAt: now, seenAt: now });
      account.waiting += 1;
      add(account.units, unit, 1);
      return ask(id, now);
    },
    ask,
    keep: (id, bytes) => {
      const holder = holders.get(id);
      const account = holder && known(holder.claim);
      if (holder === undefined || account === undefined) return false;
      const more = bytes - holder.kept;
      if (more > 0 && !(withinShare(account, more) && hasRoom(more))) return false;
      holder.kept = bytes;
      account.bytes += more;
      kept += more;
      return true;
    },
    capture: (id, bytes) => {
      const holder = holders.get(id);
      const account = holder && known(holder.claim);
      if (holder === undefined || account === undefined || !hasRoom(bytes)) return false;
      holder.captured += bytes;
      account.bytes += bytes;
      captured += bytes;
      return true;
    },
    hasRoom,
    leave: (id, cpuMs, now) => {
      const claim = holders.get(id)?.claim ?? waiters.get(id)?.claim;
      removeHolder(id);
      removeWaiter(id);
      if (claim === undefined || claim.share.cpuMsPer10s === null) return;
      const account = accountOf(claim.share, now);
      refill(account, claim.share.cpuMsPer10s, now);
      account.level -= cpuMs;
    },
    counts: () => ({
      running: holders.size,
      waiting: waiters.size,
      keptBytes: kept,
      capturedBytes: captured,
    }),
  };
};
