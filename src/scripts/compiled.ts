export type ScriptLanguage = "js" | "ts";
export type ScriptForm = "module" | "expression";
export const HANDLERS = ["default", "onRequest", "onResponse"] as const;
export type Handler = (typeof HANDLERS)[number];

/** A place in the user's own source: both from 1, columns in UTF-16 units. */
export interface Place {
  readonly line: number;
  readonly column: number;
}

export interface NamedPlace extends Place {
  readonly name: string;
  /** The library script that it stands in, as `scripts/NAME[@VERSION]`; absent for the script itself. */
  readonly file?: string;
}

/** `scripts/NAME` or `scripts/NAME@VERSION`; `null` follows the latest version. */
export interface ScriptRef {
  readonly name: string;
  readonly version: number | null;
}

/** A script of the library that a source imports, and where it first does. */
export interface ImportUse extends ScriptRef, Place {}

/** What is taken of an imported script, and where: `source` counts in the unit's `imports`, `name` is `*` for all of it. */
export interface Imported extends Place {
  readonly source: number;
  readonly name: string;
}

/**
 * A name of a module's own scope. Offsets are of the unit's `code`, in UTF-16 units, each counted from the one before it:
 * `uses` of those where the name stands, `shorthands` of those in `{ name }`.
 */
export interface ModuleBinding {
  readonly name: string;
  readonly uses: readonly number[];
  readonly shorthands: readonly number[];
  /** What it stands for may change. */
  readonly changes: boolean;
  readonly imported: Imported | null;
  /** Where its class declaration begins and ends: the name in there is another. */
  readonly declaredClass: Range | null;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

/** An exported name: of a binding, of the value of `export default`, or of what another script exports. */
export interface ModuleExport extends Place {
  readonly name: string;
  readonly of:
    | { readonly kind: "local"; readonly name: string }
    | { readonly kind: "default" }
    | { readonly kind: "imported"; readonly imported: Imported };
}

/** `export default VALUE`: what stands before the value, and where a value ends that is named by it. */
export interface DefaultExport extends Range {
  readonly namedUntil: number | null;
}

/** How the code of a module is joined with that of others (docs/adr/0050-modules-are-joined-at-link-time.md). */
export interface ModuleShape {
  readonly bindings: readonly ModuleBinding[];
  readonly exports: readonly ModuleExport[];
  /** `export *`. */
  readonly stars: readonly Imported[];
  /** Names that it uses and does not declare. */
  readonly globals: readonly string[];
  /** Names that something inside of it declares. */
  readonly inner: readonly string[];
  /** What only a module of its own can hold: imports and the words around exports. */
  readonly cuts: readonly Range[];
  readonly defaultExport: DefaultExport | null;
  /** How many lines of the code the engine counts. */
  readonly lines: number;
}

/** What a script was seen to use, for the warnings of a save. Each name once, where it is first used. */
export interface ScriptFacts {
  /** Names read from `ctx.secrets` or `context.secrets`. */
  readonly secrets: readonly NamedPlace[];
  /** The secrets object itself goes somewhere, so that more names may be read than were seen. */
  readonly secretsOpen: boolean;
  /** Each secret's handle that is compared by `===`, `!==`, `==` or `!=`. */
  readonly comparesSecret: readonly NamedPlace[];
  /** Globals of other platforms, `fetch`, and `ctx.kv` or `secutils.kv`, that the script uses and does not declare. */
  readonly globals: readonly NamedPlace[];
  /** An expression that is a function which nobody calls. */
  readonly uncalled: Place | null;
}

/** A reason not to save. `line` and `column` are `null` where the engine gives none. */
export interface ScriptFault {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
  /** The library script whose source it is about, as `scripts/NAME[@VERSION]`; absent for the script itself. */
  readonly file?: string;
}

/** One source, compiled by itself: its imports are not yet resolved. What the library stores of a version, as JSON. */
export interface CompiledUnit {
  readonly form: ScriptForm;
  readonly code: string;
  /** Where `code` stands in the user's source, for `mapPosition`; `null` when it is the source. */
  readonly map: string | null;
  readonly facts: ScriptFacts;
  /** Each script with its version once. */
  readonly imports: readonly ImportUse[];
  /** Why no responder can use it, though a script of the library may be like that. */
  readonly handlerFaults: readonly ScriptFault[];
  /** `null` for an expression. */
  readonly module: ModuleShape | null;
}

/** Lines of a program's code that come from one source. */
export interface ProgramPart {
  /** What stacks call the source: `script`, `scripts/NAME` or `scripts/NAME@VERSION`. */
  readonly file: string;
  /** The first of its lines in the program's code, from 1. */
  readonly line: number;
  /** Where its text, counted from that line, stands in the unit's code; `null` where it is that. */
  readonly moves: string | null;
  /** Where the unit's code stands in the source. */
  readonly map: string | null;
  /** Names that had to be changed, by what they became. */
  readonly renamed: Readonly<Record<string, string>>;
}

/** What the engine gets of a script with all that it imports: everything that a hit needs of it. */
export interface Program {
  readonly form: ScriptForm;
  /** What a module exports of the three; empty for an expression. */
  readonly handlers: readonly Handler[];
  readonly code: string;
  /** In the order of their lines; the first begins with the code. */
  readonly parts: readonly ProgramPart[];
}

export type Compiled =
  | { readonly kind: "compiled"; readonly unit: CompiledUnit }
  | { readonly kind: "refused"; readonly errors: readonly ScriptFault[] };

/** A version of a script in the account's library. */
export interface LibraryUnit {
  readonly scriptId: string;
  readonly name: string;
  readonly version: number;
  readonly unit: CompiledUnit;
}

/** Finds a version, with `null` the latest. The same answer each time within one linking. */
export type LoadScript = (name: string, version: number | null) => Promise<LibraryUnit | undefined>;

/** A script of the library that a program holds. */
export interface ScriptUse {
  readonly scriptId: string;
  readonly name: string;
  /** The version that is asked for; 0 follows the latest. */
  readonly wanted: number;
  /** The version that the program has. */
  readonly version: number;
}

export type Linked =
  | {
      readonly kind: "linked";
      readonly program: Program;
      /** Each script once for each version that is asked for, the main one first where it is of the library. */
      readonly uses: readonly ScriptUse[];
      /** Of all sources. */
      readonly facts: ScriptFacts;
    }
  | { readonly kind: "refused"; readonly errors: readonly ScriptFault[] };
