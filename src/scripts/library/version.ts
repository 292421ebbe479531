import type { Principal } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { invalid, refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import type { CompiledUnit, ScriptFault } from "../compiled.ts";
import { faultText } from "../fault-text.ts";
import { shareOf } from "../share.ts";
import { scriptWarnings } from "../warnings.ts";
import type { LibraryDeps } from "./deps.ts";
import { type Library, openLibrary } from "./load.ts";
import type { NewVersion } from "./saves/store.ts";
import type { ScriptSource } from "./script.ts";

/** A D1 row ends at 2,000,000 bytes. */
const ROW_BYTES = 1_900_000;

/** Which version of which script. */
export interface Occasion {
  readonly id: string;
  readonly name: string;
  readonly version: number;
  readonly now: number;
}

export interface PreparedVersion {
  readonly version: NewVersion;
  /** As it will be with this version. */
  readonly library: Library;
  readonly warnings: readonly FieldError[];
}

/** `own`: how the script itself is named where it is one of the library as well. */
const fieldError = (fault: ScriptFault, own?: string): FieldError => {
  const { file, message, line, column } = fault;
  return file === undefined || file === own
    ? { path: "source", message, line, column }
    : { path: "source", message: faultText(file, fault) };
};

/** Throws `invalid` with line and column when it does not compile. */
const compileSource = async (
  deps: LibraryDeps,
  { account }: Principal,
  source: ScriptSource,
): Promise<CompiledUnit> => {
  const compiled = await deps.compile({ ...source, share: shareOf(account, "compile") });
  if (compiled.kind === "compiled") return compiled.unit;
  refuse(compiled.errors.map((fault) => fieldError(fault)));
  throw invalid("source", "The script does not compile.");
};

const under =
  (path: string) =>
  (fault: FieldError): FieldError => ({ ...fault, path });

/** Who will use the script, with which powers, is not known: only what no power mends. */
const warningsOf = (unit: CompiledUnit): readonly FieldError[] =>
  scriptWarnings(
    { program: { form: unit.form, handlers: [] }, facts: unit.facts },
    {
      secrets: { mode: "all", names: unit.facts.secrets.map(({ name }) => name) },
      egress: { mode: "public" },
      hasUpstream: true,
      kv: true,
    },
  ).map(under("source"));

/** Compiles it, and checks all that it imports. Throws `invalid`. */
export const prepareVersion = async (
  deps: LibraryDeps,
  principal: Principal,
  { id, name, version, now }: Occasion,
  source: ScriptSource,
): Promise<PreparedVersion> => {
  const { account, keyId } = principal;
  const unit = await compileSource(deps, principal, source);
  const library = openLibrary(deps.db, account.id, { scriptId: id, name, version, unit });
  const linked = await deps.link({
    main: { name, version: null },
    as: "library",
    load: library.load,
    share: shareOf(account, "compile"),
  });
  if (linked.kind === "refused") {
    refuse(linked.errors.map((fault) => fieldError(fault, `scripts/${name}`)));
    throw invalid("source", "The script does not link.");
  }
  const compiled = JSON.stringify(unit);
  if (utf8(compiled).length + utf8(source.source).length > ROW_BYTES) {
    throw invalid("source", "The script is too large to be stored with what it is compiled to.");
  }
  const uses = linked.uses.filter((use) => use.scriptId !== id || use.version !== version);
  const imported = await Promise.all(unit.imports.map((use) => library.load(use.name, use.version)));
  return {
    version: {
      row: { scriptId: id, version, ...source, compiled, createdAt: now, createdBy: keyId },
      imports: unit.imports.flatMap((use, place) => {
        const importedId = imported[place]?.scriptId;
        return importedId === undefined ? [] : [{ importedId, wanted: use.version ?? 0 }];
      }),
      uses,
    },
    library,
    warnings: warningsOf(unit),
  };
};

/** Faults of a draft's syntax are told, not refused. */
export const draftWarnings = async (
  deps: LibraryDeps,
  { account }: Principal,
  source: ScriptSource,
): Promise<readonly FieldError[]> => {
  const compiled = await deps.compile({ ...source, share: shareOf(account, "compile") });
  return compiled.kind === "refused"
    ? compiled.errors.map((fault) => fieldError(fault)).map(under("draft.source"))
    : warningsOf(compiled.unit).map(under("draft.source"));
};
