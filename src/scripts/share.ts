import type { Account } from "../accounts/index.ts";
import type { Share } from "../runtime/index.ts";

/** Who pays for a run: the account, and in it the responder, or whatever `unit` names. */
export const shareOf = ({ id, limits }: Pick<Account, "id" | "limits">, unit: string): Share => ({
  account: id,
  unit,
  runsPerAccount: limits.runsPerAccount,
  runsPerUnit: limits.runsPerResponder,
  cpuMsPer10s: limits.cpuMsPer10s,
});
