import type { Definition } from "../manage/definition.ts";
import { isRecord, isTexts, parseJson } from "../read.ts";

/** What a responder has to do with secrets: the column `responders.secretUse`. */
export interface SecretUse {
  readonly mode: "none" | "all" | "selected";
  /** Of the secrets granted, with the mode `selected`. */
  readonly ids: readonly string[];
  /** Names of secrets that its scripts and its default response name, granted or not. */
  readonly used: readonly string[];
  /** Its scripts read secrets by names that only a run knows. */
  readonly open: boolean;
  readonly reveal: boolean;
  readonly interpolate: boolean;
}

/** `undefined` when the column is not one that this version wrote. */
export const readSecretUse = (text: string): SecretUse | undefined => {
  const value = parseJson(text);
  if (!isRecord(value)) return undefined;
  const { mode, ids, used } = value;
  if (mode !== "none" && mode !== "all" && mode !== "selected") return undefined;
  if (!isTexts(ids) || !isTexts(used)) return undefined;
  const says = (name: string): boolean => value[name] === true;
  return { mode, ids, used, open: says("open"), reveal: says("reveal"), interpolate: says("interpolate") };
};

/** What a responder's scripts were seen to use. */
export type SecretsSeen = Pick<SecretUse, "used" | "open">;

export const NOTHING_SEEN: SecretsSeen = { used: [], open: false };

export const secretUseOf = (
  { secrets, response }: Pick<Definition, "secrets" | "response">,
  { used, open }: SecretsSeen,
): SecretUse => ({
  mode: secrets.mode,
  ids: secrets.ids,
  used,
  open,
  reveal: secrets.reveal,
  interpolate: response.interpolate,
});

/** `null` where there is nothing to tell: most responders have to do with no secret. */
export const writeSecretUse = (use: SecretUse): string | null => {
  const idle = use.mode === "none" && use.used.length === 0 && !use.open && !use.interpolate;
  return idle ? null : JSON.stringify(use);
};

/** Whether a column says that the script holds secrets; one that cannot be read may say so. */
export const mayReveal = (text: string | null): boolean =>
  text !== null && readSecretUse(text)?.reveal !== false;
