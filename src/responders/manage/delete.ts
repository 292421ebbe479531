import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { assertFresh } from "../../lib/etag.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { emptyObjects } from "../departed/empty.ts";
import { dropContent, hashesOf } from "./content.ts";
import type { ManageDeps } from "./deps.ts";
import { etagOfRow, noResponder } from "./responder.ts";
import { deleteResponder as deleteRows } from "./saves/store.ts";
import { findResponder } from "./store.ts";

/** With its revisions, its journal and its state. Its hooks answer 404 here at once, elsewhere within 65 s. */
export const deleteResponder = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
): Promise<void> => {
  requireScope(principal, "responders:write");
  const { account } = principal;
  for (;;) {
    const row = await findResponder(deps.db, account.id, id);
    if (row === undefined) throw noResponder();
    assertFresh(ifMatch, etagOfRow(row));
    // A save that came between is looked at anew: it may not be what If-Match allows.
    if ((await deleteRows(deps.db, account.id, id, row.revision)) === "overtaken") continue;
    deps.defer(dropContent(deps, hashesOf(row)));
    deps.defer(emptyObjects(deps, [id]));
    await deps.publish(account.id);
    return;
  }
};
