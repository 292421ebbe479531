import { and, desc, eq, inArray, lt, sql } from "drizzle-orm";
import type { SQL } from "drizzle-orm";
import type { PageRequest } from "../../accounts/index.ts";
import { schema, violatedColumns } from "../../storage/index.ts";
import type { Db } from "../../storage/index.ts";

const { accounts, responders, responderRevisions, responderRoutes } = schema;

export type ResponderRow = typeof responders.$inferSelect;
export type RevisionRow = typeof responderRevisions.$inferSelect;

/** Everything that one save writes. */
export interface Save {
  readonly row: ResponderRow;
  readonly claim: Claim;
  readonly createdBy: string;
}

/** The routes that a responder holds; others of the account cannot have them. */
export interface Claim {
  /** `""` is no label. */
  readonly label: string;
  readonly shape: string;
  readonly methods: readonly string[];
}

export type SaveEnding =
  | { readonly kind: "saved" }
  /** What the save counted on is no longer so: revision, count, or the account itself. Nothing was written. */
  | { readonly kind: "overtaken" }
  | { readonly kind: "name-taken" }
  | { readonly kind: "route-taken" };

export const KEPT_REVISIONS = 20;

/** D1 has no conditional batch: JSON that does not parse fails the statement, and with it the whole transaction. */
const assert = (db: Db, condition: SQL) =>
  db.run(sql`select json(case when ${condition} then 'true' else 'no' end)`);

const messageOf = (error: unknown): string =>
  error instanceof Error ? `${error.message} ${messageOf(error.cause)}` : "";

const endingOf = (error: unknown): SaveEnding => {
  const columns = violatedColumns(error);
  if (columns?.includes("responder_routes.shape") === true) return { kind: "route-taken" };
  if (columns?.includes("responders.name") === true) return { kind: "name-taken" };
  if (messageOf(error).includes("malformed JSON")) return { kind: "overtaken" };
  throw error;
};

const claimRoutes = (db: Db, { row, claim }: Save) =>
  db.insert(responderRoutes).values(
    claim.methods.map((method) => ({
      responderId: row.id,
      accountId: row.accountId,
      label: claim.label,
      shape: claim.shape,
      method,
    })),
  );

const keepRevision = (db: Db, { row, createdBy }: Save) =>
  db.insert(responderRevisions).values({
    responderId: row.id,
    revision: row.revision,
    name: row.name,
    definition: row.definition,
    createdAt: row.updatedAt,
    createdBy,
  });

const raiseRoutes = (db: Db, accountId: string) =>
  db
    .update(accounts)
    .set({ routesRevision: sql`${accounts.routesRevision} + 1` })
    .where(eq(accounts.id, accountId));

/** All of a new responder, or nothing: two conflicting ones at once cannot both win. */
export const insertResponder = async (db: Db, save: Save, maxResponders: number): Promise<SaveEnding> => {
  const { row } = save;
  try {
    await db.batch([
      assert(
        db,
        sql`(select count(*) from ${responders} where ${responders.accountId} = ${row.accountId}) < ${maxResponders}
          and exists (select 1 from ${accounts} where ${accounts.id} = ${row.accountId} and ${accounts.deletedAt} is null)`,
      ),
      db.insert(responders).values(row),
      claimRoutes(db, save),
      keepRevision(db, save),
      raiseRoutes(db, row.accountId),
    ]);
    return { kind: "saved" };
  } catch (error) {
    return endingOf(error);
  }
};

/** Over the revision before `save.row.revision`, or nothing. */
export const replaceResponder = async (db: Db, save: Save): Promise<SaveEnding> => {
  const { row } = save;
  const { id, accountId, createdAt: _, ...changed } = row;
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  try {
    await db.batch([
      assert(
        db,
        sql`exists (select 1 from ${responders} where ${responders.id} = ${id} and ${responders.accountId} = ${accountId}
          and ${responders.revision} = ${row.revision - 1})`,
      ),
      db.update(responders).set(changed).where(mine),
      db.delete(responderRoutes).where(eq(responderRoutes.responderId, id)),
      claimRoutes(db, save),
      keepRevision(db, save),
      db
        .delete(responderRevisions)
        .where(
          and(
            eq(responderRevisions.responderId, id),
            lt(responderRevisions.revision, row.revision - KEPT_REVISIONS + 1),
          ),
        ),
      raiseRoutes(db, accountId),
    ]);
    return { kind: "saved" };
  } catch (error) {
    return endingOf(error);
  }
};

export const deleteResponder = async (
  db: Db,
  accountId: string,
  id: string,
  revision: number,
): Promise<"deleted" | "overtaken"> => {
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  try {
    await db.batch([
      assert(
        db,
        sql`not exists (select 1 from ${responders} where ${responders.id} = ${id} and ${responders.revision} <> ${revision})`,
      ),
      db.delete(responders).where(mine),
      db.delete(responderRoutes).where(eq(responderRoutes.responderId, id)),
      db.delete(responderRevisions).where(eq(responderRevisions.responderId, id)),
      raiseRoutes(db, accountId),
    ]);
    return "deleted";
  } catch (error) {
    if (endingOf(error).kind === "overtaken") return "overtaken";
    throw error;
  }
};

export const findResponder = async (
  db: Db,
  accountId: string,
  id: string,
): Promise<ResponderRow | undefined> => {
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  const [row] = await db.select().from(responders).where(mine);
  return row;
};

export const countResponders = (db: Db, accountId: string): Promise<number> =>
  db.$count(responders, eq(responders.accountId, accountId));

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
  const { definition: _, ...columns } = responderRevisions._.columns;
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

/** The oldest of an account's responders, up to `limit`. */
export const routedLines = (
  db: Db,
  accountId: string,
  limit: number,
): Promise<readonly { readonly id: string; readonly routed: string }[]> =>
  db
    .select({ id: responders.id, routed: responders.routed })
    .from(responders)
    .where(eq(responders.accountId, accountId))
    .orderBy(responders.id)
    .limit(limit);

/** These, with their routes and revisions. */
export const eraseResponders = async (db: Db, ids: readonly string[]): Promise<void> => {
  const named = sql`(select value from json_each(${JSON.stringify(ids)}))`;
  await db.batch([
    db.delete(responderRevisions).where(sql`${responderRevisions.responderId} in ${named}`),
    db.delete(responderRoutes).where(sql`${responderRoutes.responderId} in ${named}`),
    db.delete(responders).where(sql`${responders.id} in ${named}`),
  ]);
};
