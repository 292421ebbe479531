import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import type { IfMatch } from "../../lib/etag.ts";
import type { LibraryDeps } from "./deps.ts";
import { type Difference, differenceOf } from "./difference.ts";
import type { CarryOut } from "./save.ts";
import { noScript, noVersion, parseLanguage } from "./script.ts";
import type { ScriptVersion, VersionHead } from "./script.ts";
import { findVersion, hasScript, listVersionHeads, nameOfScript } from "./store.ts";

export interface VersionPage {
  readonly limit: number;
  /** The last version of the page before. */
  readonly before: number | undefined;
}

const versionOf = async (deps: LibraryDeps, id: string, version: number): Promise<ScriptVersion> => {
  const row = await findVersion(deps.db, id, version);
  if (row === undefined) throw noVersion();
  const { source, language, createdAt, createdBy } = row;
  return { version, source, language: parseLanguage(language), createdAt, createdBy };
};

const assertMine = async (deps: LibraryDeps, principal: Principal, id: string): Promise<void> => {
  if (!(await hasScript(deps.db, principal.account.id, id))) throw noScript();
};

/** Scope `scripts:read`. Newest first. Up to one item more than asked for: that there is one tells of another page. */
export const listVersions = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  { limit, before }: VersionPage,
): Promise<readonly VersionHead[]> => {
  requireScope(principal, "scripts:read");
  await assertMine(deps, principal, id);
  const rows = await listVersionHeads(deps.db, id, limit, before);
  return rows.map(({ version, language, createdAt, createdBy }) => ({
    version,
    language: parseLanguage(language),
    createdAt,
    createdBy,
  }));
};

/** Scope `scripts:read`. */
export const readVersion = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  version: number,
): Promise<ScriptVersion> => {
  requireScope(principal, "scripts:read");
  await assertMine(deps, principal, id);
  return versionOf(deps, id, version);
};

/** Scope `scripts:read`. What changed from one version to another; 0 is an empty source. */
export const compareVersions = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  { from, to }: { readonly from: number; readonly to: number },
): Promise<Difference> => {
  requireScope(principal, "scripts:read");
  const name = await nameOfScript(deps.db, principal.account.id, id);
  if (name === undefined) throw noScript();
  const [older, newer] = await Promise.all([
    from === 0 ? { source: "" } : versionOf(deps, id, from),
    versionOf(deps, id, to),
  ]);
  return differenceOf(
    { name: from === 0 ? "/dev/null" : `scripts/${name}@${from}`, text: older.source },
    { name: `scripts/${name}@${to}`, text: newer.source },
  );
};

/** Scope `scripts:write`. Makes a version of the source of an earlier one, checked again. */
export const restoreVersion = <Result>(
  deps: LibraryDeps,
  carryOut: CarryOut<Result>,
  principal: Principal,
  id: string,
  version: number,
  ifMatch: IfMatch,
): Promise<Result> => {
  requireScope(principal, "scripts:write");
  return carryOut(deps, principal, id, ifMatch, async () => {
    const { source, language } = await versionOf(deps, id, version);
    return { publish: { source, language } };
  });
};
