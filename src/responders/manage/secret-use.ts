import { isRecord, isTexts, parseJson } from "../read.ts";
import type { Definition } from "./definition.ts";

/** What the column `secretUse` tells of a responder: which secrets it may use, and which its scripts name. */
export interface SecretUse {
  readonly mode: "none" | "all" | "selected";
  /** With `selected`. */
  readonly ids: readonly string[];
  /** Names that its scripts were seen to read. */
  readonly used: readonly string[];
  /** More names may be read than were seen. */
  readonly open: boolean;
  readonly reveal: boolean;
  readonly interpolate: boolean;
}

export const NO_SECRET_USE: SecretUse = {
  mode: "none",
  ids: [],
  used: [],
  open: false,
  reveal: false,
  interpolate: false,
};

/** What the responder's scripts were seen to use. */
export interface SecretsSeen {
  readonly names: readonly string[];
  readonly open: boolean;
}

export const secretUseOf = (
  { secrets, response }: Pick<Definition, "secrets" | "response">,
  seen: SecretsSeen,
): SecretUse => ({
  mode: secrets.mode,
  ids: secrets.ids,
  used: seen.names,
  open: seen.open,
  reveal: secrets.reveal,
  interpolate: response.interpolate,
});

/** `null` where there is nothing to tell: most responders have to do with no secret. */
export const writeSecretUse = (use: SecretUse): string | null => {
  const idle = use.mode === "none" && use.used.length === 0 && !use.open && !use.interpolate;
  return idle ? null : JSON.stringify(use);
};

/** A column that cannot be read counts as the most that it could say: scopes are asked for by it. */
export const readSecretUse = (text: string | null): SecretUse => {
  if (text === null) return NO_SECRET_USE;
  const value = parseJson(text);
  const given = isRecord(value) ? value : {};
  const { mode, ids, used } = given;
  return {
    mode: mode === "none" || mode === "selected" ? mode : "all",
    ids: isTexts(ids) ? ids : [],
    used: isTexts(used) ? used : [],
    open: given["open"] !== false,
    reveal: given["reveal"] !== false,
    interpolate: given["interpolate"] !== false,
  };
};
