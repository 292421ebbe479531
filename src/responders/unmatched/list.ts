import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import type { UnmatchedHit, UnmatchedLog } from "./unmatched-hit.ts";

/** The last hits of the account's handle that matched nothing, newest first. */
export const listUnmatched = (
  logOf: (accountId: string) => UnmatchedLog,
  principal: Principal,
): Promise<readonly UnmatchedHit[]> => {
  requireScope(principal, "responders:read");
  return logOf(principal.account.id).list();
};
