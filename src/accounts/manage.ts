import { AppError, invalid } from "../lib/errors.ts";
import { assertFresh, etagOf, type IfMatch } from "../lib/etag.ts";
import { newId } from "../lib/id.ts";
import { isHandle, isReservedHandle, randomHandle } from "./handle.ts";
import { type KeyDeps, prepareKey } from "./keys/manage.ts";
import { rowOfKey } from "./keys/store.ts";
import type { Operator } from "./operator.ts";
import { mergeOverrides, type OverridesPatch } from "./overrides.ts";
import {
  type AccountRecord,
  changeAccount,
  findAccount,
  insertAccount,
  listAccountRows,
  type PageRequest,
} from "./store.ts";
import type { Tier } from "./tiers.ts";

export interface AccountDeps extends KeyDeps {
  /**
   * Makes hooks see an account's change (tier, limits, suspended, deleted): at once in this isolate, elsewhere within
   * 65 s. Given by responders/. Does not reject: what KV refuses, the cron publishes.
   */
  readonly publishRoutes: (accountId: string) => Promise<void>;
}

export interface AccountInput {
  readonly name: string;
  readonly handle?: string | undefined;
  readonly tier?: Tier | undefined;
}

/** What is not named does not change; `limits` is merged, and `null` gives it back to the tier. */
export interface AccountPatch {
  readonly name?: string | undefined;
  readonly tier?: Tier | undefined;
  readonly limits?: OverridesPatch | null | undefined;
  readonly suspended?: boolean | undefined;
}

export interface NewAccount extends AccountRecord {
  /** Shown once: a key with the scope `*`. */
  readonly key: { readonly id: string; readonly secret: string };
}

const RANDOM_TRIES = 5;
const UPDATE_TRIES = 3;

export const etagOfAccount = (account: AccountRecord): string => etagOf(account.id, account.revision);

const freeHandle = (deps: AccountDeps): string => {
  let handle = randomHandle(deps.randomBytes(12));
  while (isReservedHandle(handle)) handle = randomHandle(deps.randomBytes(12));
  return handle;
};

const chosenHandle = (handle: string): string => {
  if (!isHandle(handle)) {
    throw invalid("handle", "A handle is 3 to 32 characters of a-z and 0-9, and begins with a letter.");
  }
  if (isReservedHandle(handle)) throw invalid("handle", `The handle ${handle} is reserved. Choose another.`);
  return handle;
};

export const readAccount = async (
  deps: AccountDeps,
  _operator: Operator,
  id: string,
): Promise<AccountRecord> => {
  const account = await findAccount(deps.db, id);
  if (account === undefined) throw new AppError("not-found", "There is no such account.");
  return account;
};

/** With its first key, which has every scope. */
export const createAccount = async (
  deps: AccountDeps,
  operator: Operator,
  input: AccountInput,
): Promise<NewAccount> => {
  const chosen = input.handle === undefined ? undefined : chosenHandle(input.handle);
  for (let attempt = 0; attempt < RANDOM_TRIES; attempt += 1) {
    const now = deps.now();
    const id = newId("acc", now);
    const handle = chosen ?? freeHandle(deps);
    const { key, secret } = await prepareKey(deps, id, { name: "First key", scopes: ["*"] });
    const account = { id, handle, name: input.name, tier: input.tier ?? "basic" };
    if ((await insertAccount(deps.db, account, rowOfKey(key), now)) === "made") {
      return { ...(await readAccount(deps, operator, id)), key: { id: key.id, secret } };
    }
    if (chosen !== undefined) {
      const problem = `The handle ${chosen} is or was another account's, and none is given twice. Choose another.`;
      throw new AppError("conflict", problem, { errors: [{ path: "handle", message: problem }] });
    }
  }
  throw new AppError("unavailable", "No free handle was found. Try again.");
};

/** Newest first. Up to one item more than `page.limit`: that there is one tells of another page. */
export const listAccounts = (
  deps: AccountDeps,
  _operator: Operator,
  page: PageRequest,
): Promise<readonly AccountRecord[]> => listAccountRows(deps.db, page);

/** Hooks see a change of tier, limits or suspension within 65 s; the management API at once. */
export const updateAccount = async (
  deps: AccountDeps,
  operator: Operator,
  id: string,
  patch: AccountPatch,
  ifMatch: IfMatch,
): Promise<AccountRecord> => {
  for (let attempt = 0; attempt < UPDATE_TRIES; attempt += 1) {
    const current = await readAccount(deps, operator, id);
    assertFresh(ifMatch, etagOfAccount(current));
    const republish =
      patch.limits !== undefined ||
      (patch.tier ?? current.tier) !== current.tier ||
      (patch.suspended ?? current.suspended) !== current.suspended;
    const changed = await changeAccount(deps.db, id, current.revision, {
      name: patch.name ?? current.name,
      tier: patch.tier ?? current.tier,
      overrides:
        patch.limits === undefined ? current.overrides : mergeOverrides(current.overrides, patch.limits),
      suspended: patch.suspended ?? current.suspended,
      republish,
      now: deps.now(),
    });
    if (changed !== undefined) {
      if (republish) await deps.publishRoutes(id);
      return changed;
    }
    // Somebody else's change came between: read again, and let If-Match judge what is there now.
  }
  throw new AppError("unavailable", "The account is being changed by others. Try again.");
};
