import { AppError } from "../../lib/errors.ts";
import type { Db, Kv } from "../../storage/index.ts";
import type { Tables } from "../routing/tables.ts";
import type { StateStore } from "../state/state-store.ts";
import type { UnmatchedLog } from "../unmatched/unmatched-hit.ts";
import { dropContent, hashesOf } from "./content.ts";
import { eraseResponders, routedLines } from "./saves/store.ts";

export interface EraseDeps {
  readonly db: Db;
  readonly kv: Kv;
  readonly tables: Tables;
  readonly unmatchedOf: (accountId: string) => UnmatchedLog;
  readonly stateOf: (responderId: string) => StateStore;
}

/** How many responders' keys go at once: a Worker has a bound on what it sends in one call. */
const AT_ONCE = 200;

/**
 * All that responders keep of an account: KV first, for the rows tell which keys there are. May be called again, and
 * is when it fails half-way.
 */
export const eraseAccount = async (
  deps: EraseDeps,
  account: { readonly id: string; readonly handle: string },
): Promise<void> => {
  deps.tables.forget(account.handle);
  if (!(await deps.kv.deleteRoutes(account.handle))) {
    throw new AppError("unavailable", "KV did not delete a route table.");
  }
  for (;;) {
    const lines = await routedLines(deps.db, account.id, AT_ONCE);
    for (const line of lines) await dropContent(deps, hashesOf(line));
    await Promise.all(lines.map(({ id }) => deps.stateOf(id).erase()));
    await eraseResponders(
      deps.db,
      lines.map((line) => line.id),
    );
    if (lines.length < AT_ONCE) break;
  }
  await deps.unmatchedOf(account.id).erase();
};
