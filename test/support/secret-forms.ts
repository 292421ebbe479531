import type { TestAccount } from "./account.ts";

/** Makes a secret; resolves with its id. */
export const makeSecret = async (
  account: TestAccount,
  name: string,
  value: string,
  more: object = {},
): Promise<string> => {
  const { status, body } = await account.api("POST", "/secrets", { name, value, ...more });
  if (status !== 201) throw new Error(`No secret: ${status} ${JSON.stringify(body)}`);
  return body.id;
};

const percentAll = (text: string): string =>
  [...Buffer.from(text)].map((byte) => `%${byte.toString(16).padStart(2, "0")}`).join("");

/** A text as no mask looks for it. */
export const backwards = (text: string): string => Array.from(text).toReversed().join("");

/** How a text may stand in what comes from outside, each with some letters around it. */
export const formsOf = (text: string): Readonly<Record<string, string>> => ({
  raw: `<${text}>`,
  base64: Buffer.from(text).toString("base64"),
  "base64 behind one byte": Buffer.from(`u${text}`).toString("base64"),
  "base64 behind two bytes": Buffer.from(`u:${text}!`).toString("base64"),
  base64url: Buffer.from(`??${text}`).toString("base64url"),
  hex: Buffer.from(text).toString("hex"),
  "upper-case hex": Buffer.from(text).toString("hex").toUpperCase(),
  "percent-encoded": encodeURIComponent(text),
  "percent-encoded whole": percentAll(text),
  "JSON-escaped": JSON.stringify({ it: text }),
  "JSON by code units": text
    .split("")
    .map((unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, "0")}`)
    .join(""),
});
