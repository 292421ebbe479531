import { type Principal, requireScope } from "../accounts/index.ts";
import { AppError } from "../lib/errors.ts";
import {
  addAddress,
  type AddressDeps,
  deleteAddress,
  type EmailAddress,
  listAddresses,
  verifyAddress,
} from "./addresses/manage.ts";
import { eraseAddresses, verifiedAddresses } from "./addresses/store.ts";
import type { NotificationsInput, TargetTerms } from "./check.ts";
import { createNotifier, type Notifier, type NotifierDeps } from "./notifier.ts";
import type { NoticeSent } from "./notice.ts";
import type { Target } from "./settings.ts";

export interface NotificationsDeps extends Omit<NotifierDeps, "isVerified">, AddressDeps {
  readonly signingSince: (responderId: string) => Promise<number | null>;
  /** Why a URL may not be reached; `undefined` when it may. */
  readonly refusalOfUrl: TargetTerms["refusalOfUrl"];
  readonly hasResponder: (accountId: string, responderId: string) => Promise<boolean>;
  /** What was sent of a responder, newest first. */
  readonly noticesOf: (responderId: string) => Promise<readonly NoticeSent[]>;
}

/** What a responder's notifications have come to. */
export interface NotificationsView {
  readonly notices: readonly NoticeSent[];
  /** When the signing secret was made; `null` before there is one. */
  readonly secretMadeAt: number | null;
}

export interface NotificationsNoun {
  /** By which a save judges targets; `before` are those that the responder has. */
  readonly termsFor: (
    accountId: string,
    given: NotificationsInput | null | undefined,
    before: readonly Target[],
  ) => Promise<TargetTerms>;
  readonly notifier: Notifier;
  readonly read: (principal: Principal, responderId: string) => Promise<NotificationsView>;
  /** A new signing secret, shown this once; `undefined` without `MASTER_KEYS`. */
  readonly renewSecret: ((principal: Principal, responderId: string) => Promise<string>) | undefined;
  readonly listAddresses: (principal: Principal) => Promise<readonly EmailAddress[]>;
  readonly addAddress: (principal: Principal, address: string) => Promise<EmailAddress>;
  readonly verifyAddress: (principal: Principal, address: string, code: string) => Promise<EmailAddress>;
  readonly deleteAddress: (principal: Principal, address: string) => Promise<void>;
  /** May be called again. */
  readonly eraseAccount: (accountId: string) => Promise<void>;
}

const NONE: ReadonlySet<string> = new Set();

export const createNotifications = (deps: NotificationsDeps): NotificationsNoun => {
  const { db, signing, sendMail, refusalOfUrl } = deps;
  const assertMine = async (principal: Principal, responderId: string): Promise<void> => {
    if (!(await deps.hasResponder(principal.account.id, responderId))) {
      throw new AppError("not-found", "There is no such responder.");
    }
  };
  return {
    termsFor: async (accountId, given, accepted) => {
      const asksFor = given?.to?.some(({ kind }) => kind === "email") === true && sendMail !== null;
      return {
        accepted,
        refusalOfUrl,
        canSign: signing !== undefined,
        canMail: sendMail !== null,
        verified: asksFor ? await verifiedAddresses(db, accountId) : NONE,
      };
    },
    notifier: createNotifier({
      ...deps,
      isVerified: async (accountId, address) => (await verifiedAddresses(db, accountId)).has(address),
    }),
    read: async (principal, responderId) => {
      requireScope(principal, "responders:read");
      await assertMine(principal, responderId);
      const [notices, secretMadeAt] = await Promise.all([
        deps.noticesOf(responderId),
        deps.signingSince(responderId),
      ]);
      return { notices, secretMadeAt };
    },
    renewSecret:
      signing &&
      (async (principal, responderId) => {
        requireScope(principal, "responders:write");
        await assertMine(principal, responderId);
        return signing.renew({ accountId: principal.account.id, responderId });
      }),
    listAddresses: (principal) => listAddresses(deps, principal),
    addAddress: (principal, address) => addAddress(deps, principal, address),
    verifyAddress: (principal, address, code) => verifyAddress(deps, principal, address, code),
    deleteAddress: (principal, address) => deleteAddress(deps, principal, address),
    eraseAccount: (accountId) => eraseAddresses(db, accountId),
  };
};
