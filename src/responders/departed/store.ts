import { asc, sql } from "drizzle-orm";
import { schema } from "../../storage/index.ts";
import type { Db } from "../../storage/index.ts";

const { departedResponders } = schema;

const oneOf = (ids: readonly string[]) =>
  // One parameter however many ids: D1 takes a hundred at most.
  sql`${departedResponders.id} in (select value from json_each(${JSON.stringify(ids)}))`;

/** Part of the transaction that deletes them. */
export const noteDeparted = (db: Db, ids: readonly string[]) =>
  db
    .insert(departedResponders)
    .select(sql`select value, 0 from json_each(${JSON.stringify(ids)}) where true`)
    .onConflictDoNothing();

/** Those that were never tried first, then whoever was tried longest ago. */
export const listDeparted = async (db: Db, limit: number): Promise<readonly string[]> => {
  const rows = await db
    .select({ id: departedResponders.id })
    .from(departedResponders)
    .orderBy(asc(departedResponders.triedAt))
    .limit(limit);
  return rows.map(({ id }) => id);
};

export const forgetDeparted = async (db: Db, ids: readonly string[]): Promise<void> => {
  if (ids.length > 0) await db.delete(departedResponders).where(oneOf(ids));
};

export const markTried = async (db: Db, ids: readonly string[], now: number): Promise<void> => {
  if (ids.length > 0) await db.update(departedResponders).set({ triedAt: now }).where(oneOf(ids));
};
