import { and, desc, eq, getTableColumns, inArray, lt, sql } from "drizzle-orm";
import type { PageRequest } from "../../accounts/index.ts";
import { schema } from "../../storage/index.ts";
import type { Db } from "../../storage/index.ts";
import type { Save } from "./saves/store.ts";

const { accounts, responders, responderRevisions, responderRoutes } = schema;

export type ResponderRow = typeof responders.$inferSelect;
export type RevisionRow = typeof responderRevisions.$inferSelect;

export const findResponder = async (
  db: Db,
  accountId: string,
  id: string,
): Promise<ResponderRow | undefined> => {
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  const [row] = await db.select().from(responders).where(mine);
  return row;
};

/** What notifications need of it, with its account's standing; not the rest, which may be megabytes. */
export const findNotified = async (db: Db, id: string) => {
  const [row] = await db
    .select({
      accountId: responders.accountId,
      name: responders.name,
      notifications: sql<string | null>`${responders.definition} -> '$.notifications'`,
      suspended: accounts.suspended,
      deletedAt: accounts.deletedAt,
    })
    .from(responders)
    .innerJoin(accounts, eq(accounts.id, responders.accountId))
    .where(eq(responders.id, id));
  return row;
};

/** Whether the account has it: without reading what may be megabytes. */
export const hasResponder = async (db: Db, accountId: string, id: string): Promise<boolean> =>
  (await db.$count(responders, and(eq(responders.id, id), eq(responders.accountId, accountId)))) > 0;

/** The column `secretUse`; `undefined` when the account has no such responder. */
export const findSecretUse = async (
  db: Db,
  accountId: string,
  id: string,
): Promise<string | null | undefined> => {
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  const [row] = await db.select({ secretUse: responders.secretUse }).from(responders).where(mine);
  return row?.secretUse;
};

export const countResponders = (db: Db, accountId: string): Promise<number> =>
  db.$count(responders, eq(responders.accountId, accountId));

/** Newest first. */
export const listIds = async (db: Db, accountId: string, most: number): Promise<readonly string[]> => {
  const rows = await db
    .select({ id: responders.id })
    .from(responders)
    .where(eq(responders.accountId, accountId))
    .orderBy(desc(responders.id))
    .limit(most);
  return rows.map(({ id }) => id);
};

/** Who has one of these routes, besides `id`. */
export const holderOfRoute = async (
  db: Db,
  { row, claim }: Save,
): Promise<{ readonly id: string; readonly name: string; readonly method: string } | undefined> => {
  const [holder] = await db
    .select({ id: responders.id, name: responders.name, method: responderRoutes.method })
    .from(responderRoutes)
    .innerJoin(responders, eq(responders.id, responderRoutes.responderId))
    .where(
      and(
        eq(responderRoutes.accountId, row.accountId),
        eq(responderRoutes.label, claim.label),
        eq(responderRoutes.shape, claim.shape),
        inArray(responderRoutes.method, [...claim.methods]),
        sql`${responders.id} <> ${row.id}`,
      ),
    )
    .limit(1);
  return holder;
};

export const holderOfName = async (db: Db, accountId: string, name: string): Promise<string | undefined> => {
  const named = and(eq(responders.accountId, accountId), eq(responders.name, name));
  const [holder] = await db.select({ id: responders.id }).from(responders).where(named);
  return holder?.id;
};

/** Ids and sizes, newest first, one more than the page holds: the rows themselves may be megabytes. */
export const listSizes = (
  db: Db,
  accountId: string,
  page: PageRequest,
): Promise<readonly { readonly id: string; readonly bytes: number }[]> =>
  db
    .select({ id: responders.id, bytes: sql<number>`length(${responders.definition})` })
    .from(responders)
    .where(
      and(
        eq(responders.accountId, accountId),
        page.after === undefined ? undefined : lt(responders.id, page.after),
        // Not LIKE: D1 ends its patterns at 50 bytes.
        page.q === undefined ? undefined : sql`instr(lower(${responders.name}), lower(${page.q})) > 0`,
      ),
    )
    .orderBy(desc(responders.id))
    .limit(page.limit + 1);

/** The newest first; `ids` at most a page. */
export const rowsOf = async (
  db: Db,
  accountId: string,
  ids: readonly string[],
): Promise<readonly ResponderRow[]> => {
  if (ids.length === 0) return [];
  return (
    db
      .select()
      .from(responders)
      // One parameter however many ids: D1 takes a hundred at most.
      .where(
        and(
          eq(responders.accountId, accountId),
          sql`${responders.id} in (select value from json_each(${JSON.stringify(ids)}))`,
        ),
      )
      .orderBy(desc(responders.id))
  );
};

export type RevisionHead = Omit<RevisionRow, "definition">;

export const listRevisionHeads = (db: Db, id: string): Promise<readonly RevisionHead[]> => {
  const { definition: _, ...columns } = getTableColumns(responderRevisions);
  return db
    .select(columns)
    .from(responderRevisions)
    .where(eq(responderRevisions.responderId, id))
    .orderBy(desc(responderRevisions.revision));
};

export const findRevision = async (
  db: Db,
  id: string,
  revision: number,
): Promise<RevisionRow | undefined> => {
  const [row] = await db
    .select()
    .from(responderRevisions)
    .where(and(eq(responderRevisions.responderId, id), eq(responderRevisions.revision, revision)));
  return row;
};
