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
  /** What a module itself exports of the three, but for `export *`; empty for an expression. */
  readonly handlers: readonly Handler[];
  /** Why no responder can use it; a script of the library may have them. */
  readonly handlerFaults: readonly ScriptFault[];
  readonly code: string;
  /** Where `code` stands in the user's source, for `mapPosition`; `null` when it is the source. */
  readonly map: string | null;
  readonly facts: ScriptFacts;
  /** Each script with its version once. */
  readonly imports: readonly ImportUse[];
}

/** What the engine gets of a script with all that it imports: everything that a hit needs of it. */
export interface Program {
  readonly form: ScriptForm;
  /** What a module exports of the three; empty for an expression. */
  readonly handlers: readonly Handler[];
  readonly code: string;
  /** Where `code` stands in the user's source, for `mapPosition`; `null` when it is the source. */
  readonly map: string | null;
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
