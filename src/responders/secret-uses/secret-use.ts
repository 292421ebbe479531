import type { ScriptFacts } from "../../scripts/index.ts";
import { namesInTemplate } from "../../secrets/index.ts";
import { isRecord, isTexts, parseJson } from "../read.ts";
import type { Definition } from "../manage/definition.ts";
import { templatesOf } from "../manage/templates.ts";

/** What a responder has to do with secrets: the column `responders.secretUse`. */
export interface SecretUse {
  readonly mode: "none" | "all" | "selected";
  /** Of the secrets granted, with the mode `selected`. */
  readonly ids: readonly string[];
  /** Names of secrets that its scripts, its default response and its upstream name, granted or not. */
  readonly used: readonly string[];
  /** Its scripts read secrets by names that only a run knows. */
  readonly open: boolean;
  readonly reveal: boolean;
  readonly interpolate: boolean;
}

const NONE: SecretUse = { mode: "none", ids: [], used: [], open: false, reveal: false, interpolate: false };

/** `facts` are those of its scripts, `null` without one. */
export const secretUseOf = (
  { secrets, response, upstream }: Pick<Definition, "secrets" | "response" | "upstream">,
  facts: ScriptFacts | null,
): SecretUse => {
  const templates = response.interpolate ? templatesOf(response) : [];
  const headers = upstream?.headers.map(([, value]) => value) ?? [];
  const written = [...templates.map(({ template }) => template), ...headers];
  const named = written.flatMap(namesInTemplate);
  return {
    mode: secrets.mode,
    ids: secrets.ids,
    used: [...new Set([...(facts?.secrets.map(({ name }) => name) ?? []), ...named])],
    open: facts?.secretsOpen === true,
    reveal: secrets.reveal,
    interpolate: response.interpolate,
  };
};

/** `null` where there is nothing to tell: most responders have to do with no secret. */
export const writeSecretUse = (use: SecretUse): string | null => {
  const idle = use.mode === "none" && use.used.length === 0 && !use.open && !use.interpolate;
  return idle ? null : JSON.stringify(use);
};

/** A column that cannot be read counts as the most that it could say: scopes are asked for by it. */
export const readSecretUse = (text: string | null): SecretUse => {
  if (text === null) return NONE;
  const value = parseJson(text);
  const { mode, ids, used, open, reveal, interpolate } = isRecord(value) ? value : {};
  return {
    mode: mode === "none" || mode === "selected" ? mode : "all",
    ids: isTexts(ids) ? ids : [],
    used: isTexts(used) ? used : [],
    open: open !== false,
    reveal: reveal !== false,
    interpolate: interpolate !== false,
  };
};
