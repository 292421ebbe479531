import { and, count, desc, eq, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";
import { parseScopes, type Scope } from "../principal.ts";
import { type AccountRecord, type PageRequest, recordOf } from "../store.ts";

const { accounts, keys } = schema;

/** A key without its secret, which nobody has but its holder. */
export interface KeyRecord {
  readonly id: string;
  readonly name: string;
  /** `hw_live_` and four characters. */
  readonly prefix: string;
  readonly scopes: readonly Scope[];
  readonly expiresAt: number | null;
  readonly lastUsedAt: number | null;
  readonly createdAt: number;
}

export interface NewKey extends KeyRecord {
  readonly accountId: string;
  /** SHA-256 of the secret, hex. */
  readonly hash: string;
}

const shown = {
  id: keys.id,
  name: keys.name,
  prefix: keys.prefix,
  scopes: keys.scopes,
  expiresAt: keys.expiresAt,
  lastUsedAt: keys.lastUsedAt,
  createdAt: keys.createdAt,
};

const recordOfKey = (row: Omit<KeyRecord, "scopes"> & { readonly scopes: string }): KeyRecord => ({
  ...row,
  scopes: parseScopes(row.scopes),
});

export const rowOfKey = ({ scopes, ...key }: NewKey): typeof keys.$inferInsert => ({
  ...key,
  scopes: JSON.stringify(scopes),
});

export interface KeyAndAccount {
  readonly key: KeyRecord;
  readonly account: AccountRecord;
}

/** Read from D1 on every call, so that a deleted key or account ends at once. */
const findWhere = async (db: Db, condition: SQL): Promise<KeyAndAccount | undefined> => {
  const [row] = await db
    .select({ key: shown, account: accounts })
    .from(keys)
    .innerJoin(accounts, eq(accounts.id, keys.accountId))
    .where(and(condition, isNull(accounts.deletedAt)));
  return row && { key: recordOfKey(row.key), account: recordOf(row.account) };
};

export const findByHash = (db: Db, hash: string): Promise<KeyAndAccount | undefined> =>
  findWhere(db, eq(keys.hash, hash));

export const findById = (db: Db, id: string): Promise<KeyAndAccount | undefined> =>
  findWhere(db, eq(keys.id, id));

export const findKey = async (db: Db, accountId: string, id: string): Promise<KeyRecord | undefined> => {
  const [row] = await db
    .select(shown)
    .from(keys)
    .where(and(eq(keys.accountId, accountId), eq(keys.id, id)));
  return row && recordOfKey(row);
};

export const countKeys = async (db: Db, accountId: string): Promise<number> => {
  const [row] = await db.select({ count: count() }).from(keys).where(eq(keys.accountId, accountId));
  return row?.count ?? 0;
};

/** Only while the maker's key is there: a key that was revoked a moment ago makes no other. */
export const insertKey = async (db: Db, key: NewKey, makerId: string): Promise<boolean> => {
  const row = rowOfKey(key);
  const made = await db
    .insert(keys)
    .select(
      sql`select ${row.id}, ${row.accountId}, ${row.name}, ${row.prefix}, ${row.hash}, ${row.scopes},
        ${row.expiresAt ?? null}, null, ${row.createdAt}
        where exists (select 1 from ${keys} where ${keys.id} = ${makerId} and ${keys.accountId} = ${row.accountId})`,
    )
    .returning({ id: keys.id });
  return made.length > 0;
};

/** Newest first; one more than the page holds tells that there is another. */
export const listKeyRows = async (
  db: Db,
  accountId: string,
  page: PageRequest,
): Promise<readonly KeyRecord[]> => {
  const rows = await db
    .select(shown)
    .from(keys)
    .where(
      and(
        eq(keys.accountId, accountId),
        page.after === undefined ? undefined : lt(keys.id, page.after),
        page.q === undefined ? undefined : sql`instr(lower(${keys.name}), lower(${page.q})) > 0`,
      ),
    )
    .orderBy(desc(keys.id))
    .limit(page.limit + 1);
  return rows.map(recordOfKey);
};

export const removeKey = async (db: Db, accountId: string, id: string): Promise<boolean> => {
  const gone = await db
    .delete(keys)
    .where(and(eq(keys.accountId, accountId), eq(keys.id, id)))
    .returning({ id: keys.id });
  return gone.length > 0;
};

/** Writes at most once in `everyMs` for each key, whatever the number of isolates. */
export const touchKey = async (db: Db, id: string, now: number, everyMs: number): Promise<void> => {
  await db
    .update(keys)
    .set({ lastUsedAt: now })
    .where(and(eq(keys.id, id), or(isNull(keys.lastUsedAt), lt(keys.lastUsedAt, now - everyMs))));
};
