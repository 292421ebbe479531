import type { NotificationsNoun, TargetTerms } from "../../src/notifications/index.ts";

/** Every URL may be reached, and mail sent to `a@example.com`. */
export const TERMS: TargetTerms = {
  accepted: [],
  refusalOfUrl: () => undefined,
  canSign: true,
  canMail: true,
  verified: new Set(["a@example.com"]),
};

export const targetTerms: NotificationsNoun["termsFor"] = async (_account, _given, accepted) => ({
  ...TERMS,
  accepted,
});
