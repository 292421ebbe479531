import { holdsScope, type Principal } from "../accounts/index.ts";

/** Why somebody may not watch an account's journals, or no longer, as a sentence; `undefined`: it may. */
export const watchRefusal = (principal: Principal | undefined, accountId: string): string | undefined => {
  if (principal === undefined || principal.account.id !== accountId) return "The key has ended.";
  if (principal.account.suspended) return "The account is suspended.";
  return holdsScope(principal.scopes, "journal:read")
    ? undefined
    : "The key has lost the scope journal:read.";
};
