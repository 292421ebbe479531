import { type Account, countUnit, CPU_WINDOW_MS, newAccount, refill } from "./account-books.ts";
import type { BudgetDeps, BudgetRules, Claim, Decision } from "./budget-rules.ts";
import type { Share } from "./limits.ts";

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

interface Reservation {
  readonly account: Account;
  readonly until: number;
  bytes: number;
}

/** Decisions only: no timers, no promises. Every call is given the time, in ms, and ids are the caller's own. */
export interface Budget {
  /** The first word on a run: enter, wait, or go away. */
  readonly arrive: (id: number, claim: Claim, now: number) => Decision;
  /** A waiter asks again; it has to, more often than every `staleMs`. */
  readonly ask: (id: number, now: number) => Decision;
  /** The run's kept blocks are so many bytes from now on; `false`, and nothing changes, when there is no room for them. */
  readonly keep: (id: number, bytes: number) => boolean;
  /** The run has captured so many bytes more, or fewer. */
  readonly capture: (id: number, bytes: number) => boolean;
  /** Captured bytes that are no run's yet, such as a request's body: `false`, and nothing changes, without room for them. */
  readonly reserve: (id: number, share: Share, bytes: number, now: number) => boolean;
  /** All that was reserved under this id is free. */
  readonly release: (id: number) => void;
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

/** How often expired places and idle accounts are looked for. */
const CLEAN_EVERY_MS = 1_000;

/** Longer than a body may take to arrive and a run to end: then whoever reserved is gone. */
const RESERVED_FOR_MS = 180_000;

const refuse = (reason: "share" | "full", retryAfterSeconds: number): Decision => ({
  kind: "refuse",
  reason,
  retryAfterSeconds,
});

export const createBudget = (rules: BudgetRules, deps: BudgetDeps): Budget => {
  const holders = new Map<number, Holder>();
  /** In order of arrival; the fair order between accounts is made from it. */
  const waiters = new Map<number, Waiter>();
  const accounts = new Map<string, Account>();
  const reservations = new Map<number, Reservation>();
  let entered = 0;
  let captured = 0;
  let kept = 0;
  let cleanedAt = 0;

  const accountOf = ({ account, cpuMsPer10s }: Share, now: number): Account => {
    const found = accounts.get(account);
    if (found !== undefined) return found;
    const made = newAccount(cpuMsPer10s, now);
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
    countUnit(account, waiter.claim.share.unit, -1);
  };
  const removeHolder = (id: number): void => {
    const holder = holders.get(id);
    const account = holder && known(holder.claim);
    if (holder === undefined || account === undefined) return;
    holders.delete(id);
    account.running -= 1;
    account.bytes -= holder.captured + holder.kept;
    countUnit(account, holder.claim.share.unit, -1);
    captured -= holder.captured;
    kept -= holder.kept;
  };
  const release = (id: number): void => {
    const reservation = reservations.get(id);
    if (reservation === undefined) return;
    reservations.delete(id);
    reservation.account.bytes -= reservation.bytes;
    captured -= reservation.bytes;
  };
  const clean = (now: number): void => {
    for (const [id, { seenAt }] of waiters) if (now - seenAt > rules.staleMs) removeWaiter(id);
    if (now - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = now;
    for (const [id, { until }] of holders) if (until <= now) removeHolder(id);
    for (const [id, { until }] of reservations) if (until <= now) release(id);
    for (const [name, { running, waiting, bytes, levelAt }] of accounts) {
      if (running === 0 && waiting === 0 && bytes === 0 && now - levelAt >= CPU_WINDOW_MS)
        accounts.delete(name);
    }
  };

  const isAlone = (account: Account): boolean =>
    account.running === holders.size && account.waiting === waiters.size;
  /** Whether this claim may run as far as its own account's CPU goes: over it, only while nobody else is there. */
  const affordable = ({ share }: Claim, account: Account, now: number): boolean =>
    share.cpuMsPer10s === null || refill(account, share.cpuMsPer10s, now) > 0 || isAlone(account);

  const free = (): number => rules.maxBytes - deps.heldByAll() - deps.spare() - captured - kept;
  const hasRoom = (bytes: number): boolean => {
    if (bytes <= free()) return true;
    deps.dropSpare();
    return bytes <= free();
  };
  const isContested = (account: Account): boolean => waiters.size > account.waiting;
  const withinShare = (account: Account, bytes: number): boolean => {
    const share = isContested(account) ? rules.contestedShare : rules.aloneShare;
    return account.bytes + bytes <= share * (rules.maxBytes - deps.heldByAll());
  };
  const fits = (account: Account): boolean =>
    holders.size < rules.maxRuns &&
    (!isContested(account) || account.running < rules.contestedRuns) &&
    withinShare(account, 0) &&
    hasRoom(rules.headroomBytes);

  /** Whose turn it is: of the accounts that may run now the one that entered longest ago, and of its waiters the first. */
  const nextWaiter = (now: number): number | undefined => {
    let best: { readonly id: number; readonly rank: number } | undefined;
    const seen = new Set<Account>();
    for (const [id, { claim }] of waiters) {
      const account = known(claim);
      if (account === undefined || seen.has(account)) continue;
      seen.add(account);
      const rank = account.entered;
      if ((best === undefined || rank < best.rank) && fits(account) && affordable(claim, account, now))
        best = { id, rank };
    }
    return best?.id;
  };

  const enter = (id: number, claim: Claim, now: number): Decision => {
    removeWaiter(id);
    const account = accountOf(claim.share, now);
    holders.set(id, { claim, captured: 0, kept: 0, until: now + claim.leaseMs });
    account.running += 1;
    countUnit(account, claim.share.unit, 1);
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
      countUnit(account, unit, 1);
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
      if (holder === undefined || account === undefined) return bytes <= 0;
      if (bytes > 0 && !(withinShare(account, bytes) && hasRoom(bytes))) return false;
      holder.captured += bytes;
      account.bytes += bytes;
      captured += bytes;
      return true;
    },
    reserve: (id, share, bytes, now) => {
      clean(now);
      const account = accountOf(share, now);
      if (!(withinShare(account, bytes) && hasRoom(bytes))) return false;
      const reservation = reservations.get(id) ?? { account, until: now + RESERVED_FOR_MS, bytes: 0 };
      reservations.set(id, reservation);
      reservation.bytes += bytes;
      account.bytes += bytes;
      captured += bytes;
      return true;
    },
    release,
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
