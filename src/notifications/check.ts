import type { FieldError } from "../lib/errors.ts";
import { normalAddress } from "./addresses/address.ts";
import {
  EVERY_MS,
  isEvery,
  isOccasion,
  isSameTarget,
  type Notifications,
  OCCASIONS,
  type Target,
} from "./settings.ts";

/** What a save may be given, of the right shape, its meaning unchecked. */
export interface NotificationsInput {
  readonly on?: string | undefined;
  readonly every?: string | undefined;
  readonly to?: readonly Target[] | undefined;
}

/** What decides whether a target may be one. */
export interface TargetTerms {
  /** Of the definition before: they were judged when they were saved, and do not keep another field from being changed. */
  readonly accepted: readonly Target[];
  /** Why a URL is none that may be reached; `undefined` when it may. */
  readonly refusalOfUrl: (url: string) => string | undefined;
  /** Whether there is a master key under which a signing secret can be kept. */
  readonly canSign: boolean;
  /** Whether this installation sends e-mail. */
  readonly canMail: boolean;
  /** The account's addresses that were verified. */
  readonly verified: ReadonlySet<string>;
}

const MOST_TARGETS = 5;
const MOST_URL = 2_048;

const faultOfWebhook = (url: string, { canSign, refusalOfUrl }: TargetTerms): string | undefined => {
  if (!canSign) {
    return "This installation has no MASTER_KEYS, under which the signing secret of webhooks would be kept: none can be sent.";
  }
  if (url.length > MOST_URL) return `A URL has at most ${MOST_URL} characters.`;
  return refusalOfUrl(url);
};

const faultOfEmail = (address: string, { canMail, verified }: TargetTerms): string | undefined => {
  if (!canMail)
    return "This installation sends no e-mail: its operator has configured no `send_email` binding.";
  if (normalAddress(address) === undefined) return "This is no e-mail address.";
  return verified.has(address)
    ? undefined
    : "This address is not verified: see POST /api/v1/notifications/addresses.";
};

const checkTarget = (target: Target, terms: TargetTerms): string | undefined => {
  if (terms.accepted.some((known) => isSameTarget(known, target))) return undefined;
  return target.kind === "webhook" ? faultOfWebhook(target.url, terms) : faultOfEmail(target.address, terms);
};

/** An address as it is compared and kept. */
const normal = (target: Target): Target =>
  target.kind === "email" ? { ...target, address: normalAddress(target.address) ?? target.address } : target;

/** `null` is none. Faults go below `notifications`; what comes back with any is not to be used. */
export const checkNotifications = (
  given: NotificationsInput | null | undefined,
  terms: TargetTerms,
  faults: FieldError[],
): Notifications | null => {
  if (given === null || given === undefined) return null;
  const { on, every } = given;
  const to = (given.to ?? []).map(normal);
  const fault = (path: string, message: string): void => {
    faults.push({ path: `notifications.${path}`, message });
  };
  if (!isOccasion(on)) fault("on", `One of ${OCCASIONS.join(", ")}.`);
  if (!isEvery(every)) fault("every", `One of ${Object.keys(EVERY_MS).join(", ")}.`);
  if (to.length === 0 || to.length > MOST_TARGETS) {
    fault("to", `From 1 to ${MOST_TARGETS} targets; \`"notifications": null\` is none.`);
  }
  for (const [index, target] of to.entries()) {
    const isRepeated = to.slice(0, index).some((before) => isSameTarget(before, target));
    const message = isRepeated ? "This target is named twice." : checkTarget(target, terms);
    if (message !== undefined) fault(`to.${index}`, message);
  }
  return isOccasion(on) && isEvery(every) ? { on, every, to } : null;
};
