import { bytesOf, newParts, readAlgorithm, sentAlgorithm } from "./crypto-algorithm.guest.ts";
import type { Algorithm } from "./crypto-algorithm.guest.ts";
import { deriveFrom, keyLength } from "./crypto-derive.guest.ts";
import { bufferFrom, callHost, madeFrom } from "./crypto-host.guest.ts";
import { exportMaterial, importGiven, readFormat, readGiven } from "./crypto-import.guest.ts";
import type { Format, Given } from "./crypto-import.guest.ts";
import {
  checkUseful,
  checkUsages,
  isSecret,
  keyFor,
  newKey,
  readUsages,
  usagesOf,
} from "./crypto-key.guest.ts";
import type { CryptoKey, Usage } from "./crypto-key.guest.ts";
import { errorNamed } from "./door.guest.ts";
import { isBuffer, viewBytes } from "./body.guest.ts";
import { parseJson, stringifyJson } from "./primordials.guest.ts";
import { decodeUtf8, encodeUtf8 } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** Both ways of a cipher; wrapping and unwrapping are they with another usage. */
const seal = async (
  call: "encrypt" | "decrypt",
  usage: Usage,
  algorithm: Algorithm,
  key: unknown,
  data: Bytes,
): Promise<ArrayBuffer> => {
  keyFor(key, algorithm.name, usage);
  return bufferFrom(await callHost(call, algorithm, { key, data }));
};

/** The bytes of a wrapped key, as `importKey` would be given them. */
const unwrapped = (format: Format, bytes: Bytes): Given => {
  if (format !== "jwk") return readGiven(format, bytes);
  let jwk: unknown;
  try {
    jwk = parseJson(decodeUtf8(bytes));
  } catch {
    throw errorNamed("DataError", "The unwrapped key is not JSON.");
  }
  return readGiven(format, jwk);
};

let made = false;

/** `crypto.subtle`, answered by the host's. Stateless there: a key travels with each call that uses it. */
export class SubtleCrypto {
  constructor() {
    if (made) throw new TypeError("Illegal constructor");
    made = true;
  }

  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    return bufferFrom(await callHost("digest", readAlgorithm(algorithm, "digest"), { data: bytesOf(data) }));
  }

  async importKey(
    format: unknown,
    data: unknown,
    algorithm: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    const given = readGiven(readFormat(format), data);
    const usages = readUsages(keyUsages);
    return importGiven(given, readAlgorithm(algorithm, "importKey"), Boolean(extractable), usages);
  }

  async exportKey(format: unknown, key: unknown): Promise<ArrayBuffer | object> {
    return exportMaterial(readFormat(format), key);
  }

  async generateKey(given: unknown, extractable: unknown, keyUsages: unknown): Promise<CryptoKey | object> {
    const usages = readUsages(keyUsages);
    const algorithm = readAlgorithm(given, "generateKey");
    const { name } = algorithm;
    if (name.startsWith("RSA")) {
      throw errorNamed(
        "NotSupportedError",
        "RSA keys are not generated here: how long the search for primes takes is not known before, so that it has no price. Import one.",
      );
    }
    checkUsages(name, isSecret(name) ? ["secret"] : ["private", "public"], usages);
    const type = isSecret(name) ? "secret" : "private";
    checkUseful(type, usagesOf(name, type, usages));
    const keys = madeFrom(await callHost("generate", algorithm, {})).map((one) =>
      newKey(
        {
          type: one.type,
          algorithm: one.algorithm,
          extractable: Boolean(extractable) || one.type === "public",
          usages: usagesOf(name, one.type, usages),
        },
        {
          format: one.format,
          bytes: new Uint8Array(one.material),
          imported: sentAlgorithm(algorithm, newParts()),
        },
      ),
    );
    const [first, second] = keys;
    return first !== undefined && second === undefined ? first : { publicKey: first, privateKey: second };
  }

  async sign(given: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    const bytes = bytesOf(data);
    const algorithm = readAlgorithm(given, "sign");
    keyFor(key, algorithm.name, "sign");
    return bufferFrom(await callHost("sign", algorithm, { key, data: bytes }));
  }

  async verify(given: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
    const fields = { key, signature: bytesOf(signature, "The signature"), data: bytesOf(data) };
    const algorithm = readAlgorithm(given, "sign");
    keyFor(key, algorithm.name, "verify");
    return (await callHost("verify", algorithm, fields)) === "true";
  }

  async encrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    const bytes = bytesOf(data);
    return seal("encrypt", "encrypt", readAlgorithm(algorithm, "encrypt"), key, bytes);
  }

  async decrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    const bytes = bytesOf(data);
    return seal("decrypt", "decrypt", readAlgorithm(algorithm, "encrypt"), key, bytes);
  }

  async deriveBits(given: unknown, key: unknown, length: unknown = null): Promise<ArrayBuffer> {
    const bits = length === null ? null : Number(length) >>> 0;
    const algorithm = readAlgorithm(given, "deriveBits");
    const own = keyFor(key, algorithm.name, "deriveBits");
    return (await deriveFrom(algorithm, key, own, bits)).buffer;
  }

  async deriveKey(
    given: unknown,
    key: unknown,
    wanted: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    const usages = readUsages(keyUsages);
    const algorithm = readAlgorithm(given, "deriveBits");
    const imported = readAlgorithm(wanted, "importKey");
    const length = keyLength(readAlgorithm(wanted, "getKeyLength"));
    const own = keyFor(key, algorithm.name, "deriveKey");
    const bytes = await deriveFrom(algorithm, key, own, length);
    return importGiven({ format: "raw", bytes }, imported, Boolean(extractable), usages);
  }

  /** As `exportKey` and then `encrypt`, by a key with the usage `wrapKey`. */
  async wrapKey(format: unknown, key: unknown, wrapping: unknown, given: unknown): Promise<ArrayBuffer> {
    const read = readFormat(format);
    const algorithm = readAlgorithm(given, "encrypt");
    keyFor(wrapping, algorithm.name, "wrapKey");
    const exported = await exportMaterial(read, key);
    const bytes = isBuffer(exported) ? viewBytes(exported) : encodeUtf8(stringifyJson(exported));
    return seal("encrypt", "wrapKey", algorithm, wrapping, bytes);
  }

  /** As `decrypt` and then `importKey`. */
  async unwrapKey(
    format: unknown,
    wrapped: unknown,
    unwrapping: unknown,
    given: unknown,
    wanted: unknown,
    extractable: unknown,
    keyUsages: unknown,
  ): Promise<CryptoKey> {
    const read = readFormat(format);
    const data = bytesOf(wrapped, "The wrapped key");
    const usages = readUsages(keyUsages);
    const algorithm = readAlgorithm(given, "encrypt");
    const imported = readAlgorithm(wanted, "importKey");
    const bytes = new Uint8Array(await seal("decrypt", "unwrapKey", algorithm, unwrapping, data));
    return importGiven(unwrapped(read, bytes), imported, Boolean(extractable), usages);
  }
}
