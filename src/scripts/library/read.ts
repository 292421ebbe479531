import { requireScope } from "../../accounts/index.ts";
import type { PageRequest, Principal } from "../../accounts/index.ts";
import { readUnit } from "../read-compiled.ts";
import type { LibraryDeps } from "./deps.ts";
import { noScript, readDraft, summaryOf } from "./script.ts";
import type { Script, ScriptSummary } from "./script.ts";
import { findScript, listSummaries } from "./store.ts";
import { importersOf } from "./uses/store.ts";

export const scriptOf = async (
  { db, followers }: Pick<LibraryDeps, "db" | "followers">,
  accountId: string,
  id: string,
): Promise<Script> => {
  const [found, responders, scripts] = await Promise.all([
    findScript(db, accountId, id),
    followers.usersOf(id),
    importersOf(db, id),
  ]);
  if (found === undefined) throw noScript();
  const { script, latest } = found;
  return {
    ...summaryOf({ ...script, language: latest?.language ?? null }),
    source: latest?.source ?? null,
    form: latest === null ? null : (readUnit(JSON.parse(latest.compiled))?.form ?? null),
    draft: readDraft(script.draft),
    usedBy: { responders, scripts },
  };
};

/** Scope `scripts:read`. */
export const readScript = (deps: LibraryDeps, principal: Principal, id: string): Promise<Script> => {
  requireScope(principal, "scripts:read");
  return scriptOf(deps, principal.account.id, id);
};

/** Scope `scripts:read`. Newest first. Up to one item more than `page.limit`: that there is one tells of another page. */
export const listScripts = async (
  deps: LibraryDeps,
  principal: Principal,
  page: PageRequest,
): Promise<readonly ScriptSummary[]> => {
  requireScope(principal, "scripts:read");
  return (await listSummaries(deps.db, principal.account.id, page)).map(summaryOf);
};
