import { and, eq, lte, sql } from "drizzle-orm";
import {
  condition,
  type Db,
  isUnmet,
  schema,
  type Statement,
  violatedColumns,
} from "../../../storage/index.ts";
import type { ScriptUse } from "../../compiled.ts";
import type { ScriptRow, VersionRow } from "../store.ts";

const { accounts, responderScripts, scriptImports, scripts, scriptVersions } = schema;

/** A version that is made, and what its source imports. */
export interface NewVersion {
  readonly row: VersionRow;
  readonly imports: readonly { readonly importedId: string; readonly wanted: number }[];
  /** What of the library it was checked with, itself apart. */
  readonly uses: readonly ScriptUse[];
}

/** Everything that one save writes. */
export interface ScriptSave {
  readonly row: ScriptRow;
  /** `null`: only the script's own fields change. */
  readonly version: NewVersion | null;
  /** Other conditions, and what others write in the same transaction. */
  readonly also: readonly Statement[];
}

/** `overtaken`: what the save counted on is no longer so. Nothing was written. */
export type ScriptSaveEnding = "saved" | "overtaken" | "name-taken";

/** Older ones that nobody is made of, or asks for, are dropped: a script that is saved by a machine has no end. */
export const KEPT_VERSIONS = 200;

/** That the library is still as a linking saw it: names, versions, and which is the latest. */
export const libraryHolds = (db: Db, accountId: string, uses: readonly ScriptUse[]): Statement =>
  condition(
    db,
    sql`not exists (
      select 1 from json_each(${JSON.stringify(uses)}) as used
      left join ${scripts} on ${scripts.id} = used.value ->> 'scriptId' and ${scripts.accountId} = ${accountId}
      left join ${scriptVersions} on ${scriptVersions.scriptId} = ${scripts.id}
        and ${scriptVersions.version} = used.value ->> 'version'
      where ${scriptVersions.version} is null
        or ${scripts.name} <> used.value ->> 'name'
        or (used.value ->> 'wanted' = 0 and ${scripts.latest} <> used.value ->> 'version'))`,
  );

const writeVersion = (
  db: Db,
  accountId: string,
  { row, imports, uses }: NewVersion,
): readonly Statement[] => [
  libraryHolds(db, accountId, uses),
  db.insert(scriptVersions).values(row),
  db
    .insert(scriptImports)
    .select(
      sql`select ${row.scriptId}, ${row.version}, value ->> 'importedId', value ->> 'wanted'
        from json_each(${JSON.stringify(imports)}) where true`,
    )
    .onConflictDoNothing(),
];

const dropOldVersions = (db: Db, { row }: NewVersion): readonly Statement[] => [
  db.delete(scriptVersions).where(
    and(
      eq(scriptVersions.scriptId, row.scriptId),
      lte(scriptVersions.version, row.version - KEPT_VERSIONS),
      sql`not exists (select 1 from ${responderScripts} where ${responderScripts.scriptId} = ${row.scriptId}
          and ${responderScripts.version} = ${scriptVersions.version})`,
      sql`not exists (select 1 from ${scriptImports} where ${scriptImports.importedId} = ${row.scriptId}
          and ${scriptImports.wanted} = ${scriptVersions.version})`,
    ),
  ),
  db.delete(scriptImports).where(
    and(
      eq(scriptImports.scriptId, row.scriptId),
      sql`not exists (select 1 from ${scriptVersions} where ${scriptVersions.scriptId} = ${row.scriptId}
          and ${scriptVersions.version} = ${scriptImports.version})`,
    ),
  ),
];

const endingOf = (error: unknown): ScriptSaveEnding => {
  if (violatedColumns(error)?.includes("scripts.name") === true) return "name-taken";
  if (isUnmet(error)) return "overtaken";
  throw error;
};

/** A new script, or nothing. */
export const insertScript = async (
  db: Db,
  { row, version, also }: ScriptSave,
  maxScripts: number,
): Promise<ScriptSaveEnding> => {
  try {
    await db.batch([
      condition(
        db,
        sql`(select count(*) from ${scripts} where ${scripts.accountId} = ${row.accountId}) < ${maxScripts}
          and exists (select 1 from ${accounts} where ${accounts.id} = ${row.accountId} and ${accounts.deletedAt} is null)`,
      ),
      db.insert(scripts).values(row),
      ...(version === null ? [] : writeVersion(db, row.accountId, version)),
      ...also,
    ]);
    return "saved";
  } catch (error) {
    return endingOf(error);
  }
};

/** Over the revision before `save.row.revision`, with all that others write for it, or nothing. */
export const replaceScript = async (
  db: Db,
  { row, version, also }: ScriptSave,
): Promise<ScriptSaveEnding> => {
  const { id, accountId, createdAt: _, ...changed } = row;
  try {
    await db.batch([
      condition(
        db,
        sql`exists (select 1 from ${scripts} where ${scripts.id} = ${id} and ${scripts.accountId} = ${accountId}
          and ${scripts.revision} = ${row.revision - 1})`,
      ),
      ...(version === null ? [] : writeVersion(db, accountId, version)),
      db.update(scripts).set(changed).where(eq(scripts.id, id)),
      ...also,
      ...(version === null ? [] : dropOldVersions(db, version)),
    ]);
    return "saved";
  } catch (error) {
    return endingOf(error);
  }
};

/** That no other script's latest version imports it. */
const unimported = (db: Db, id: string): Statement =>
  condition(
    db,
    sql`not exists (select 1 from ${scriptImports} join ${scripts} on ${scripts.id} = ${scriptImports.scriptId}
      and ${scripts.latest} = ${scriptImports.version}
      where ${scriptImports.importedId} = ${id} and ${scriptImports.scriptId} <> ${id})`,
  );

/** That no other script's source that counts reads its name: a latest version, or one that a responder is made of. */
export const unreadByScripts = (db: Db, id: string): Statement =>
  condition(
    db,
    sql`not exists (select 1 from ${scriptImports} join ${scripts} on ${scripts.id} = ${scriptImports.scriptId}
      where ${scriptImports.importedId} = ${id} and (${scripts.latest} = ${scriptImports.version}
        or exists (select 1 from ${responderScripts} where ${responderScripts.scriptId} = ${scriptImports.scriptId}
          and ${responderScripts.version} = ${scriptImports.version})))`,
  );

/** With its versions, unless it is used. */
export const deleteScript = async (
  db: Db,
  id: string,
  revision: number,
  unused: Statement,
): Promise<"deleted" | "overtaken"> => {
  try {
    await db.batch([
      condition(
        db,
        sql`not exists (select 1 from ${scripts} where ${scripts.id} = ${id} and ${scripts.revision} <> ${revision})`,
      ),
      unimported(db, id),
      unused,
      db.delete(scripts).where(eq(scripts.id, id)),
      db.delete(scriptVersions).where(eq(scriptVersions.scriptId, id)),
      db.delete(scriptImports).where(eq(scriptImports.scriptId, id)),
    ]);
    return "deleted";
  } catch (error) {
    if (isUnmet(error)) return "overtaken";
    throw error;
  }
};

/** Up to `limit` of an account's scripts, with their versions. Returns how many went. */
export const eraseSome = async (db: Db, accountId: string, limit: number): Promise<number> => {
  const rows = await db
    .select({ id: scripts.id })
    .from(scripts)
    .where(eq(scripts.accountId, accountId))
    .limit(limit);
  const named = sql`(select value from json_each(${JSON.stringify(rows.map(({ id }) => id))}))`;
  await db.batch([
    db.delete(scriptImports).where(sql`${scriptImports.scriptId} in ${named}`),
    db.delete(scriptVersions).where(sql`${scriptVersions.scriptId} in ${named}`),
    db.delete(scripts).where(sql`${scripts.id} in ${named}`),
  ]);
  return rows.length;
};
