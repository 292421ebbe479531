import { base64, fromBase64, tryFromUtf8, utf8 } from "../lib/bytes.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import { isRecord } from "./read.ts";

/** A body as a user gives it. Text goes out as UTF-8. */
export type GivenBody = string | { readonly text: string } | { readonly base64: string };

/** A body as it is shown. */
export type ShownBody = { readonly text: string } | { readonly base64: string };

/** `undefined` when the base64 does not decode. */
export const bytesOf = (body: GivenBody): Uint8Array<ArrayBuffer> | undefined => {
  if (typeof body === "string") return utf8(body);
  return "text" in body ? utf8(body.text) : fromBase64(body.base64);
};

export const isGivenBody = (value: unknown): value is GivenBody => {
  if (typeof value === "string") return true;
  if (!isRecord(value) || Object.keys(value).length !== 1) return false;
  return typeof value["text"] === "string" || typeof value["base64"] === "string";
};

const TEXTUAL =
  /^(text\/|application\/(.+\+)?(json|xml|javascript|ecmascript|x-www-form-urlencoded|graphql|yaml|toml|sql)\b|image\/svg\+xml)/i;

/** The text of a body that is valid UTF-8 of a textual or unknown type. */
export const textOfBody = (body: Uint8Array, headers: HeaderPairs): string | undefined => {
  const type = headers.find(([name]) => name.toLowerCase() === "content-type")?.[1];
  return type === undefined || TEXTUAL.test(type.trim()) ? tryFromUtf8(body) : undefined;
};

/** As text where it is one, else base64. */
export const shownBody = (bytes: Uint8Array | null, headers: HeaderPairs): ShownBody => {
  const body = bytes ?? new Uint8Array(0);
  const text = textOfBody(body, headers);
  return text === undefined ? { base64: base64(body) } : { text };
};
