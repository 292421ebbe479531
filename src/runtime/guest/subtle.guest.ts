import { bytesOf, newParts, readAlgorithm } from "./crypto-algorithm.guest.ts";
import type { Algorithm, Parts } from "./crypto-algorithm.guest.ts";
import { CryptoKey, keyFor, materialOf, newKey } from "./crypto-key.guest.ts";
import type { KeyFacts } from "./crypto-key.guest.ts";
import { askLater, errorNamed } from "./door.guest.ts";
import type { HostValue } from "./door.guest.ts";
import { copyBytes } from "./body.guest.ts";
import { decodeUtf8, encodeUtf8, frame, jsonOf } from "./utf8.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

const call = (name: string, fields: object, parts: Parts): Promise<HostValue> =>
  askLater(
    "subtle",
    frame({ call: name, ...fields, parts: parts.list.map((part) => part.length) }, parts.list),
  );

const buffer = (value: HostValue): ArrayBuffer => {
  if (value === undefined || typeof value === "string") throw new TypeError("The host gave no bytes.");
  return value;
};

/** A key for the host's eyes, with just the use of this call. */
const sent = (key: unknown, usages: readonly string[], parts: Parts): object => {
  const { format, bytes, imported } = materialOf(key);
  return { format, algorithm: imported, usages, material: parts.add(bytes) };
};

const strings = (given: unknown): string[] => Array.from(Object(given), String);
const isFacts = (value: unknown): value is KeyFacts => typeof value === "object" && value !== null;

interface Made extends KeyFacts {
  readonly format: string;
  readonly material: readonly number[];
}
const isMade = (value: unknown): value is readonly Made[] => Array.isArray(value);

const useKey = async (op: string, given: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> => {
  const parts = newParts();
  const algorithm = readAlgorithm(given, parts);
  keyFor(key, algorithm.name, [op]);
  const payload = parts.add(bytesOf(data));
  return buffer(await call(op, { algorithm, key: sent(key, [op], parts), data: payload }, parts));
};

/** How many bits a derived key takes; `null` lets the derivation decide (Web Cryptography, "get key length"). */
const lengthFor = ({ name, length, hash }: Algorithm): number | null => {
  if (name.startsWith("AES-")) {
    if (length !== 128 && length !== 192 && length !== 256)
      throw errorNamed("OperationError", "An AES key has 128, 192 or 256 bits.");
    return length;
  }
  if (name === "HMAC")
    return typeof length === "number" ? length : hash === "SHA-384" || hash === "SHA-512" ? 1_024 : 512;
  if (name === "HKDF" || name === "PBKDF2") return null;
  throw errorNamed("NotSupportedError", `No key for ${name} can be derived.`);
};

const CURVE_BITS: Readonly<Record<string, number>> = { "P-256": 256, "P-384": 384, "P-521": 528 };

const derive = async (given: unknown, key: unknown, length: unknown, use: string): Promise<Bytes> => {
  const parts = newParts();
  const algorithm = readAlgorithm(given, parts);
  const base = keyFor(key, algorithm.name, [use]);
  const agreed = algorithm.name === "ECDH" || algorithm.name === "X25519";
  const whole = CURVE_BITS[String(Reflect.get(base.algorithm, "namedCurve"))] ?? 256;
  if (length === null && !agreed) throw errorNamed("OperationError", "The length is missing.");
  const bits = length === null ? whole : Math.trunc(Number(length));
  if (!(bits >= 0 && bits % 8 === 0))
    throw errorNamed("OperationError", "The length must be a multiple of 8.");
  const peer: unknown = agreed ? Reflect.get(Object(given), "public") : undefined;
  const fields = {
    algorithm,
    key: sent(key, ["deriveBits"], parts),
    ...(peer === undefined ? {} : { peer: sent(peer, [], parts) }),
    length: bits,
  };
  return new Uint8Array(buffer(await call("derive", fields, parts)));
};

const FORMATS = new Set(["raw", "pkcs8", "spki", "jwk"]);

const readFormat = (given: unknown): string => {
  const format = String(given);
  if (!FORMATS.has(format))
    throw errorNamed("NotSupportedError", `The key format ${format} is not supported.`);
  return format;
};

const importKey = async (
  given: unknown,
  data: unknown,
  algorithmGiven: unknown,
  extractable: unknown,
  usagesGiven: unknown,
): Promise<CryptoKey> => {
  const format = readFormat(given);
  const parts = newParts();
  const imported = readAlgorithm(algorithmGiven, parts);
  const bytes = format === "jwk" ? encodeUtf8(JSON.stringify(data)) : bytesOf(data).slice();
  const usages = strings(usagesGiven);
  const key = { format, algorithm: imported, usages, material: parts.add(bytes) };
  const facts = jsonOf(
    await call("import", { algorithm: imported, key, extractable: Boolean(extractable) }, parts),
  );
  if (!isFacts(facts)) throw new TypeError("The host gave no key.");
  return newKey(facts, Boolean(extractable), { format, bytes, imported });
};

/** `crypto.subtle`, answered by the host's. Stateless there: a key travels with each call that uses it. */
export class SubtleCrypto {
  async digest(algorithm: unknown, data: unknown): Promise<ArrayBuffer> {
    const parts = newParts();
    const read = readAlgorithm(algorithm, parts);
    return buffer(await call("digest", { algorithm: read, data: parts.add(bytesOf(data)) }, parts));
  }

  async importKey(...given: [unknown, unknown, unknown, unknown, unknown]): Promise<CryptoKey> {
    return importKey(...given);
  }

  async exportKey(given: unknown, key: unknown): Promise<unknown> {
    const format = readFormat(given);
    const { format: held, bytes, imported } = materialOf(key);
    if (!(key instanceof CryptoKey) || !key.extractable) {
      throw errorNamed("InvalidAccessError", "The key is not extractable.");
    }
    if (format === held && format !== "jwk") return copyBytes(bytes).buffer;
    const parts = newParts();
    const fields = { algorithm: imported, format, key: sent(key, key.usages, parts) };
    const exported = new Uint8Array(buffer(await call("export", fields, parts)));
    if (format !== "jwk") return exported.buffer;
    const jwk: object = Object(JSON.parse(decodeUtf8(exported)));
    return { ...jwk, key_ops: [...key.usages], ext: true };
  }

  async generateKey(given: unknown, extractable: unknown, usagesGiven: unknown): Promise<unknown> {
    const parts = newParts();
    const algorithm = readAlgorithm(given, parts);
    const made = jsonOf(await call("generate", { algorithm, usages: strings(usagesGiven) }, parts));
    if (!isMade(made)) throw new TypeError("The host gave no key.");
    const keys = made.map(({ format, material, ...facts }) =>
      newKey(facts, Boolean(extractable), { format, bytes: new Uint8Array(material), imported: algorithm }),
    );
    return keys.length === 1 ? keys[0] : { publicKey: keys[0], privateKey: keys[1] };
  }

  async sign(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return useKey("sign", algorithm, key, data);
  }

  async verify(given: unknown, key: unknown, signature: unknown, data: unknown): Promise<boolean> {
    const parts = newParts();
    const algorithm = readAlgorithm(given, parts);
    keyFor(key, algorithm.name, ["verify"]);
    const fields = {
      algorithm,
      signature: parts.add(bytesOf(signature)),
      data: parts.add(bytesOf(data)),
      key: sent(key, ["verify"], parts),
    };
    return (await call("verify", fields, parts)) === "true";
  }

  async encrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return useKey("encrypt", algorithm, key, data);
  }

  async decrypt(algorithm: unknown, key: unknown, data: unknown): Promise<ArrayBuffer> {
    return useKey("decrypt", algorithm, key, data);
  }

  async deriveBits(algorithm: unknown, key: unknown, length: unknown = null): Promise<ArrayBuffer> {
    return (await derive(algorithm, key, length, "deriveBits")).buffer;
  }

  async deriveKey(
    given: unknown,
    base: unknown,
    wanted: unknown,
    extractable: unknown,
    usages: unknown,
  ): Promise<CryptoKey> {
    const length = lengthFor(readAlgorithm(wanted, newParts()));
    const bits = await derive(given, base, length, "deriveKey");
    return importKey("raw", bits, wanted, extractable, usages);
  }
}
