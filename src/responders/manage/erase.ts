import { AppError } from "../../lib/errors.ts";
import type { Kv } from "../../storage/index.ts";
import { type EmptyDeps, emptyObjects } from "../departed/empty.ts";
import type { Tables } from "../routing/tables.ts";
import type { UnmatchedLog } from "../unmatched/unmatched-hit.ts";
import { dropContent, hashesOf } from "./content.ts";
import { eraseResponders, routedLines } from "./saves/store.ts";

export interface EraseDeps extends EmptyDeps {
  readonly kv: Kv;
  readonly tables: Tables;
  readonly unmatchedOf: (accountId: string) => UnmatchedLog;
}

/** How many responders' keys go at once: a Worker has a bound on what it sends in one call. */
const AT_ONCE = 200;
/** How many of them are emptied here: the cron goes on with the others. */
const EMPTIED_HERE = 300;

/**
 * All that responders keep of an account: KV first, for the rows tell which keys there are; Durable Objects last, for
 * which ones is noted. May be called again, and is when it fails half-way.
 */
export const eraseAccount = async (
  deps: EraseDeps,
  account: { readonly id: string; readonly handle: string },
): Promise<void> => {
  deps.tables.forget(account.handle);
  if (!(await deps.kv.deleteRoutes(account.handle))) {
    throw new AppError("unavailable", "KV did not delete a route table.");
  }
  const gone: string[] = [];
  for (;;) {
    const lines = await routedLines(deps.db, account.id, AT_ONCE);
    for (const line of lines) await dropContent(deps, hashesOf(line));
    const ids = lines.map(({ id }) => id);
    await eraseResponders(deps.db, ids);
    gone.push(...ids);
    if (lines.length < AT_ONCE) break;
  }
  await deps.unmatchedOf(account.id).erase();
  await emptyObjects(deps, gone.slice(0, EMPTIED_HERE));
};
