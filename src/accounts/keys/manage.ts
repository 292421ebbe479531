import { AppError, invalid } from "../../lib/errors.ts";
import { newId } from "../../lib/id.ts";
import type { Db } from "../../storage/index.ts";
import { holdsScope, type Principal, requireScope, type Scope } from "../principal.ts";
import type { PageRequest } from "../store.ts";
import { formatSecret, hashSecret, shownPrefix } from "./secret.ts";
import {
  countKeys,
  findKey,
  insertKey,
  type KeyRecord,
  listKeyRows,
  type NewKey,
  removeKey,
} from "./store.ts";

/** A bound on rows, not a figure of a plan. */
const MOST_KEYS = 500;

const noKey = (): AppError => new AppError("not-found", "There is no such key.");

export interface KeyInput {
  readonly name: string;
  readonly scopes: readonly Scope[];
  /** Ms since the epoch; absent or null is for ever. */
  readonly expiresAt?: number | null | undefined;
}

export interface KeyDeps {
  readonly db: Db;
  readonly now: () => number;
  /** That many random bytes. */
  readonly randomBytes: (count: number) => Uint8Array;
}

/** A row for D1 and the secret that it is of. */
export const prepareKey = async (
  deps: KeyDeps,
  accountId: string,
  input: KeyInput,
): Promise<{ readonly key: NewKey; readonly secret: string }> => {
  const now = deps.now();
  const secret = formatSecret(deps.randomBytes(32));
  const key: NewKey = {
    id: newId("key", now),
    accountId,
    name: input.name,
    prefix: shownPrefix(secret),
    hash: await hashSecret(secret),
    scopes: input.scopes,
    expiresAt: input.expiresAt ?? null,
    lastUsedAt: null,
    createdAt: now,
  };
  return { key, secret };
};

/** Stops escalation: no key makes one that can do more, or lives longer, than itself. */
const assertMayMint = (principal: Principal, maker: KeyRecord, input: KeyInput): void => {
  const missing = input.scopes.filter((scope) => !holdsScope(principal.scopes, scope));
  if (missing.length > 0) {
    const problem = `A key gives only scopes that it has. Yours has not: ${missing.join(", ")}.`;
    throw new AppError("forbidden", problem);
  }
  const expiresAt = input.expiresAt ?? null;
  if (maker.expiresAt !== null && (expiresAt === null || expiresAt > maker.expiresAt)) {
    const latest = new Date(maker.expiresAt).toISOString();
    throw new AppError("forbidden", `Your key ends at ${latest}: give an expiresAt that is not later.`);
  }
};

/** Scope `keys:write`. The secret is in this answer and nowhere else. */
export const createKey = async (
  deps: KeyDeps,
  principal: Principal,
  input: KeyInput,
): Promise<KeyRecord & { readonly secret: string }> => {
  requireScope(principal, "keys:write");
  if (input.expiresAt !== undefined && input.expiresAt !== null && input.expiresAt <= deps.now()) {
    throw invalid("expiresAt", "It lies in the past.");
  }
  const accountId = principal.account.id;
  const maker = await findKey(deps.db, accountId, principal.keyId);
  if (maker === undefined) throw new AppError("forbidden", "Your key has been deleted.");
  assertMayMint(principal, maker, input);
  if ((await countKeys(deps.db, accountId)) >= MOST_KEYS) {
    throw new AppError(
      "over-limit",
      `An account has at most ${MOST_KEYS} keys. Delete some that are not used.`,
    );
  }
  const { key, secret } = await prepareKey(deps, accountId, input);
  if (!(await insertKey(deps.db, key, maker.id))) {
    throw new AppError("forbidden", "Your key has been deleted.");
  }
  const { accountId: _owner, hash: _hash, ...record } = key;
  return { ...record, secret };
};

/** Scope `keys:write`. Up to one item more than `page.limit`: that there is one tells of another page. */
export const listKeys = (
  deps: KeyDeps,
  principal: Principal,
  page: PageRequest,
): Promise<readonly KeyRecord[]> => {
  requireScope(principal, "keys:write");
  return listKeyRows(deps.db, principal.account.id, page);
};

/** Scope `keys:write`. */
export const readKey = async (deps: KeyDeps, principal: Principal, id: string): Promise<KeyRecord> => {
  requireScope(principal, "keys:write");
  const key = await findKey(deps.db, principal.account.id, id);
  if (key === undefined) throw noKey();
  return key;
};

/** Scope `keys:write`. The key fails from its next call on; a key may delete itself, and any other. */
export const deleteKey = async (deps: KeyDeps, principal: Principal, id: string): Promise<void> => {
  requireScope(principal, "keys:write");
  if (!(await removeKey(deps.db, principal.account.id, id))) {
    throw noKey();
  }
};
