import { and, asc, desc, eq, gt, isNotNull, isNull, lt, sql } from "drizzle-orm";
import { type Db, schema, violatedColumns } from "../storage/index.ts";
import { type Overrides, parseOverrides } from "./overrides.ts";
import type { Account } from "./principal.ts";
import { limitsOf, parseTier, type Tier } from "./tiers.ts";

const { accounts, handles, idempotentAnswers, keys } = schema;

/** An account as an operator has it. */
export interface AccountRecord extends Account {
  readonly overrides: Overrides;
  readonly revision: number;
  readonly updatedAt: number;
}

export interface PageRequest {
  readonly limit: number;
  /** The id of the last item of the page before. */
  readonly after: string | undefined;
  /** A part of the name, whatever its case (ASCII). */
  readonly q: string | undefined;
}

export interface AccountChange {
  readonly name: string;
  readonly tier: Tier;
  readonly overrides: Overrides;
  readonly suspended: boolean;
  /** Whether hits see a difference: raises the revision of the routes in the same statement. */
  readonly republish: boolean;
  readonly now: number;
}

type AccountRow = typeof accounts.$inferSelect;

export const recordOf = (row: AccountRow): AccountRecord => {
  const tier = parseTier(row.tier);
  const overrides = parseOverrides(row.limits);
  return {
    id: row.id,
    handle: row.handle,
    name: row.name,
    tier,
    limits: limitsOf(tier, overrides),
    suspended: row.suspended,
    createdAt: row.createdAt,
    overrides,
    revision: row.revision,
    updatedAt: row.updatedAt,
  };
};

const alive = isNull(accounts.deletedAt);

/** With its handle and its first key, or not at all. `handle-taken` when that handle was ever given. */
export const insertAccount = async (
  db: Db,
  account: { id: string; handle: string; name: string; tier: Tier },
  key: typeof keys.$inferInsert,
  now: number,
): Promise<"made" | "handle-taken"> => {
  try {
    await db.batch([
      db.insert(handles).values({ handle: account.handle, takenAt: now }),
      db.insert(accounts).values({ ...account, createdAt: now, updatedAt: now }),
      db.insert(keys).values(key),
    ]);
    return "made";
  } catch (error) {
    if (violatedColumns(error)?.includes(".handle") === true) return "handle-taken";
    throw error;
  }
};

export const findAccount = async (db: Db, id: string): Promise<AccountRecord | undefined> => {
  const [row] = await db
    .select()
    .from(accounts)
    .where(and(eq(accounts.id, id), alive));
  return row && recordOf(row);
};

/** Newest first; one more than the page holds tells that there is another. */
export const listAccountRows = async (db: Db, page: PageRequest): Promise<readonly AccountRecord[]> => {
  const rows = await db
    .select()
    .from(accounts)
    .where(
      and(
        alive,
        page.after === undefined ? undefined : lt(accounts.id, page.after),
        page.q === undefined ? undefined : sql`instr(lower(${accounts.name}), lower(${page.q})) > 0`,
      ),
    )
    .orderBy(desc(accounts.id))
    .limit(page.limit + 1);
  return rows.map(recordOf);
};

/** `undefined` when the account is no longer at `revision`: somebody else changed or deleted it. */
export const changeAccount = async (
  db: Db,
  id: string,
  revision: number,
  change: AccountChange,
): Promise<AccountRecord | undefined> => {
  const [row] = await db
    .update(accounts)
    .set({
      name: change.name,
      tier: change.tier,
      limits: JSON.stringify(change.overrides),
      suspended: change.suspended,
      updatedAt: change.now,
      revision: revision + 1,
      routesRevision: sql`${accounts.routesRevision} + ${change.republish ? 1 : 0}`,
    })
    .where(and(eq(accounts.id, id), eq(accounts.revision, revision), alive))
    .returning();
  return row && recordOf(row);
};

/** Ends the account's keys and its hooks at once; what it owns goes afterwards. `false` when it had changed. */
export const markDeleted = async (db: Db, id: string, revision: number, now: number): Promise<boolean> => {
  const [marked] = await db.batch([
    db
      .update(accounts)
      .set({
        deletedAt: now,
        updatedAt: now,
        revision: revision + 1,
        routesRevision: sql`${accounts.routesRevision} + 1`,
      })
      .where(and(eq(accounts.id, id), eq(accounts.revision, revision), alive))
      .returning({ id: accounts.id }),
    db
      .delete(keys)
      .where(
        and(
          eq(keys.accountId, id),
          sql`exists (select 1 from ${accounts} where ${accounts.id} = ${id} and ${accounts.deletedAt} is not null)`,
        ),
      ),
  ]);
  return marked.length > 0;
};

/** Accounts whose deletion is not finished, oldest first. */
export const listDeleted = (
  db: Db,
  limit: number,
): Promise<readonly { id: string; handle: string; deletedAt: number | null }[]> =>
  db
    .select({ id: accounts.id, handle: accounts.handle, deletedAt: accounts.deletedAt })
    .from(accounts)
    .where(isNotNull(accounts.deletedAt))
    .orderBy(asc(accounts.deletedAt))
    .limit(limit);

/** What accounts/ itself keeps of an account, but for its row and its handle. */
export const eraseLeavings = async (db: Db, id: string): Promise<void> => {
  await db.batch([
    db.delete(keys).where(eq(keys.accountId, id)),
    db.delete(idempotentAnswers).where(eq(idempotentAnswers.accountId, id)),
  ]);
};

export const removeAccountRow = async (db: Db, id: string): Promise<void> => {
  await db.delete(accounts).where(and(eq(accounts.id, id), isNotNull(accounts.deletedAt)));
};

/** Accounts whose last change of routes KV has not taken. */
export const listLagging = async (db: Db, limit: number): Promise<readonly string[]> => {
  const rows = await db
    .select({ id: accounts.id })
    .from(accounts)
    .where(and(alive, gt(accounts.routesRevision, accounts.publishedRevision)))
    .orderBy(asc(accounts.updatedAt))
    .limit(limit);
  return rows.map((row) => row.id);
};
