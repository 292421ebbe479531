import { z } from "@hono/zod-openapi";
import type { EmailAddress, NotificationsView, NoticeSent } from "../notifications/index.ts";
import { EVERY_MS, OCCASIONS } from "../notifications/index.ts";
import { shownTime, shownTimeOrNull, TimeShown } from "./fields.ts";

/*
 * Shapes only: which targets may be ones is the verbs' to check. `openapi()` tells readers of the document what they take.
 */
const TargetGiven = z
  .union(
    [
      z.strictObject({ kind: z.literal("webhook"), url: z.string() }),
      z.strictObject({ kind: z.literal("email"), address: z.string() }),
    ],
    {
      error:
        'Give a target as { "kind": "webhook", "url": "https://…" } or { "kind": "email", "address": "…" }.',
    },
  )
  .openapi("NotificationTarget", {
    description: "A webhook, signed by Standard Webhooks, or an e-mail to an address that was verified.",
  });

const onGiven = z.string().openapi({
  enum: [...OCCASIONS],
  description: "Every hit, or those that failed: what the journal's filter `outcome=failed` takes.",
});
const everyGiven = z.string().openapi({
  enum: Object.keys(EVERY_MS),
  description: "One notification at most in so long.",
});
const toGiven = z.array(TargetGiven).max(100).readonly().openapi({ minItems: 1, maxItems: 5 });

const DESCRIPTION =
  "Who is told of its hits, or of failures. The first comes within seconds, with all that came together; then at most one in " +
  "`every`, with what came meanwhile. `null` is none.";

export const NotificationsGiven = z
  .strictObject({ on: onGiven, every: everyGiven, to: toGiven })
  .openapi("NotificationsInput", {
    description: DESCRIPTION,
    example: { on: "failures", every: "15m", to: [{ kind: "webhook", url: "https://example.com/alerts" }] },
  });

/** As RFC 7396 has it: what is not named stays. */
export const NotificationsPatch = z
  .strictObject({ on: onGiven.optional(), every: everyGiven.optional(), to: toGiven.optional() })
  .openapi("NotificationsPatch", { description: `${DESCRIPTION} \`to\` is replaced whole.` });

export const NotificationsSettingsShown = z
  .object({
    on: z.enum(OCCASIONS),
    every: z.string(),
    to: z.array(TargetGiven).readonly(),
  })
  .openapi("NotificationsSettings");

const AttemptShown = z.object({
  at: TimeShown,
  status: z
    .int()
    .nullable()
    .openapi({ description: "What a webhook answered. Of its answer nothing else is read." }),
  error: z
    .string()
    .nullable()
    .openapi({
      description:
        "`null` when it was delivered. Else a class: `status` (not 2xx), `connect`, `timeout`, `refused.REASON` (by the rules of " +
        "what may be reached), `not-verified`, `rejected` (e-mail), `internal`, and the like.",
    }),
  durationMs: z.number(),
});

const DeliveryShown = z.object({
  to: TargetGiven,
  state: z.enum(["pending", "delivered", "failed", "withdrawn"]).openapi({
    description: "`withdrawn`: the responder did not name the target any more when it was to be tried.",
  }),
  nextTryAt: TimeShown.nullable(),
  attempts: z.array(AttemptShown).readonly(),
});

const NoticeShown = z
  .object({
    id: z.string().openapi({ description: "The `webhook-id`: the same at every try." }),
    at: TimeShown,
    on: z.enum(OCCASIONS),
    count: z.int(),
    failures: z.int(),
    firstAt: TimeShown,
    lastAt: TimeShown,
    exchanges: z.array(z.string()).readonly(),
    deliveries: z.array(DeliveryShown).readonly(),
  })
  .openapi("Notification");

export const NotificationsShown = z
  .object({
    items: z.array(NoticeShown).readonly(),
    secretMadeAt: TimeShown.nullable().openapi({
      description: "When the signing secret of its webhooks was made; `null` before there is one.",
    }),
  })
  .openapi("Notifications");

const showNotice = (notice: NoticeSent): z.input<typeof NoticeShown> => ({
  id: notice.id,
  at: shownTime(notice.madeAt),
  on: notice.on,
  count: notice.count,
  failures: notice.failures,
  firstAt: shownTime(notice.firstAt),
  lastAt: shownTime(notice.lastAt),
  exchanges: notice.exchanges,
  deliveries: notice.deliveries.map(({ to, state, nextTryAt, attempts }) => ({
    to,
    state,
    nextTryAt: shownTimeOrNull(nextTryAt),
    attempts: attempts.map((attempt) => Object.assign({}, attempt, { at: shownTime(attempt.at) })),
  })),
});

export const showNotifications = ({
  notices,
  secretMadeAt,
}: NotificationsView): z.input<typeof NotificationsShown> => ({
  items: notices.map(showNotice),
  secretMadeAt: shownTimeOrNull(secretMadeAt),
});

export const SecretOnce = z
  .object({
    secret: z
      .string()
      .openapi({ description: "Shown this once.", example: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" }),
  })
  .openapi("SigningSecret");

export const AddressGiven = z
  .strictObject({ address: z.string().max(1_000) })
  .openapi("EmailAddressInput", { example: { address: "ops@example.com" } });

export const CodeGiven = z
  .strictObject({ code: z.string().max(100) })
  .openapi("EmailCodeInput", { example: { code: "7K2M9QXD" } });

export const AddressShown = z
  .object({
    address: z.string(),
    verifiedAt: TimeShown.nullable().openapi({ description: "`null`: its code was not given back yet." }),
    createdAt: TimeShown,
  })
  .openapi("EmailAddress");

export const showAddress = ({
  address,
  verifiedAt,
  createdAt,
}: EmailAddress): z.input<typeof AddressShown> => ({
  address,
  verifiedAt: shownTimeOrNull(verifiedAt),
  createdAt: shownTime(createdAt),
});
