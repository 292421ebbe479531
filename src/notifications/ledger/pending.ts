import type { NoticeRule } from "../settings.ts";
import { createNoticeTables, hasNoticeTables, idsOf, textOfIds } from "./tables.ts";
import { addHit, type CountedHit, dueAt, type Pending } from "./window.ts";

/** The one row of what is not told yet. */
export interface PendingRow {
  readonly responderId: string;
  readonly lastNoticeAt: number | null;
  /** When it is to be told; `null` when there is nothing. */
  readonly dueAt: number | null;
  readonly pending: Pending | null;
}

type Columns = {
  readonly responder: string;
  readonly last_notice_at: number | null;
  readonly due_at: number | null;
  readonly opened_at: number | null;
  readonly count: number;
  readonly failures: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly exchanges: string;
  readonly hops: number;
};

export const readPending = (sql: SqlStorage): PendingRow | undefined => {
  const [row] = sql.exec<Columns>("SELECT * FROM notice_pending").toArray();
  if (row === undefined) return undefined;
  const { opened_at: openedAt, count, failures, hops } = row;
  const counted = { count, failures, hops, firstAt: row.first_at, lastAt: row.last_at };
  return {
    responderId: row.responder,
    lastNoticeAt: row.last_notice_at,
    dueAt: row.due_at,
    pending: openedAt === null ? null : { openedAt, ...counted, exchanges: idsOf(row.exchanges) },
  };
};

export const writePending = (sql: SqlStorage, row: PendingRow): void => {
  const { pending } = row;
  sql.exec(
    "INSERT OR REPLACE INTO notice_pending VALUES (1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
    row.responderId,
    row.lastNoticeAt,
    row.dueAt,
    pending?.openedAt ?? null,
    pending?.count ?? 0,
    pending?.failures ?? 0,
    pending?.firstAt ?? 0,
    pending?.lastAt ?? 0,
    textOfIds(pending?.exchanges ?? []),
    pending?.hops ?? 0,
  );
};

/** A hit, and the rule of its responder as the hit's route had it. */
export type RuledHit = CountedHit & { readonly responderId: string; readonly rule: NoticeRule };

/** Part of the caller's transaction; of hits that somebody wants to know of. When they are told, the last of them says. */
export const countForNotice = (sql: SqlStorage, hits: readonly RuledHit[], now: number): void => {
  const last = hits.at(-1);
  if (last === undefined) return;
  if (!hasNoticeTables(sql)) createNoticeTables(sql);
  const before = readPending(sql);
  const lastNoticeAt = before?.lastNoticeAt ?? null;
  const first = before?.pending ?? null;
  const pending = hits.reduce<Pending | null>((sum, hit) => addHit(sum, hit, now), first);
  if (pending === null) return;
  const due = dueAt(pending, lastNoticeAt, last.rule.every);
  writePending(sql, { responderId: last.responderId, lastNoticeAt, dueAt: due, pending });
};
