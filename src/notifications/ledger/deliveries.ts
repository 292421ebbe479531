import type { Attempt, DeliveryState, Notice } from "../notice.ts";
import { isOccasion, placeOf, type Target, targetOf } from "../settings.ts";
import { nextTryAt } from "./backoff.ts";
import { idsOf, textOfIds } from "./tables.ts";

/** Longer than any is tried (some five hours), at one every five minutes. */
const KEPT_NOTICES = 100;
/** Tried in one go: all targets of several notices. */
const AT_ONCE = 20;

export type NoticeColumns = {
  readonly id: string;
  readonly made_at: number;
  readonly occasion: string;
  readonly count: number;
  readonly failures: number;
  readonly first_at: number;
  readonly last_at: number;
  readonly exchanges: string;
  readonly hops: number;
};

export const noticeOf = (row: NoticeColumns): Notice => ({
  id: row.id,
  madeAt: row.made_at,
  on: isOccasion(row.occasion) ? row.occasion : "hits",
  count: row.count,
  failures: row.failures,
  firstAt: row.first_at,
  lastAt: row.last_at,
  exchanges: idsOf(row.exchanges),
  hops: row.hops,
});

export const kindOf = (text: string): Target["kind"] => (text === "email" ? "email" : "webhook");

/** Part of the caller's transaction: from here on it is sent at least once to each. */
export const addNotice = (sql: SqlStorage, notice: Notice, to: readonly Target[]): void => {
  sql.exec(
    `INSERT INTO notices (id, made_at, occasion, count, failures, first_at, last_at, exchanges, hops)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    notice.id,
    notice.madeAt,
    notice.on,
    notice.count,
    notice.failures,
    notice.firstAt,
    notice.lastAt,
    textOfIds(notice.exchanges),
    notice.hops,
  );
  for (const target of to) {
    sql.exec(
      "INSERT INTO notice_deliveries (notice, kind, target, state, next_at) VALUES (?, ?, ?, 'pending', ?)",
      notice.id,
      target.kind,
      placeOf(target),
      notice.madeAt,
    );
  }
  const kept = "SELECT id FROM notices ORDER BY place DESC LIMIT ?";
  sql.exec(
    `DELETE FROM notice_attempts WHERE delivery IN (SELECT place FROM notice_deliveries WHERE notice NOT IN (${kept}))`,
    KEPT_NOTICES,
  );
  sql.exec(`DELETE FROM notice_deliveries WHERE notice NOT IN (${kept})`, KEPT_NOTICES);
  sql.exec(`DELETE FROM notices WHERE id NOT IN (${kept})`, KEPT_NOTICES);
};

/** A delivery whose time has come. */
export interface DueDelivery {
  readonly place: number;
  readonly notice: Notice;
  readonly target: Target;
}

export const dueDeliveries = (sql: SqlStorage, now: number): readonly DueDelivery[] =>
  sql
    .exec<NoticeColumns & { readonly delivery: number; readonly kind: string; readonly target: string }>(
      `SELECT deliveries.place AS delivery, deliveries.kind, deliveries.target, notices.*
        FROM notice_deliveries AS deliveries JOIN notices ON notices.id = deliveries.notice
        WHERE deliveries.next_at <= ? ORDER BY deliveries.next_at, deliveries.place LIMIT ?`,
      now,
      AT_ONCE,
    )
    .toArray()
    .map((row) => ({
      place: row.delivery,
      notice: noticeOf(row),
      target: targetOf(kindOf(row.kind), row.target),
    }));

export const nextDeliveryAt = (sql: SqlStorage): number | null =>
  sql.exec<{ readonly next: number | null }>("SELECT min(next_at) AS next FROM notice_deliveries").one().next;

const setState = (sql: SqlStorage, place: number, state: DeliveryState, nextAt: number | null): void => {
  sql.exec("UPDATE notice_deliveries SET state = ?, next_at = ? WHERE place = ?", state, nextAt, place);
};

/** Part of the caller's transaction. */
export const noteAttempt = (sql: SqlStorage, place: number, attempt: Attempt, now: number): void => {
  const { at, status, error, durationMs } = attempt;
  sql.exec("INSERT INTO notice_attempts VALUES (?, ?, ?, ?, ?)", place, at, status, error, durationMs);
  if (error === null) return setState(sql, place, "delivered", null);
  const { tries } = sql
    .exec<{ readonly tries: number }>(
      "SELECT count(*) AS tries FROM notice_attempts WHERE delivery = ?",
      place,
    )
    .one();
  const next = nextTryAt(tries, now);
  setState(sql, place, next === null ? "failed" : "pending", next);
};

export const withdraw = (sql: SqlStorage, place: number): void => setState(sql, place, "withdrawn", null);
