import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { invalid } from "../../lib/errors.ts";
import type { IfMatch } from "../../lib/etag.ts";
import type { ScriptLanguage } from "../compiled.ts";
import type { LibraryDeps } from "./deps.ts";
import type { CarryOut, Change, Current } from "./save.ts";

/** A merge patch: what is not named stays as it is. */
export interface ScriptPatch {
  readonly name?: string | undefined;
  readonly description?: string | null | undefined;
  readonly source?: string | undefined;
  readonly language?: ScriptLanguage | undefined;
}

const patched =
  (patch: ScriptPatch) =>
  ({ name, description, published }: Current): Change => {
    const given = patch.description === null ? "" : patch.description;
    const fields = { name: patch.name ?? name, description: given ?? description };
    if (patch.source === undefined && patch.language === undefined) return fields;
    const source = patch.source ?? published?.source;
    if (source === undefined) throw invalid("source", "There is no version yet whose source could stay.");
    return { ...fields, publish: { source, language: patch.language ?? published?.language ?? "js" } };
  };

/** Scope `scripts:write`. Another source or language is a new version, which reaches all that follow the latest. */
export const updateScript = <Result>(
  deps: LibraryDeps,
  carryOut: CarryOut<Result>,
  principal: Principal,
  id: string,
  patch: ScriptPatch,
  ifMatch: IfMatch,
): Promise<Result> => {
  requireScope(principal, "scripts:write");
  return carryOut(deps, principal, id, ifMatch, patched(patch));
};
