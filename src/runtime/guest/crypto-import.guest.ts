import { bytesOf, newParts, sentAlgorithm } from "./crypto-algorithm.guest.ts";
import type { Algorithm } from "./crypto-algorithm.guest.ts";
import { bufferFrom, callHost, factsFrom } from "./crypto-host.guest.ts";
import { checkJwk, exportedJwk, jwkMaterial, readJwk } from "./crypto-jwk.guest.ts";
import type { Jwk } from "./crypto-jwk.guest.ts";
import { checkUseful, checkUsages, factsOf, isSecret, materialOf, newKey } from "./crypto-key.guest.ts";
import type { CryptoKey, KeyType, Usage } from "./crypto-key.guest.ts";
import { copyBytes } from "./body.guest.ts";
import { errorNamed } from "./door.guest.ts";
import { parseJson, toText } from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

const FORMATS = ["raw", "pkcs8", "spki", "jwk"] as const;
export type Format = (typeof FORMATS)[number];

export const readFormat = (given: unknown): Format => {
  const format = FORMATS.find((each) => each === toText(given));
  if (format === undefined) throw new TypeError(`There is no key format ${toText(given)}.`);
  return format;
};

/** A secret that is only derived from is taken in bytes and never given back. */
const isSource = (name: string): boolean => name === "HKDF" || name === "PBKDF2";

const hasFormat = (name: string, format: Format): boolean => {
  if (isSource(name)) return format === "raw";
  if (isSecret(name)) return format === "raw" || format === "jwk";
  return !name.startsWith("RSA") || format !== "raw";
};

const checkFormat = (name: string, format: Format): void => {
  if (!hasFormat(name, format))
    throw errorNamed("NotSupportedError", `A key for ${name} has no format ${format}.`);
};

/** Key material as `importKey` is given it: bytes, or a JSON Web Key. */
export type Given =
  | { readonly format: Exclude<Format, "jwk">; readonly bytes: Bytes }
  | { readonly format: "jwk"; readonly jwk: Jwk };

export const readGiven = (format: Format, data: unknown): Given =>
  format === "jwk" ? { format, jwk: readJwk(data) } : { format, bytes: copyBytes(bytesOf(data, "The key")) };

const typeOf = (name: string, given: Given): KeyType => {
  if (isSecret(name)) return "secret";
  const isPrivate = given.format === "jwk" ? given.jwk.d !== undefined : given.format === "pkcs8";
  return isPrivate ? "private" : "public";
};

/** Web Cryptography, 14.3.9, from the normalized algorithm on. */
export const importGiven = async (
  given: Given,
  algorithm: Algorithm,
  extractable: boolean,
  usages: readonly Usage[],
): Promise<CryptoKey> => {
  const { name } = algorithm;
  const { format } = given;
  const type = typeOf(name, given);
  checkUsages(name, [type], usages);
  checkFormat(name, format);
  if (isSource(name) && extractable)
    throw errorNamed("SyntaxError", `A key for ${name} cannot be extractable.`);
  if (format === "jwk") checkJwk(given.jwk, algorithm, usages, extractable);
  const bytes = format === "jwk" ? encodeUtf8(jwkMaterial(given.jwk)) : given.bytes;
  const material = { format, bytes, imported: sentAlgorithm(algorithm, newParts()) };
  const facts = factsFrom(await callHost("import", algorithm, { material }));
  checkUseful(facts.type, usages);
  return newKey({ ...facts, extractable, usages }, material);
};

const WANTED: Readonly<Partial<Record<Format, KeyType>>> = {
  raw: "public",
  spki: "public",
  pkcs8: "private",
};

/** Web Cryptography, 14.3.10: bytes, or a JSON Web Key as an object. */
export const exportMaterial = async (format: Format, key: unknown): Promise<ArrayBuffer | object> => {
  const { algorithm, extractable, type, usages } = factsOf(key);
  const { name } = algorithm;
  if (isSource(name)) throw errorNamed("NotSupportedError", `A key for ${name} cannot be exported.`);
  if (!extractable) throw errorNamed("InvalidAccessError", "The key is not extractable.");
  checkFormat(name, format);
  const wanted = type === "secret" ? undefined : WANTED[format];
  if (wanted !== undefined && wanted !== type)
    throw errorNamed("InvalidAccessError", `The format ${format} is for ${wanted} keys.`);
  const { format: held, bytes } = materialOf(key);
  if (format === held && type === "secret" && format === "raw") return copyBytes(bytes).buffer;
  const exported = bufferFrom(await callHost("export", { name }, { format, key }));
  if (format !== "jwk") return exported;
  return exportedJwk(parseJson(decodeUtf8(new Uint8Array(exported))), name, usages);
};
