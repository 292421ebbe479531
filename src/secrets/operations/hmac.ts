import { createHmac } from "node:crypto";
import { concat, fromBase64, fromBase64url, fromHex, utf8 } from "../../lib/bytes.ts";

type Bytes = Uint8Array<ArrayBuffer>;

export type HashName = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
/** How a secret's text is made a key: taken as it is, or decoded; `whsec` is base64, mostly behind `whsec_`. */
export type KeyForm = "text" | "base64" | "hex" | "whsec";

const NAMES: Readonly<Record<HashName, string>> = {
  "SHA-1": "sha1",
  "SHA-256": "sha256",
  "SHA-384": "sha384",
  "SHA-512": "sha512",
};

const decodeBase64 = (text: string): Bytes | undefined => fromBase64(text) ?? fromBase64url(text);

/** `undefined` when the text is not of that form. */
export const keyBytes = (text: string, form: KeyForm): Bytes | undefined => {
  switch (form) {
    case "text":
      return utf8(text);
    case "base64":
      return decodeBase64(text.trim());
    case "hex":
      return fromHex(text.trim());
    case "whsec":
      return decodeBase64(text.trim().replace(/^whsec_/, ""));
    default:
      return form satisfies never;
  }
};

export const hmac = (hash: HashName, key: Bytes, ...parts: readonly Bytes[]): Bytes => {
  const made = createHmac(NAMES[hash], key);
  for (const part of parts) made.update(part);
  return new Uint8Array(made.digest());
};

/** A prefix stands before the key, as the AWS4 of Amazon's signatures does. */
export const prefixed = (prefix: string, key: Bytes): Bytes =>
  prefix === "" ? key : concat([utf8(prefix), key]);
