import { DELIVERY_STATES, type Attempt, type Delivery, type NoticeSent } from "../notice.ts";
import { targetOf } from "../settings.ts";
import { kindOf, type NoticeColumns, noticeOf } from "./deliveries.ts";
import { hasNoticeTables } from "./tables.ts";

type DeliveryColumns = {
  readonly place: number;
  readonly kind: string;
  readonly target: string;
  readonly state: string;
  readonly next_at: number | null;
};

const attemptsOf = (sql: SqlStorage, place: number): readonly Attempt[] =>
  sql
    .exec<{
      readonly at: number;
      readonly status: number | null;
      readonly error: string | null;
      readonly duration_ms: number;
    }>("SELECT * FROM notice_attempts WHERE delivery = ? ORDER BY rowid", place)
    .toArray()
    .map(({ at, status, error, duration_ms: durationMs }) => ({ at, status, error, durationMs }));

const deliveryOf = (sql: SqlStorage, row: DeliveryColumns): Delivery => ({
  to: targetOf(kindOf(row.kind), row.target),
  state: DELIVERY_STATES.find((each) => each === row.state) ?? "failed",
  nextTryAt: row.next_at,
  attempts: attemptsOf(sql, row.place),
});

const sentOf = (sql: SqlStorage, row: NoticeColumns): NoticeSent => ({
  ...noticeOf(row),
  deliveries: sql
    .exec<DeliveryColumns>("SELECT * FROM notice_deliveries WHERE notice = ? ORDER BY place", row.id)
    .toArray()
    .map((delivery) => deliveryOf(sql, delivery)),
});

/** Newest first. */
export const listNotices = (sql: SqlStorage, most: number): readonly NoticeSent[] => {
  if (!hasNoticeTables(sql)) return [];
  return sql
    .exec<NoticeColumns>("SELECT * FROM notices ORDER BY place DESC LIMIT ?", most)
    .toArray()
    .map((row) => sentOf(sql, row));
};
