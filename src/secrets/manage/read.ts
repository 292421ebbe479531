import { type PageRequest, type Principal, requireScope } from "../../accounts/index.ts";
import { findSecret, listSummaries, type SecretRow } from "../store.ts";
import type { ManageDeps } from "./deps.ts";
import { noSecret, type Secret, secretOf, type SecretUser } from "./secret.ts";

export const usersOfOne = async (
  { usersOf }: Pick<ManageDeps, "usersOf">,
  row: Pick<SecretRow, "accountId" | "id" | "name">,
): Promise<readonly SecretUser[]> => (await usersOf(row.accountId, [row])).get(row.id) ?? [];

export const readSecret = async (
  deps: Pick<ManageDeps, "db" | "usersOf">,
  principal: Principal,
  id: string,
): Promise<Secret> => {
  requireScope(principal, "secrets:read");
  const row = await findSecret(deps.db, principal.account.id, id);
  if (row === undefined) throw noSecret();
  return secretOf(row, await usersOfOne(deps, row));
};

/** Newest first, and up to one item more than asked for, which tells that there is another page. */
export const listSecrets = async (
  deps: Pick<ManageDeps, "db" | "usersOf">,
  principal: Principal,
  page: PageRequest,
): Promise<readonly Secret[]> => {
  requireScope(principal, "secrets:read");
  const { account } = principal;
  const rows = await listSummaries(deps.db, account.id, page);
  const users = await deps.usersOf(account.id, rows);
  return rows.map((row) => secretOf(row, users.get(row.id) ?? []));
};
