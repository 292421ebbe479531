import { AppError } from "../lib/errors.ts";
import { assertFresh, type IfMatch } from "../lib/etag.ts";
import { type AccountDeps, etagOfAccount, readAccount } from "./manage.ts";
import type { Operator } from "./operator.ts";
import { eraseLeavings, listDeleted, markDeleted, removeAccountRow } from "./store.ts";

/** Calls that were under way at the delete have ended by then, so a last sweep finds what they still wrote. */
const SETTLED_MS = 10 * 60_000;
const SWEPT_AT_ONCE = 20;
const TRIES = 3;

export interface DeleteDeps extends AccountDeps {
  /** Goes on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  /** Deletes all that other nouns keep of the account: rows, KV, Durable Objects. May be called again. */
  readonly eraseAccount: (account: { readonly id: string; readonly handle: string }) => Promise<void>;
}

const erase = async (deps: DeleteDeps, account: { id: string; handle: string }): Promise<void> => {
  await deps.eraseAccount({ id: account.id, handle: account.handle });
  await eraseLeavings(deps.db, account.id);
};

/** Keys end at once and hooks within 65 s; the rest goes in the background, and the cron finishes it. */
export const deleteAccount = async (
  deps: DeleteDeps,
  operator: Operator,
  id: string,
  ifMatch: IfMatch,
): Promise<void> => {
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const account = await readAccount(deps, operator, id);
    assertFresh(ifMatch, etagOfAccount(account));
    if (await markDeleted(deps.db, id, account.revision, deps.now())) {
      await deps.publishRoutes(id);
      // A failure here is the cron's to repeat.
      deps.defer(erase(deps, account).catch(() => undefined));
      return;
    }
  }
  throw new AppError("unavailable", "The account is being changed by others. Try again.");
};

/** The cron's part: erases what deletions left, and at last the account's row. Returns how many rows went. */
export const finishDeletions = async (deps: DeleteDeps): Promise<number> => {
  const now = deps.now();
  const failures: unknown[] = [];
  let removed = 0;
  for (const account of await listDeleted(deps.db, SWEPT_AT_ONCE)) {
    try {
      await erase(deps, account);
      if (account.deletedAt !== null && account.deletedAt < now - SETTLED_MS) {
        await removeAccountRow(deps.db, account.id);
        removed += 1;
      }
    } catch (error) {
      // One account that fails must not keep the others.
      failures.push(error);
    }
  }
  if (failures.length > 0) throw new AggregateError(failures, `${failures.length} deletions did not finish.`);
  return removed;
};
