/** Notifications: somebody is told of a responder's hits or failures, at most once in a window. */
export type { EmailAddress } from "./addresses/manage.ts";
export type { Mail } from "./channels/email.ts";
export type { Letter, Posted } from "./channels/webhook.ts";
export { checkNotifications, type NotificationsInput, type TargetTerms } from "./check.ts";
export {
  createNotifications,
  type NotificationsDeps,
  type NotificationsNoun,
  type NotificationsView,
} from "./create-notifications.ts";
export { listNotices } from "./ledger/list.ts";
export { countForNotice, type RuledHit } from "./ledger/pending.ts";
export { GATHER_MS, wantsToKnow } from "./ledger/window.ts";
export { nextNoticeAt, tendNotices } from "./ledger/tend.ts";
export type { Attempt, Delivery, Notice, NoticeSent, Subscription } from "./notice.ts";
export type { Notifier } from "./notifier.ts";
export {
  type Every,
  EVERY_MS,
  isEvery,
  isOccasion,
  type NoticeRule,
  type Notifications,
  type Occasion,
  OCCASIONS,
  type Target,
} from "./settings.ts";
