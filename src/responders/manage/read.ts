import { requireScope } from "../../accounts/index.ts";
import type { PageRequest, Principal } from "../../accounts/index.ts";
import type { ManageDeps } from "./deps.ts";
import { noResponder, oneResponder, respondersOf } from "./responder.ts";
import type { Responder } from "./responder.ts";
import { findResponder, listSizes, rowsOf } from "./store.ts";

/** A page ends early rather than fill the isolate: one responder may have megabytes. */
const PAGE_UNITS = 4 * 1024 * 1024;

export const readResponder = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
): Promise<Responder> => {
  requireScope(principal, "responders:read");
  const { account } = principal;
  const row = await findResponder(deps.db, account.id, id);
  if (row === undefined) throw noResponder();
  return oneResponder(deps, account, row);
};

/** Newest first. `more`: there is another page. */
export const listResponders = async (
  deps: ManageDeps,
  principal: Principal,
  page: PageRequest,
): Promise<{ readonly items: readonly Responder[]; readonly more: boolean }> => {
  requireScope(principal, "responders:read");
  const { account } = principal;
  const sizes = await listSizes(deps.db, account.id, page);
  const ids: string[] = [];
  let units = 0;
  for (const { id, bytes } of sizes.slice(0, page.limit)) {
    units += bytes;
    if (ids.length > 0 && units > PAGE_UNITS) break;
    ids.push(id);
  }
  const rows = await rowsOf(deps.db, account.id, ids);
  return { items: await respondersOf(deps, account, rows), more: ids.length < sizes.length };
};
