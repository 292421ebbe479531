import { type Principal, requireScope } from "../../accounts/index.ts";
import type { ScriptFacts } from "../../scripts/index.ts";
import { isRecord, isTexts, parseJson } from "../read.ts";

/** The column `secretUse`: which secrets a responder is granted, and which its scripts name. */
export interface SecretUse {
  readonly mode: "none" | "all" | "selected";
  /** With `selected`: of the granted ones. */
  readonly ids: readonly string[];
  /** Names that its scripts were seen to read. */
  readonly used: readonly string[];
  /** The secrets object itself goes somewhere: more names may be read than were seen. */
  readonly open: boolean;
  /** Whether scripts have the texts themselves. */
  readonly reveal: boolean;
  /** Whether the default response is filled in. */
  readonly interpolate: boolean;
}

const NONE: SecretUse = { mode: "none", ids: [], used: [], open: false, reveal: false, interpolate: false };

/** `null` when nothing is granted and nothing named. */
export const writeSecretUse = (use: SecretUse): string | null =>
  use.mode === "none" && use.used.length === 0 && !use.open && !use.reveal && !use.interpolate
    ? null
    : JSON.stringify(use);

export const readSecretUse = (text: string | null): SecretUse => {
  if (text === null) return NONE;
  const value = parseJson(text);
  if (!isRecord(value)) throw new Error("A stored grant of secrets is not readable.");
  const { mode, ids, used, open, reveal, interpolate } = value;
  if (mode !== "none" && mode !== "all" && mode !== "selected") {
    throw new Error("A stored grant of secrets is not readable.");
  }
  return {
    mode,
    ids: isTexts(ids) ? ids : [],
    used: isTexts(used) ? used : [],
    open: open === true,
    reveal: reveal === true,
    interpolate: interpolate === true,
  };
};

/** …as the scripts are now. */
export const withFacts = (use: SecretUse, facts: ScriptFacts | null): SecretUse => ({
  ...use,
  used: [...new Set(facts?.secrets.map(({ name }) => name) ?? [])],
  open: facts?.secretsOpen === true,
});

/**
 * Stops a key from obtaining what it may not use: code that it writes would run with the grants of every responder that
 * follows. `whose` says which responder.
 */
export const requireSecretScopes = (principal: Principal, use: SecretUse, whose: string): void => {
  if (use.mode !== "none") requireScope(principal, "secrets:use", whose);
  if (use.reveal || use.interpolate) requireScope(principal, "secrets:reveal", whose);
};
