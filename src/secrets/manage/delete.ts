import { type Principal, requireScope } from "../../accounts/index.ts";
import { assertFresh, type IfMatch } from "../../lib/etag.ts";
import { findSecret, removeSecret } from "../store.ts";
import type { ManageDeps } from "./deps.ts";
import { etagOfSecret, noSecret } from "./secret.ts";

/** With its ciphertext. Runs that begin here from now on are without it, elsewhere within 65 s. */
export const deleteSecret = async (
  deps: Pick<ManageDeps, "db" | "forget">,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
): Promise<void> => {
  requireScope(principal, "secrets:write");
  const accountId = principal.account.id;
  for (;;) {
    const row = await findSecret(deps.db, accountId, id);
    if (row === undefined) throw noSecret();
    assertFresh(ifMatch, etagOfSecret(row));
    // A save that came between is looked at anew: it may not be what If-Match allows.
    if (await removeSecret(deps.db, row).finally(() => deps.forget(accountId))) return;
  }
};
