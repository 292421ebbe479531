import { newId } from "../../lib/id.ts";
import type { Notifier } from "../notifier.ts";
import type { Notice } from "../notice.ts";
import { isSameTarget, type Notifications } from "../settings.ts";
import { addNotice, dueDeliveries, nextDeliveryAt, noteAttempt, withdraw } from "./deliveries.ts";
import { type PendingRow, readPending, writePending } from "./pending.ts";
import { hasNoticeTables } from "./tables.ts";
import { dueAt, type Pending } from "./window.ts";

/** The Durable Object that a ledger lies in. */
export interface LedgerStorage {
  readonly sql: SqlStorage;
  readonly transact: (work: () => void) => void;
  readonly now: () => number;
}

/** When something is to be done next; `null`: nothing is. */
export const nextNoticeAt = (sql: SqlStorage): number | null => {
  if (!hasNoticeTables(sql)) return null;
  const times = [readPending(sql)?.dueAt ?? null, nextDeliveryAt(sql)].filter((time) => time !== null);
  return times.length === 0 ? null : Math.min(...times);
};

const noticeOf = (pending: Pending, { on }: Notifications, now: number): Notice | null => {
  const { count, failures, firstAt, lastAt, exchanges, hops } = pending;
  // Asked for every hit when they were counted, and for failures now.
  const told = on === "hits" ? count : failures;
  if (told === 0) return null;
  return { id: newId("ntc", now), madeAt: now, on, count: told, failures, firstAt, lastAt, exchanges, hops };
};

/** Makes a notice of what is pending, when its time has come: by the settings of now, not those of then. */
const close = (sql: SqlStorage, row: PendingRow, settings: Notifications | null, now: number): void => {
  const { pending, lastNoticeAt } = row;
  if (pending === null) return;
  if (settings === null) return writePending(sql, { ...row, dueAt: null, pending: null });
  const due = dueAt(pending, lastNoticeAt, settings.every);
  if (due > now) return writePending(sql, { ...row, dueAt: due });
  const notice = noticeOf(pending, settings, now);
  if (notice !== null) addNotice(sql, notice, settings.to);
  writePending(sql, {
    ...row,
    lastNoticeAt: notice === null ? lastNoticeAt : now,
    dueAt: null,
    pending: null,
  });
};

/**
 * All that is due: closes the window, then tries what is to be delivered, all targets at once. Each step is written
 * before the next is taken, so that after a crash a notice goes out again under the same id, and never under another. Rejects
 * when nobody can say whom to tell: then nothing has changed.
 */
export const tendNotices = async (
  { sql, transact, now }: LedgerStorage,
  notifier: Notifier,
): Promise<void> => {
  const row = hasNoticeTables(sql) ? readPending(sql) : undefined;
  if (row === undefined) return;
  const found = await notifier.subscriptionOf(row.responderId);
  const settings = found?.notifications ?? null;
  transact(() => {
    // Read again: others have been counted meanwhile.
    const current = readPending(sql);
    if (current?.dueAt !== undefined && current.dueAt !== null && current.dueAt <= now()) {
      close(sql, current, settings, now());
    }
  });
  await Promise.all(
    dueDeliveries(sql, now()).map(async ({ place, notice, target }) => {
      const isWanted = settings?.to.some((each) => isSameTarget(each, target)) === true;
      if (found === null || !isWanted) return transact(() => withdraw(sql, place));
      const attempt = await notifier.deliver(found.subscription, notice, target);
      // Deleted meanwhile, with its responder.
      if (hasNoticeTables(sql)) transact(() => noteAttempt(sql, place, attempt, now()));
    }),
  );
};
