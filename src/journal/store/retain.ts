import type { KeepRules } from "../journal-log.ts";
import { numberOf, type Row, textOf } from "./tables.ts";

/** What is kept. */
export interface Counts {
  /** Without pins, and those of them that failed. */
  readonly kept: number;
  readonly failed: number;
  readonly pinned: number;
  /** Of all, and of the pinned ones alone. */
  readonly bytes: number;
  readonly pinnedBytes: number;
}

export const NOTHING_KEPT: Counts = { kept: 0, failed: 0, pinned: 0, bytes: 0, pinnedBytes: 0 };

/** From an index alone: it reads no exchange. */
export const readCounts = (sql: SqlStorage): Counts => {
  let counts = NOTHING_KEPT;
  for (const row of sql.exec(
    "SELECT pinned, failed, count(*) AS number, sum(bytes) AS bytes FROM exchanges GROUP BY pinned, failed",
  )) {
    const isPinned = row["pinned"] === 1;
    const number = numberOf(row, "number");
    const bytes = numberOf(row, "bytes");
    counts = {
      kept: counts.kept + (isPinned ? 0 : number),
      failed: counts.failed + (isPinned || row["failed"] === 0 ? 0 : number),
      pinned: counts.pinned + (isPinned ? number : 0),
      bytes: counts.bytes + bytes,
      pinnedBytes: counts.pinnedBytes + (isPinned ? bytes : 0),
    };
  }
  return counts;
};

interface Oldest {
  readonly place: number;
  readonly id: string;
  readonly failed: boolean;
  readonly bytes: number;
}

/** By arrival, of those that are not pinned. */
const oldestOf = (sql: SqlStorage, failed: boolean): Oldest | undefined => {
  const [row]: readonly Row[] = sql
    .exec(
      `SELECT place, id, bytes FROM exchanges WHERE pinned = 0 AND failed = ? ORDER BY arrival LIMIT 1`,
      failed ? 1 : 0,
    )
    .toArray();
  return (
    row && {
      place: numberOf(row, "place"),
      id: textOf(row, "id"),
      failed,
      bytes: numberOf(row, "bytes"),
    }
  );
};

const oldest = (sql: SqlStorage): Oldest | undefined => {
  const succeeded = oldestOf(sql, false);
  const failed = oldestOf(sql, true);
  if (succeeded === undefined || failed === undefined) return succeeded ?? failed;
  return failed.id < succeeded.id ? failed : succeeded;
};

const drop = (sql: SqlStorage, { place }: Pick<Oldest, "place">): void => {
  sql.exec("DELETE FROM search WHERE rowid = (SELECT arrival FROM exchanges WHERE place = ?)", place);
  sql.exec("DELETE FROM exchanges WHERE place = ?", place);
  sql.exec("DELETE FROM bodies WHERE place = ?", place);
};

/** One alone, pinned or not: what is counted is to be counted anew. */
export const removeExchange = (sql: SqlStorage, id: string): boolean => {
  const [row]: readonly Row[] = sql.exec("SELECT place FROM exchanges WHERE id = ?", id).toArray();
  if (row === undefined) return false;
  drop(sql, { place: numberOf(row, "place") });
  return true;
};

/** Failures are what people look for, and what a broken sender makes without end: they have a part of the room. */
const mostFailures = ({ keep }: KeepRules): number => Math.max(1, Math.floor(keep / 4));

/**
 * Drops the oldest until the rules hold: failures beyond their quarter first, then whatever is oldest. A pinned exchange
 * is never dropped, and the last one that is not pinned stays whatever its size: recording does not stop when it is full.
 */
export const retain = (sql: SqlStorage, before: Counts, rules: KeepRules): Counts => {
  let counts = before;
  const lose = (gone: Oldest | undefined): boolean => {
    if (gone === undefined) return false;
    drop(sql, gone);
    counts = {
      ...counts,
      kept: counts.kept - 1,
      failed: counts.failed - (gone.failed ? 1 : 0),
      bytes: counts.bytes - gone.bytes,
    };
    return true;
  };
  while (counts.failed > mostFailures(rules) && lose(oldestOf(sql, true)));
  while (counts.kept > rules.keep && lose(oldest(sql)));
  while (counts.bytes > rules.maxBytes && counts.kept > 1 && lose(oldest(sql)));
  return counts;
};
