import { and, asc, desc, eq, type SQL, sql } from "drizzle-orm";
import type { ResponderUser, ScriptUse } from "../../../scripts/index.ts";
import { condition, type Db, schema, type Statement } from "../../../storage/index.ts";

const { responders, responderScripts } = schema;

/** What of the library a responder is made of. */
export interface Uses {
  readonly responderId: string;
  readonly uses: readonly ScriptUse[];
}

const oneOf = (ids: readonly string[]): SQL =>
  // One parameter however many ids: D1 takes a hundred at most.
  sql`${responderScripts.responderId} in (select value from json_each(${JSON.stringify(ids)}))`;

export const insertUses = (db: Db, accountId: string, all: readonly Uses[]) => {
  const rows = all.flatMap(({ responderId, uses }) =>
    uses.map(({ scriptId, wanted, version }) => ({ responderId, scriptId, wanted, version })),
  );
  return db.insert(responderScripts).select(
    sql`select value ->> 'responderId', ${accountId}, value ->> 'scriptId', value ->> 'wanted', value ->> 'version'
        from json_each(${JSON.stringify(rows)}) where true`,
  );
};

export const dropUses = (db: Db, ids: readonly string[]) => db.delete(responderScripts).where(oneOf(ids));

const using = eq(responders.id, responderScripts.responderId);

/** Whose script is not simply the one of the library: a source that imports, or another script that does. */
const hasName = (scriptId: string): SQL =>
  sql`${responders.definition} ->> '$.script.scriptId' is not ${scriptId}`;

const usersWhere = (db: Db, where: SQL | undefined): Promise<readonly ResponderUser[]> =>
  db
    .select({
      id: responders.id,
      name: responders.name,
      wanted: responderScripts.wanted,
      version: responderScripts.version,
    })
    .from(responderScripts)
    .innerJoin(responders, using)
    .where(where)
    .orderBy(asc(responders.name), asc(responderScripts.wanted));

/** The responders that are made of the script. */
export const usersOf = (db: Db, scriptId: string): Promise<readonly ResponderUser[]> =>
  usersWhere(db, eq(responderScripts.scriptId, scriptId));

/** …and do not name it as the script that they are. */
export const readersOfName = (db: Db, scriptId: string): Promise<readonly ResponderUser[]> =>
  usersWhere(db, and(eq(responderScripts.scriptId, scriptId), hasName(scriptId)));

/** Holds while no responder is made of the script. */
export const unused = (db: Db, scriptId: string): Statement =>
  condition(
    db,
    sql`not exists (select 1 from ${responderScripts} where ${responderScripts.scriptId} = ${scriptId})`,
  );

/** Holds while no responder may import it by its name. */
export const unread = (db: Db, scriptId: string): Statement =>
  condition(
    db,
    sql`not exists (select 1 from ${responderScripts} join ${responders} on ${using}
      where ${responderScripts.scriptId} = ${scriptId} and ${hasName(scriptId)})`,
  );

/** Those that follow the latest version, newest first. */
export const followerIds = async (db: Db, scriptId: string, limit: number): Promise<readonly string[]> => {
  const rows = await db
    .select({ id: responderScripts.responderId })
    .from(responderScripts)
    .where(and(eq(responderScripts.scriptId, scriptId), eq(responderScripts.wanted, 0)))
    .orderBy(desc(responderScripts.responderId))
    .limit(limit);
  return rows.map(({ id }) => id);
};

/** Holds while just these follow the latest version, each as it was seen. */
export const followedBy = (
  db: Db,
  scriptId: string,
  seen: readonly { readonly id: string; readonly revision: number }[],
): Statement =>
  condition(
    db,
    sql`(select count(*) from ${responderScripts}
        where ${responderScripts.scriptId} = ${scriptId} and ${responderScripts.wanted} = 0) = ${seen.length}
      and (select count(*) from json_each(${JSON.stringify(seen)}) as seen join ${responders}
        on ${responders.id} = seen.value ->> 'id' and ${responders.revision} = seen.value ->> 'revision') = ${seen.length}`,
  );
