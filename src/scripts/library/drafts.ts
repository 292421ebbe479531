import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import type { IfMatch } from "../../lib/etag.ts";
import type { LibraryDeps } from "./deps.ts";
import { type CarryOut, changeScript } from "./save.ts";
import type { SavedScript, ScriptSource } from "./script.ts";
import { draftWarnings } from "./version.ts";

const noDraft = (): AppError => new AppError("not-found", "The script has no draft.");

/** Scope `scripts:write`. Reaches nobody, and may be faulty: its faults are warnings. */
export const writeDraft = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  draft: ScriptSource,
  ifMatch: IfMatch,
): Promise<SavedScript> => {
  requireScope(principal, "scripts:write");
  const warnings = await draftWarnings(deps, principal, draft);
  return { ...(await changeScript(deps, principal, id, ifMatch, () => ({ draft }))), warnings };
};

/** Scope `scripts:write`. */
export const deleteDraft = async (
  deps: LibraryDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
): Promise<void> => {
  requireScope(principal, "scripts:write");
  await changeScript(deps, principal, id, ifMatch, ({ draft }) => {
    if (draft === null) throw noDraft();
    return { draft: null };
  });
};

/** Scope `scripts:write`. The draft becomes the next version, with all that this does. */
export const publishDraft = <Result>(
  deps: LibraryDeps,
  carryOut: CarryOut<Result>,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
): Promise<Result> => {
  requireScope(principal, "scripts:write");
  return carryOut(deps, principal, id, ifMatch, ({ draft }) => {
    if (draft === null) throw noDraft();
    return { draft: null, publish: draft };
  });
};
