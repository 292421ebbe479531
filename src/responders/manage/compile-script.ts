import type { Account } from "../../accounts/index.ts";
import { invalid, refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import {
  faultText,
  type Library,
  type Linked,
  scriptWarnings,
  type ScriptFault,
  shareOf,
} from "../../scripts/index.ts";
import type { SecretHead } from "../../secrets/index.ts";
import { grantedNames } from "../grants/granted-names.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";

export type CompileDeps = Pick<ManageDeps, "compile" | "link">;
type Scripted = Pick<Definition, "script" | "kv" | "secrets" | "egress" | "upstream">;

/** What of its account's a definition may name. */
export interface Nameable {
  readonly library: Library;
  /** None where the definition grants none. */
  readonly secrets: readonly SecretHead[];
}

/** A script with all that it imports, ready to run. */
export type LinkedScript = Extract<Linked, { readonly kind: "linked" }>;

export interface CompiledScript {
  /** `null` without a script. */
  readonly linked: LinkedScript | null;
  readonly warnings: readonly FieldError[];
}

const refused = (errors: readonly FieldError[]) => ({ kind: "refused", errors }) as const;

/** A fault in a source of the library is told by its file: line and column are of the responder's own. */
const faultIn = (path: string, fault: ScriptFault, file = fault.file): FieldError => {
  const { message, line, column } = fault;
  return file === undefined ? { path, message, line, column } : { path, message: faultText(file, fault) };
};

/** What a definition's script becomes, or why it does not; `null` without one. */
export const linkScript = async (
  deps: CompileDeps,
  account: Account,
  { script, upstream }: Pick<Definition, "script" | "upstream">,
  library: Library,
): Promise<LinkedScript | { readonly kind: "refused"; readonly errors: readonly FieldError[] } | null> => {
  if (script === null) return null;
  const hasUpstream = upstream !== null;
  const share = shareOf(account, "compile");
  const as = { as: "responder", hasUpstream, load: library.load, share } as const;
  if ("scriptId" in script) {
    const name = await library.nameOf(script.scriptId);
    if (name === undefined) {
      return refused([{ path: "script.ref", message: "The script that this named has been deleted." }]);
    }
    const version = script.wanted === 0 ? null : script.wanted;
    const linked = await deps.link({ ...as, main: { name, version } });
    if (linked.kind === "linked") return linked;
    return refused(
      linked.errors.map((fault) => faultIn("script.ref", fault, fault.file ?? `scripts/${name}`)),
    );
  }
  const compiled = await deps.compile({ ...script, share: as.share });
  const linked = compiled.kind === "refused" ? compiled : await deps.link({ ...as, main: compiled.unit });
  return linked.kind === "linked"
    ? linked
    : refused(linked.errors.map((fault) => faultIn("script.source", fault)));
};

/** Throws `invalid` with line and column when the script does not compile. */
export const compileScript = async (
  deps: CompileDeps,
  account: Account,
  definition: Scripted,
  { library, secrets }: Nameable,
  under = "",
): Promise<CompiledScript> => {
  const linked = await linkScript(deps, account, definition, library);
  if (linked === null) return { linked, warnings: [] };
  if (linked.kind === "refused") {
    refuse(linked.errors.map((error) => ({ ...error, path: `${under}${error.path}` })));
    throw invalid("script", "The script does not compile.");
  }
  const granted = { mode: definition.secrets.mode, names: grantedNames(definition.secrets, secrets) };
  const { kv, egress, upstream } = definition;
  const hasUpstream = upstream !== null;
  return { linked, warnings: scriptWarnings(linked, { kv, egress, hasUpstream, secrets: granted }) };
};
