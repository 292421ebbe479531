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

/** What the engine gets of a script: everything that a hit needs of it. */
export interface Program {
  readonly form: ScriptForm;
  /** What a module exports of the three; empty for an expression. */
  readonly handlers: readonly Handler[];
  readonly code: string;
  /** Where `code` stands in the user's source, for `mapPosition`; `null` when it is the source. */
  readonly map: string | null;
}

/** A reason not to save. `line` and `column` are `null` where the engine gives none. */
export interface ScriptFault {
  readonly message: string;
  readonly line: number | null;
  readonly column: number | null;
}

export type Compiled =
  | { readonly kind: "compiled"; readonly program: Program; readonly facts: ScriptFacts }
  | { readonly kind: "refused"; readonly errors: readonly ScriptFault[] };
