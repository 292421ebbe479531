import { and, asc, count, gt, sql } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";
import type { Bound, Wrapping } from "../envelope.ts";

const { secrets, signingSecrets } = schema;

/** Every table that holds data keys which a master key wraps. */
export const SEALED_TABLES = [secrets, signingSecrets] as const;
export type SealedTable = (typeof SEALED_TABLES)[number];

export type WrappedRow = Bound & Wrapping;

/** What is never sent anywhere has no hosts and no places: it is sealed with none. */
const termsOf = (table: SealedTable) =>
  "hosts" in table
    ? { hosts: sql<string>`${table.hosts}`, places: sql<string>`${table.places}` }
    : { hosts: sql<string>`'[]'`, places: sql<string>`'[]'` };

/** Of all accounts, by id: those that one of these master keys wraps. */
export const listWrappedBy = (
  db: Db,
  table: SealedTable,
  masterKeyIds: readonly string[],
  after: string,
  limit: number,
): Promise<readonly WrappedRow[]> =>
  db
    .select({
      id: table.id,
      accountId: table.accountId,
      version: table.version,
      ...termsOf(table),
      wrapped: table.wrapped,
      masterKeyId: table.masterKeyId,
    })
    .from(table)
    .where(
      and(
        sql`${table.masterKeyId} in (select value from json_each(${JSON.stringify(masterKeyIds)}))`,
        gt(table.id, after),
      ),
    )
    .orderBy(asc(table.id))
    .limit(limit);

/** How many data keys of a table each master key wraps. */
export const countByMasterKey = (
  db: Db,
  table: SealedTable,
): Promise<readonly { readonly masterKeyId: string; readonly wrapped: number }[]> =>
  db.select({ masterKeyId: table.masterKeyId, wrapped: count() }).from(table).groupBy(table.masterKeyId);

export interface NewWrap {
  readonly id: string;
  /** What it was made from. */
  readonly was: string;
  readonly wrapped: string;
}

/** Only where `was` still stands: a save in between wrapped for itself. Returns how many were written. */
export const writeWraps = async (
  db: Db,
  table: SealedTable,
  wraps: readonly NewWrap[],
  masterKeyId: string,
): Promise<number> => {
  const { meta } = await db
    .update(table)
    .set({ wrapped: sql`given.value ->> 'wrapped'`, masterKeyId })
    // One parameter however many: D1 takes a hundred at most.
    .from(sql`json_each(${JSON.stringify(wraps)}) as given`)
    .where(sql`${table.id} = given.value ->> 'id' and ${table.wrapped} = given.value ->> 'was'`);
  return meta.changes;
};
