import type { NamedPlace, Program, ScriptFacts, ScriptForm } from "./compiled.ts";

export interface ScriptWarning {
  readonly path: string;
  readonly message: string;
  readonly line?: number;
  readonly column?: number;
}

/** What of a responder's definition decides which powers its script has. */
export interface ScriptGrants {
  /** `names`: with `selected` the granted ones, with `all` every secret of the account. */
  readonly secrets: { readonly mode: "none" | "all" | "selected"; readonly names: readonly string[] };
  readonly egress: { readonly mode: "none" | "hosts" | "public" };
  readonly hasUpstream: boolean;
  /** Whether it has state. */
  readonly kv: boolean;
}

const NOTHING: ScriptGrants = {
  secrets: { mode: "none", names: [] },
  egress: { mode: "none" },
  hasUpstream: false,
  kv: false,
};

const SENDS: ReadonlySet<string> = new Set(["fetch", "op_proxy_request"]);
/** What state is called in each form. */
const STATE: Readonly<Record<ScriptForm, string>> = { module: "ctx.kv", expression: "secutils.kv" };
const INSTEAD: Readonly<Record<string, string>> = {
  eval: "code cannot be made from text",
  Function: "code cannot be made from text",
  Buffer: "use `Uint8Array`, `TextEncoder`, `atob` and `btoa`",
  XMLHttpRequest: "use `fetch`",
  setImmediate: "use `setTimeout`",
};

/** Places in scripts of the library stand in the message, as those beside it are of the responder's own script. */
const at = ({ line, column, file }: Omit<NamedPlace, "name">, message: string): ScriptWarning =>
  file === undefined
    ? { path: "script.source", message, line, column }
    : { path: "script.source", message: `${file}:${line}:${column}: ${message}` };

const notGranted = (mode: ScriptGrants["secrets"]["mode"]): string => {
  if (mode === "all") return "there is no secret of this name";
  return mode === "none"
    ? "this responder is granted no secrets"
    : "this responder is not granted it: add it to `secrets.names`";
};

const secretWarnings = (
  facts: ScriptFacts,
  { mode, names }: ScriptGrants["secrets"],
): readonly ScriptWarning[] => {
  const granted = new Set(mode === "none" ? [] : names);
  const used = new Set(facts.secrets.map(({ name }) => name));
  const missing = facts.secrets.filter(({ name }) => !granted.has(name));
  const idle = mode === "selected" && !facts.secretsOpen ? names.filter((name) => !used.has(name)) : [];
  return [
    ...missing.map((use) => at(use, `The secret \`${use.name}\` is used, but ${notGranted(mode)}.`)),
    ...idle.map((name) => ({
      path: "script.source",
      message: `The secret \`${name}\` is granted, but not used.`,
    })),
    ...facts.comparesSecret.map((use) =>
      at(
        use,
        `\`${use.name}\` is a handle, never the secret itself: compare with \`await handle.equals(value)\`.`,
      ),
    ),
  ];
};

const stateWarning = (use: NamedPlace, form: ScriptForm, granted: boolean): readonly ScriptWarning[] => {
  const own = STATE[form];
  if (use.name !== own) {
    return [at(use, `\`${use.name}\` does not exist in this form of script: here it is \`${own}\`.`)];
  }
  const message = `\`${own}\` does not exist for this responder: its field \`kv\` is false.`;
  return granted ? [] : [at(use, message)];
};

const globalWarning = (
  use: NamedPlace,
  form: ScriptForm,
  { egress, kv }: ScriptGrants,
): readonly ScriptWarning[] => {
  if (SENDS.has(use.name)) {
    const message = `\`${use.name}\` does not exist for this responder: it is granted no \`egress\`.`;
    return egress.mode === "none" ? [at(use, message)] : [];
  }
  if (use.name === STATE.module || use.name === STATE.expression) return stateWarning(use, form, kv);
  const instead = INSTEAD[use.name];
  return [
    at(use, `\`${use.name}\` does not exist in the sandbox${instead === undefined ? "" : `: ${instead}`}.`),
  ];
};

/** What in a script that compiles will not do what its author seems to want. What is not given is not granted. */
export const scriptWarnings = (
  { program, facts }: { readonly program: Pick<Program, "form" | "handlers">; readonly facts: ScriptFacts },
  given: Partial<ScriptGrants> = {},
): readonly ScriptWarning[] => {
  const grants = { ...NOTHING, ...given };
  const warnings = [
    ...secretWarnings(facts, grants.secrets),
    ...facts.globals.flatMap((use) => globalWarning(use, program.form, grants)),
  ];
  if (program.handlers.includes("onResponse") && !grants.hasUpstream) {
    warnings.push({
      path: "script.source",
      message: "`onResponse` is never called: this responder has no upstream.",
    });
  }
  if (facts.uncalled !== null) {
    warnings.push(
      at(
        facts.uncalled,
        "This expression is a function that nobody calls: put it in parentheses and call it, `(…)()`.",
      ),
    );
  }
  return warnings;
};
