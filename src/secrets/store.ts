import { and, asc, desc, eq, isNull, lt, or, type SQL, sql } from "drizzle-orm";
import type { PageRequest } from "../accounts/index.ts";
import { type Db, schema, violatedColumns } from "../storage/index.ts";

const { accounts, secrets } = schema;

export type SecretRow = typeof secrets.$inferSelect;

/** Without its ciphertext: what lists read. */
export type SecretSummary = Omit<SecretRow, "accountId" | "sealed" | "wrapped" | "masterKeyId">;

/** What tells secrets of an account apart, and how much of a grant each takes. */
export type SecretHead = Pick<SecretRow, "id" | "name" | "bytes">;

export type SaveEnding =
  | { readonly kind: "saved" }
  /** It is no longer what the save counted on: its revision, their number, or the account itself. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "name-taken" };

const head = { id: secrets.id, name: secrets.name, bytes: secrets.bytes };
const summary = {
  ...head,
  hosts: secrets.hosts,
  places: secrets.places,
  version: secrets.version,
  revision: secrets.revision,
  lastUsedAt: secrets.lastUsedAt,
  createdAt: secrets.createdAt,
  updatedAt: secrets.updatedAt,
};

/** One parameter however many ids: D1 takes a hundred at most. */
const oneOf = (ids: readonly string[]): SQL =>
  sql`${secrets.id} in (select value from json_each(${JSON.stringify(ids)}))`;

const mine = (accountId: string, id: string): SQL | undefined =>
  and(eq(secrets.accountId, accountId), eq(secrets.id, id));

export const findSecret = async (db: Db, accountId: string, id: string): Promise<SecretRow | undefined> => {
  const [row] = await db.select().from(secrets).where(mine(accountId, id));
  return row;
};

export const holderOfName = async (db: Db, accountId: string, name: string): Promise<string | undefined> => {
  const named = and(eq(secrets.accountId, accountId), eq(secrets.name, name));
  const [holder] = await db.select({ id: secrets.id }).from(secrets).where(named);
  return holder?.id;
};

export const countSecrets = (db: Db, accountId: string): Promise<number> =>
  db.$count(secrets, eq(secrets.accountId, accountId));

/** All of the account's. */
export const listHeads = (db: Db, accountId: string): Promise<readonly SecretHead[]> =>
  db.select(head).from(secrets).where(eq(secrets.accountId, accountId)).orderBy(asc(secrets.name));

/** Newest first; one more than the page holds tells that there is another. */
export const listSummaries = (
  db: Db,
  accountId: string,
  page: PageRequest,
): Promise<readonly SecretSummary[]> =>
  db
    .select(summary)
    .from(secrets)
    .where(
      and(
        eq(secrets.accountId, accountId),
        page.after === undefined ? undefined : lt(secrets.id, page.after),
        // Not LIKE: D1 ends its patterns at 50 bytes.
        page.q === undefined ? undefined : sql`instr(lower(${secrets.name}), lower(${page.q})) > 0`,
      ),
    )
    .orderBy(desc(secrets.id))
    .limit(page.limit + 1);

const endingOf = (error: unknown): SaveEnding => {
  if (violatedColumns(error)?.includes("secrets.name") === true) return { kind: "name-taken" };
  throw error;
};

/** One statement, so that of several at once no more win than the account may have. */
export const insertSecret = async (db: Db, row: SecretRow, most: number): Promise<SaveEnding> => {
  try {
    const made = await db
      .insert(secrets)
      .select(
        sql`select ${row.id}, ${row.accountId}, ${row.name}, ${row.hosts}, ${row.places}, ${row.version}, ${row.bytes},
          ${row.sealed}, ${row.wrapped}, ${row.masterKeyId}, ${row.revision}, ${row.lastUsedAt}, ${row.createdAt},
          ${row.updatedAt}
          where (select count(*) from ${secrets} where ${secrets.accountId} = ${row.accountId}) < ${most}
          and exists (select 1 from ${accounts} where ${accounts.id} = ${row.accountId} and ${accounts.deletedAt} is null)`,
      )
      .returning({ id: secrets.id });
    return { kind: made.length > 0 ? "saved" : "overtaken" };
  } catch (error) {
    return endingOf(error);
  }
};

/** What a save changes of a row: only that is written, so that a rotation in between is not undone. */
export type SecretChange = Pick<SecretRow, "updatedAt"> & Partial<SecretRow>;

export const changeSecret = async (
  db: Db,
  { accountId, id, revision }: SecretRow,
  change: SecretChange,
): Promise<SaveEnding> => {
  try {
    const changed = await db
      .update(secrets)
      .set({ ...change, revision: revision + 1 })
      .where(and(mine(accountId, id), eq(secrets.revision, revision)))
      .returning({ id: secrets.id });
    return { kind: changed.length > 0 ? "saved" : "overtaken" };
  } catch (error) {
    return endingOf(error);
  }
};

export const removeSecret = async (db: Db, { accountId, id, revision }: SecretRow): Promise<boolean> => {
  const gone = await db
    .delete(secrets)
    .where(and(mine(accountId, id), eq(secrets.revision, revision)))
    .returning({ id: secrets.id });
  return gone.length > 0;
};

export const eraseSecrets = async (db: Db, accountId: string): Promise<void> => {
  await db.delete(secrets).where(eq(secrets.accountId, accountId));
};

export interface GrantedRows {
  /** By name. Ids that are not there are left out. */
  readonly heads: readonly SecretHead[];
  /** The same, whole; none when they have more than `mostBytes` together. */
  readonly rows: readonly SecretRow[];
}

/** One transaction; what is too much is not read. `ids` of `undefined` are all. */
export const readGranted = async (
  db: Db,
  accountId: string,
  ids: readonly string[] | undefined,
  mostBytes: number,
): Promise<GrantedRows> => {
  const granted = and(eq(secrets.accountId, accountId), ids && oneOf(ids));
  const total = sql`(select coalesce(sum(${secrets.bytes}), 0) from ${secrets} where ${granted})`;
  const [heads, rows] = await db.batch([
    db.select(head).from(secrets).where(granted).orderBy(asc(secrets.name)),
    db
      .select()
      .from(secrets)
      .where(and(granted, sql`${total} <= ${mostBytes}`))
      .orderBy(asc(secrets.name)),
  ]);
  return { heads, rows };
};

/** Writes at most once in `everyMs` for each, whatever the number of isolates. */
export const touchSecrets = async (
  db: Db,
  accountId: string,
  ids: readonly string[],
  now: number,
  everyMs: number,
): Promise<void> => {
  const due = or(isNull(secrets.lastUsedAt), lt(secrets.lastUsedAt, now - everyMs));
  await db
    .update(secrets)
    .set({ lastUsedAt: now })
    .where(and(eq(secrets.accountId, accountId), oneOf(ids), due));
};
