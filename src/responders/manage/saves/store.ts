import { and, eq, lt, sql } from "drizzle-orm";
import { condition, isUnmet, schema, violatedColumns } from "../../../storage/index.ts";
import type { Db, Statement } from "../../../storage/index.ts";
import { libraryHolds, type ScriptUse } from "../../../scripts/index.ts";
import { noteDeparted } from "../../departed/store.ts";
import type { ResponderRow } from "../store.ts";
import { dropUses, followedBy, insertUses, type Uses } from "../uses/store.ts";

const { accounts, responders, responderRevisions, responderRoutes } = schema;

/** Everything that one save writes. */
export interface Save {
  readonly row: ResponderRow;
  readonly claim: Claim;
  /** What of the library it is made of. */
  readonly uses: readonly ScriptUse[];
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
const USES_AT_ONCE = 50;

const endingOf = (error: unknown): SaveEnding => {
  const columns = violatedColumns(error);
  if (columns?.includes("responder_routes.shape") === true) return { kind: "route-taken" };
  if (columns?.includes("responders.name") === true) return { kind: "name-taken" };
  if (isUnmet(error)) return { kind: "overtaken" };
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

/** A statement's parameter ends at 2 MB. */
const inParts = (uses: readonly Uses[]): readonly (readonly Uses[])[] =>
  Array.from({ length: Math.ceil(uses.length / USES_AT_ONCE) }, (_, part) =>
    uses.slice(part * USES_AT_ONCE, (part + 1) * USES_AT_ONCE),
  );

const distinct = (uses: readonly ScriptUse[]): readonly ScriptUse[] => [
  ...new Map(uses.map((use) => [`${use.scriptId}@${use.wanted}`, use])).values(),
];

/** A version that was published meanwhile overtakes the save: it would not reach what this one writes. */
const writeUses = (db: Db, { row, uses }: Save): readonly Statement[] =>
  uses.length === 0
    ? []
    : [libraryHolds(db, row.accountId, uses), insertUses(db, row.accountId, [{ responderId: row.id, uses }])];

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
      condition(
        db,
        sql`(select count(*) from ${responders} where ${responders.accountId} = ${row.accountId}) < ${maxResponders}
          and exists (select 1 from ${accounts} where ${accounts.id} = ${row.accountId} and ${accounts.deletedAt} is null)`,
      ),
      db.insert(responders).values(row),
      ...writeUses(db, save),
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
      condition(
        db,
        sql`exists (select 1 from ${responders} where ${responders.id} = ${id} and ${responders.accountId} = ${accountId}
          and ${responders.revision} = ${row.revision - 1})`,
      ),
      db.update(responders).set(changed).where(mine),
      db.delete(responderRoutes).where(eq(responderRoutes.responderId, id)),
      claimRoutes(db, save),
      dropUses(db, [id]),
      ...writeUses(db, save),
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

/** What another program changes of a responder: its definition, and so its revision, stay. */
export type RelinkedRow = Pick<ResponderRow, "id" | "routed" | "secretUse"> & {
  readonly program: string;
  readonly programHash: string;
};

/** All that follow a script, with what they are made of now. */
export interface Relinking {
  readonly scriptId: string;
  readonly seen: readonly { readonly id: string; readonly revision: number }[];
  readonly rows: readonly RelinkedRow[];
  readonly uses: readonly Uses[];
}

/** In the transaction that makes the script's new version the latest, after it. */
export const relinkRows = (
  db: Db,
  accountId: string,
  { scriptId, seen, rows, uses }: Relinking,
): readonly Statement[] => [
  followedBy(db, scriptId, seen),
  ...(rows.length === 0
    ? []
    : [
        // Two publishes at once: the one of another script has changed what these were linked with.
        libraryHolds(db, accountId, distinct(uses.flatMap((each) => each.uses))),
        ...rows.map(({ id, ...changed }) => db.update(responders).set(changed).where(eq(responders.id, id))),
        dropUses(
          db,
          seen.map(({ id }) => id),
        ),
        ...inParts(uses).map((part) => insertUses(db, accountId, part)),
        raiseRoutes(db, accountId),
      ]),
];

export const deleteResponder = async (
  db: Db,
  accountId: string,
  id: string,
  revision: number,
): Promise<"deleted" | "overtaken"> => {
  const mine = and(eq(responders.id, id), eq(responders.accountId, accountId));
  try {
    await db.batch([
      condition(
        db,
        sql`not exists (select 1 from ${responders} where ${responders.id} = ${id} and ${responders.revision} <> ${revision})`,
      ),
      db.delete(responders).where(mine),
      db.delete(responderRoutes).where(eq(responderRoutes.responderId, id)),
      db.delete(responderRevisions).where(eq(responderRevisions.responderId, id)),
      dropUses(db, [id]),
      noteDeparted(db, [id]),
      raiseRoutes(db, accountId),
    ]);
    return "deleted";
  } catch (error) {
    if (endingOf(error).kind === "overtaken") return "overtaken";
    throw error;
  }
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

/** These, with their routes and revisions; their Durable Objects are noted to be emptied. */
export const eraseResponders = async (db: Db, ids: readonly string[]): Promise<void> => {
  const named = sql`(select value from json_each(${JSON.stringify(ids)}))`;
  await db.batch([
    db.delete(responderRevisions).where(sql`${responderRevisions.responderId} in ${named}`),
    db.delete(responderRoutes).where(sql`${responderRoutes.responderId} in ${named}`),
    db.delete(responders).where(sql`${responders.id} in ${named}`),
    dropUses(db, ids),
    noteDeparted(db, ids),
  ]);
};
