import type { Notifications, Subscription } from "../../notifications/index.ts";
import type { Db } from "../../storage/index.ts";
import { parseJson } from "../read.ts";
import { readNotifications } from "./read-notifications.ts";
import { findNotified } from "./store.ts";

/** Whom a responder's hits are told to, and of what. */
export interface Notified {
  readonly subscription: Subscription;
  readonly notifications: Notifications | null;
}

/** As it is defined now, for work that nobody asked for; `null`: it is gone, or its account suspended or deleted. */
export const readNotified = async (db: Db, id: string): Promise<Notified | null> => {
  const row = await findNotified(db, id);
  if (row === undefined || row.suspended || row.deletedAt !== null) return null;
  const { accountId, name } = row;
  const notifications = readNotifications(parseJson(row.notifications ?? "null")) ?? null;
  return { subscription: { accountId, responder: { id, name } }, notifications };
};
