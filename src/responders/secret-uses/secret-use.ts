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
