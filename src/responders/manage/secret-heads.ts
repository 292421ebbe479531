import type { SecretHead } from "../../secrets/index.ts";
import type { GrantDeps } from "../grants/deps.ts";
import type { ResponderInput } from "./input.ts";

/** The account's secrets, where an input grants any: most have to do with none. */
export const secretHeadsFor = async (
  deps: Pick<GrantDeps, "secretHeads">,
  accountId: string,
  { secrets }: Pick<ResponderInput, "secrets">,
): Promise<readonly SecretHead[]> =>
  secrets === null || secrets === undefined || secrets.mode === "none" ? [] : deps.secretHeads(accountId);
