import { and, desc, eq, getTableColumns, lt, sql } from "drizzle-orm";
import type { PageRequest } from "../../accounts/index.ts";
import { type Db, schema } from "../../storage/index.ts";

const { scripts, scriptVersions } = schema;

export type ScriptRow = typeof scripts.$inferSelect;
export type VersionRow = typeof scriptVersions.$inferSelect;
export type VersionHeadRow = Omit<VersionRow, "source" | "compiled">;
export type SummaryRow = Omit<ScriptRow, "draft"> & { readonly language: string | null };

const { draft: _draft, ...summaryColumns } = getTableColumns(scripts);
const { source: _source, compiled: _compiled, ...versionHeadColumns } = getTableColumns(scriptVersions);

const latestOf = and(eq(scriptVersions.scriptId, scripts.id), eq(scriptVersions.version, scripts.latest));

/** With its latest version, which a script that is only a draft has not. */
export const findScript = async (
  db: Db,
  accountId: string,
  id: string,
): Promise<{ readonly script: ScriptRow; readonly latest: VersionRow | null } | undefined> => {
  const [row] = await db
    .select({ script: scripts, latest: scriptVersions })
    .from(scripts)
    .leftJoin(scriptVersions, latestOf)
    .where(and(eq(scripts.id, id), eq(scripts.accountId, accountId)));
  return row;
};

/** Whether the account has it: without reading its texts. */
export const hasScript = async (db: Db, accountId: string, id: string): Promise<boolean> =>
  (await db.$count(scripts, and(eq(scripts.id, id), eq(scripts.accountId, accountId)))) > 0;

export const countScripts = (db: Db, accountId: string): Promise<number> =>
  db.$count(scripts, eq(scripts.accountId, accountId));

export const holderOfName = async (db: Db, accountId: string, name: string): Promise<string | undefined> => {
  const [holder] = await db
    .select({ id: scripts.id })
    .from(scripts)
    .where(and(eq(scripts.accountId, accountId), eq(scripts.name, name)));
  return holder?.id;
};

/** Newest first; one more than the page holds tells that there is another. */
export const listSummaries = (db: Db, accountId: string, page: PageRequest): Promise<readonly SummaryRow[]> =>
  db
    .select({ ...summaryColumns, language: scriptVersions.language })
    .from(scripts)
    .leftJoin(scriptVersions, latestOf)
    .where(
      and(
        eq(scripts.accountId, accountId),
        page.after === undefined ? undefined : lt(scripts.id, page.after),
        page.q === undefined ? undefined : sql`instr(lower(${scripts.name}), lower(${page.q})) > 0`,
      ),
    )
    .orderBy(desc(scripts.id))
    .limit(page.limit + 1);

export const findVersion = async (
  db: Db,
  scriptId: string,
  version: number,
): Promise<VersionRow | undefined> => {
  const [row] = await db
    .select()
    .from(scriptVersions)
    .where(and(eq(scriptVersions.scriptId, scriptId), eq(scriptVersions.version, version)));
  return row;
};

/** Newest first, one more than asked for; `before` is the last version of the page before. */
export const listVersionHeads = (
  db: Db,
  scriptId: string,
  limit: number,
  before: number | undefined,
): Promise<readonly VersionHeadRow[]> =>
  db
    .select(versionHeadColumns)
    .from(scriptVersions)
    .where(
      and(
        eq(scriptVersions.scriptId, scriptId),
        before === undefined ? undefined : lt(scriptVersions.version, before),
      ),
    )
    .orderBy(desc(scriptVersions.version))
    .limit(limit + 1);

/** A version with what it was compiled to. */
export interface UnitRow {
  readonly scriptId: string;
  readonly name: string;
  readonly version: number;
  readonly compiled: string;
}

/** `null` is the latest version. */
export const findUnit = async (
  db: Db,
  accountId: string,
  by: { readonly name: string } | { readonly scriptId: string },
  version: number | null,
): Promise<UnitRow | undefined> => {
  const [row] = await db
    .select({
      scriptId: scripts.id,
      name: scripts.name,
      version: scriptVersions.version,
      compiled: scriptVersions.compiled,
    })
    .from(scripts)
    .innerJoin(scriptVersions, eq(scriptVersions.scriptId, scripts.id))
    .where(
      and(
        eq(scripts.accountId, accountId),
        "name" in by ? eq(scripts.name, by.name) : eq(scripts.id, by.scriptId),
        eq(scriptVersions.version, version ?? scripts.latest),
      ),
    );
  return row;
};

export const nameOfScript = async (db: Db, accountId: string, id: string): Promise<string | undefined> => {
  const [row] = await db
    .select({ name: scripts.name })
    .from(scripts)
    .where(and(eq(scripts.id, id), eq(scripts.accountId, accountId)));
  return row?.name;
};

/** The names of these, by their ids; one that is gone is not there. */
export const namesOfScripts = async (
  db: Db,
  accountId: string,
  ids: readonly string[],
): Promise<ReadonlyMap<string, string>> => {
  if (ids.length === 0) return new Map();
  const rows = await db
    .select({ id: scripts.id, name: scripts.name })
    .from(scripts)
    .where(
      and(
        eq(scripts.accountId, accountId),
        // One parameter however many ids: D1 takes a hundred at most.
        sql`${scripts.id} in (select value from json_each(${JSON.stringify(ids)}))`,
      ),
    );
  return new Map(rows.map(({ id, name }) => [id, name]));
};
