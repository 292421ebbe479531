import { isBuffer, viewBytes } from "./body.guest.ts";
import { errorNamed } from "./door.guest.ts";
import { toText } from "./primordials.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** Byte strings that travel behind the JSON of one call; `add` gives what stands for one in it. */
export interface Parts {
  readonly list: Bytes[];
  readonly add: (bytes: Bytes) => { readonly part: number };
}

export const newParts = (): Parts => {
  const list: Bytes[] = [];
  return { list, add: (bytes) => ({ part: list.push(bytes) - 1 }) };
};

const NAMES = [
  "SHA-1",
  "SHA-256",
  "SHA-384",
  "SHA-512",
  "HMAC",
  "ECDSA",
  "ECDH",
  "Ed25519",
  "X25519",
  "RSASSA-PKCS1-v1_5",
  "RSA-PSS",
  "RSA-OAEP",
  "AES-GCM",
  "AES-CBC",
  "AES-CTR",
  "HKDF",
  "PBKDF2",
];
const BYTE_FIELDS = ["iv", "counter", "salt", "info", "label", "additionalData"];
const COUNT_FIELDS = ["length", "saltLength", "tagLength", "iterations"];

/** Names are told apart without regard to case, and shown in their own (Web Cryptography, 18.4.4). */
const nameOf = (given: unknown): string => {
  const name: unknown = typeof given === "object" && given !== null ? Reflect.get(given, "name") : given;
  const found = NAMES.find((each) => each.toLowerCase() === String(name).toLowerCase());
  if (found === undefined)
    throw errorNamed("NotSupportedError", `The algorithm ${String(name)} is not supported.`);
  return found;
};

export interface Algorithm {
  readonly name: string;
  readonly [field: string]: unknown;
}

export const bytesOf = (given: unknown): Bytes => {
  if (!isBuffer(given)) throw new TypeError("Bytes are given as an ArrayBuffer or a view of one.");
  return viewBytes(given);
};

/** The parts of an algorithm that the host knows, bytes moved to `parts`. */
export const readAlgorithm = (given: unknown, parts: Parts): Algorithm => {
  const algorithm: Record<string, unknown> & { name: string } = { name: nameOf(given) };
  if (typeof given !== "object" || given === null) return algorithm;
  const hash: unknown = Reflect.get(given, "hash");
  if (hash !== undefined) algorithm["hash"] = nameOf(hash);
  const curve: unknown = Reflect.get(given, "namedCurve");
  if (curve !== undefined) algorithm["namedCurve"] = toText(curve);
  for (const field of COUNT_FIELDS) {
    const value: unknown = Reflect.get(given, field);
    if (value !== undefined) algorithm[field] = Math.trunc(Number(value));
  }
  for (const field of BYTE_FIELDS) {
    const value: unknown = Reflect.get(given, field);
    if (value !== undefined) algorithm[field] = parts.add(bytesOf(value));
  }
  return algorithm;
};
