import { and, asc, eq, exists, or, sql } from "drizzle-orm";
import { type Db, schema } from "../../../storage/index.ts";
import type { ScriptUser } from "../script.ts";

const { responderScripts, scriptImports, scripts } = schema;

const importing = (db: Db, importedId: string) =>
  db
    .selectDistinct({ id: scripts.id, name: scripts.name, wanted: scriptImports.wanted })
    .from(scriptImports)
    .innerJoin(scripts, eq(scripts.id, scriptImports.scriptId))
    .orderBy(asc(scripts.name), asc(scriptImports.wanted))
    .$dynamic()
    .where(eq(scriptImports.importedId, importedId));

const isLatest = eq(scriptImports.version, scripts.latest);

/** Scripts whose latest version imports it. */
export const importersOf = (db: Db, importedId: string): Promise<readonly ScriptUser[]> =>
  importing(db, importedId).where(and(eq(scriptImports.importedId, importedId), isLatest));

/** …or a version that a responder is made of: all in which its name is read. */
export const readersOfName = (db: Db, importedId: string): Promise<readonly ScriptUser[]> => {
  const inUse = db
    .select({ one: sql`1` })
    .from(responderScripts)
    .where(
      and(
        eq(responderScripts.scriptId, scriptImports.scriptId),
        eq(responderScripts.version, scriptImports.version),
      ),
    );
  return importing(db, importedId).where(
    and(eq(scriptImports.importedId, importedId), or(isLatest, exists(inUse))),
  );
};
