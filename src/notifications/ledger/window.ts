import { EVERY_MS, type NoticeRule } from "../settings.ts";

/** A hit as it is counted. */
export interface CountedHit {
  readonly id: string;
  /** When it arrived. */
  readonly at: number;
  readonly failed: boolean;
  /** Whether the journal has it. */
  readonly kept: boolean;
  readonly hops: number;
}

/** What came since the last notice. */
export interface Pending {
  /** When the first of it was counted. */
  readonly openedAt: number;
  readonly count: number;
  readonly failures: number;
  readonly firstAt: number;
  readonly lastAt: number;
  readonly exchanges: readonly string[];
  readonly hops: number;
}

/** What comes together is told together: the first notice waits this long. */
export const GATHER_MS = 10_000;
const MOST_EXCHANGES = 5;

/** Whether a hit is one to tell of. */
export const wantsToKnow = ({ on }: NoticeRule, failed: boolean): boolean => on === "hits" || failed;

export const addHit = (pending: Pending | null, hit: CountedHit, now: number): Pending => {
  const before = pending ?? {
    openedAt: now,
    count: 0,
    failures: 0,
    firstAt: hit.at,
    lastAt: hit.at,
    exchanges: [],
    hops: hit.hops,
  };
  return {
    openedAt: before.openedAt,
    count: before.count + 1,
    failures: before.failures + (hit.failed ? 1 : 0),
    firstAt: Math.min(before.firstAt, hit.at),
    lastAt: Math.max(before.lastAt, hit.at),
    exchanges: hit.kept ? [...before.exchanges, hit.id].slice(-MOST_EXCHANGES) : before.exchanges,
    hops: Math.min(before.hops, hit.hops),
  };
};

/**
 * The first after a quiet time goes out at once, but for the moment in which others may come; from then on one a window,
 * with what came meanwhile. `lastNoticeAt` is `null` before the first.
 */
export const dueAt = (
  { openedAt }: Pick<Pending, "openedAt">,
  lastNoticeAt: number | null,
  every: NoticeRule["every"],
): number => Math.max(openedAt + GATHER_MS, lastNoticeAt === null ? 0 : lastNoticeAt + EVERY_MS[every]);
