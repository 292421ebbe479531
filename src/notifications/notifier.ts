import { createEmailChannel, type EmailDeps } from "./channels/email.ts";
import { createWebhookChannel, type WebhookDeps } from "./channels/webhook.ts";
import type { Attempt, Notice, Subscription } from "./notice.ts";
import type { Notifications, Target } from "./settings.ts";

/** What a ledger needs of the world outside of its object. */
export interface Notifier {
  /** Who is to be told of a responder's hits as it is defined now; `null`: it is gone, or its account suspended. */
  readonly subscriptionOf: (responderId: string) => Promise<{
    readonly subscription: Subscription;
    readonly notifications: Notifications | null;
  } | null>;
  /** One try. Never rejects. */
  readonly deliver: (subscription: Subscription, notice: Notice, target: Target) => Promise<Attempt>;
}

export interface NotifierDeps extends WebhookDeps, EmailDeps {
  readonly subscriptionOf: Notifier["subscriptionOf"];
  readonly now: () => number;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

export const createNotifier = (deps: NotifierDeps): Notifier => {
  const { now, warn } = deps;
  const webhook = createWebhookChannel(deps);
  const email = createEmailChannel(deps);
  return {
    subscriptionOf: deps.subscriptionOf,
    deliver: async (subscription, notice, target) => {
      const at = now();
      const ended = (status: number | null, error: string | null): Attempt => ({
        at,
        status,
        error,
        durationMs: Math.max(0, now() - at),
      });
      try {
        const { status, error } =
          target.kind === "webhook"
            ? await webhook(subscription, notice, target)
            : await email(subscription, notice, target);
        return ended(status, error);
      } catch (cause) {
        const { id } = subscription.responder;
        warn("a notification could not be sent", {
          responderId: id,
          notice: notice.id,
          cause: String(cause),
        });
        return ended(null, "internal");
      }
    },
  };
};
