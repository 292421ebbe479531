import { and, asc, count, gt, sql } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";
import type { Bound, Wrapping } from "../envelope.ts";

const { secrets } = schema;

export type WrappedRow = Bound & Wrapping;

/** Of all accounts, by id: those that one of these master keys wraps. */
export const listWrappedBy = (
  db: Db,
  masterKeyIds: readonly string[],
  after: string,
  limit: number,
): Promise<readonly WrappedRow[]> =>
  db
    .select({
      id: secrets.id,
      accountId: secrets.accountId,
      version: secrets.version,
      hosts: secrets.hosts,
      places: secrets.places,
      wrapped: secrets.wrapped,
      masterKeyId: secrets.masterKeyId,
    })
    .from(secrets)
    .where(
      and(
        sql`${secrets.masterKeyId} in (select value from json_each(${JSON.stringify(masterKeyIds)}))`,
        gt(secrets.id, after),
      ),
    )
    .orderBy(asc(secrets.id))
    .limit(limit);

/** How many secrets each master key wraps. */
export const countByMasterKey = (
  db: Db,
): Promise<readonly { readonly masterKeyId: string; readonly secrets: number }[]> =>
  db
    .select({ masterKeyId: secrets.masterKeyId, secrets: count() })
    .from(secrets)
    .groupBy(secrets.masterKeyId);

export interface NewWrap {
  readonly id: string;
  /** What it was made from. */
  readonly was: string;
  readonly wrapped: string;
}

/** Only where `was` still stands: a save in between wrapped for itself. Returns how many were written. */
export const writeWraps = async (db: Db, wraps: readonly NewWrap[], masterKeyId: string): Promise<number> => {
  const { meta } = await db
    .update(secrets)
    .set({ wrapped: sql`given.value ->> 'wrapped'`, masterKeyId })
    // One parameter however many: D1 takes a hundred at most.
    .from(sql`json_each(${JSON.stringify(wraps)}) as given`)
    .where(sql`${secrets.id} = given.value ->> 'id' and ${secrets.wrapped} = given.value ->> 'was'`);
  return meta.changes;
};
