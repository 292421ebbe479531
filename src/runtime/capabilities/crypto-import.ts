import { tryFromUtf8 } from "../../lib/bytes.ts";
import { OpError } from "../capability.ts";
import { platformUsages } from "./crypto-names.ts";
import type { KeyGiven } from "./crypto-request.ts";
import { RSA_LEAST_BITS, RSA_MOST_BITS, rsaSize } from "./rsa-size.ts";

const { subtle } = crypto;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readJwk = (material: Uint8Array): JsonWebKey => {
  const value = parseJson(tryFromUtf8(material) ?? "");
  if (typeof value !== "object" || value === null)
    throw new OpError("DataError", "This is not a JSON Web Key.");
  return { kty: "", ...value };
};

/** Odd and above 1, or there is no such key; platforms differ in what they take. */
const isExponent = (value: unknown): boolean => {
  if (!(value instanceof Uint8Array)) return false;
  const last = value.at(-1) ?? 0;
  return last % 2 === 1 && (last > 1 || value.subarray(0, -1).some((byte) => byte !== 0));
};

/** An RSA key's true size is known only now. Weak ones are refused, and those that would be dearer than what was paid. */
const bounded = (key: CryptoKey, given: KeyGiven): CryptoKey => {
  const { algorithm } = key;
  if (!("modulusLength" in algorithm)) return key;
  const { modulusLength: bits } = algorithm;
  if (typeof bits !== "number" || bits === 0 || !isExponent(algorithm.publicExponent))
    throw new OpError("DataError", "This is not an RSA key.");
  if (bits < RSA_LEAST_BITS || bits > RSA_MOST_BITS) {
    throw new OpError(
      "NotSupportedError",
      `An RSA key has from ${RSA_LEAST_BITS} to ${RSA_MOST_BITS} bits here, not ${bits}.`,
    );
  }
  if (bits > rsaSize(given).bits)
    throw new OpError("DataError", "The RSA key is not encoded as it should be.");
  return key;
};

/** The platform takes any `x` beside a private key of these curves, and would then sign for another public key. */
const checkPair = async (key: CryptoKey, jwk: JsonWebKey): Promise<void> => {
  const exported = await subtle.exportKey("jwk", key);
  if (!("x" in exported) || exported.x !== jwk.x)
    throw new OpError("DataError", "The key's public and private parts do not belong together.");
};

const isSecret = (name: string): boolean => /^(?:HMAC|AES-|HKDF|PBKDF2)/.test(name);

const platformKey = async (
  { format, material, algorithm }: KeyGiven,
  extractable: boolean,
): Promise<CryptoKey> => {
  const { name } = algorithm;
  const usages = (isPrivate: boolean): string[] => [
    ...platformUsages(name, isSecret(name) ? "secret" : isPrivate ? "private" : "public"),
  ];
  if (format !== "jwk")
    return subtle.importKey(format, material, algorithm, extractable, usages(format === "pkcs8"));
  const jwk = readJwk(material);
  const isPrivate = jwk.d !== undefined;
  const key = await subtle.importKey("jwk", jwk, algorithm, extractable, usages(isPrivate));
  if (extractable && isPrivate && name.endsWith("25519")) await checkPair(key, jwk);
  return key;
};

/**
 * The platform's key for one call. `extractable` when the script first imports it, and to export it. What the platform
 * says of material that is none varies; the standard has one name for it.
 */
export const importGiven = async (given: KeyGiven | undefined, extractable: boolean): Promise<CryptoKey> => {
  if (given === undefined) throw new OpError("TypeError", "There is no key.");
  let key: CryptoKey;
  try {
    key = await platformKey(given, extractable);
  } catch (error) {
    if (error instanceof OpError) throw error;
    if (!(error instanceof Error)) throw new OpError("DataError", "The key is not valid.");
    throw error.name === "NotSupportedError"
      ? new OpError(error.name, error.message)
      : new OpError("DataError", error.name === "Error" ? "The key is not valid." : error.message);
  }
  return bounded(key, given);
};
