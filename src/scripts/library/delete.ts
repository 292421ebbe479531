import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { assertFresh } from "../../lib/etag.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { assertUnused } from "./conflicts.ts";
import type { LibraryDeps } from "./deps.ts";
import { deleteScript as deleteRows } from "./saves/store.ts";
import { etagOfScript, noScript } from "./script.ts";
import { findScript } from "./store.ts";

/** Scope `scripts:write`. With its versions and its draft; `conflict` while a responder or another script uses it. */
export const deleteScript = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
): Promise<void> => {
  requireScope(principal, "scripts:write");
  for (;;) {
    const found = await findScript(deps.db, principal.account.id, id);
    if (found === undefined) throw noScript();
    const { script } = found;
    assertFresh(ifMatch, etagOfScript(script));
    await assertUnused(deps, script);
    // A change or a use that came between is looked at anew.
    if ((await deleteRows(deps.db, id, script.revision, deps.followers.unused(id))) === "deleted") return;
  }
};
