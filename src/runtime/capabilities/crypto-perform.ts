import { tryFromUtf8, utf8 } from "../../lib/bytes.ts";
import { OpError } from "../capability.ts";
import type { CryptoRequest, Format, KeyGiven } from "./crypto-request.ts";

type Bytes = Uint8Array<ArrayBuffer>;

const RSA_MAX_BITS = 4_096;
/** As the platform has it in production. */
const MAX_ITERATIONS = 100_000;
const MAX_DERIVED_BITS = 8 * 65_536;
const { subtle } = crypto;

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const readJwk = (material: Bytes): JsonWebKey => {
  const value = parseJson(tryFromUtf8(material) ?? "");
  if (typeof value !== "object" || value === null)
    throw new OpError("DataError", "This is not a JSON Web Key.");
  return { kty: "", ...value };
};

/** An RSA key's size is known only once it is parsed; a larger one would be dearer than its price. */
const bounded = (key: CryptoKey): CryptoKey => {
  const bits = "modulusLength" in key.algorithm ? key.algorithm.modulusLength : 0;
  if (typeof bits === "number" && bits > RSA_MAX_BITS) {
    throw new OpError("NotSupportedError", `An RSA key has at most ${RSA_MAX_BITS} bits, not ${bits}.`);
  }
  return key;
};

const importKey = async (given: KeyGiven | undefined, extractable: boolean): Promise<CryptoKey> => {
  if (given === undefined) throw new OpError("TypeError", "There is no key.");
  const { format, material, algorithm } = given;
  const usages = [...given.usages];
  return bounded(
    format === "jwk"
      ? await subtle.importKey("jwk", readJwk(material), algorithm, extractable, usages)
      : await subtle.importKey(format, material, algorithm, extractable, usages),
  );
};

const exportKey = async (format: Format, key: CryptoKey): Promise<Bytes> => {
  const exported = await subtle.exportKey(format, key);
  return exported instanceof ArrayBuffer ? new Uint8Array(exported) : utf8(JSON.stringify(exported));
};

/** What the guest may know of a key that the platform has taken. */
const describe = (key: CryptoKey): object => {
  const fields = new Map<string, unknown>(Object.entries(key.algorithm));
  const exponent = fields.get("publicExponent");
  if (exponent instanceof Uint8Array) fields.set("publicExponent", [...exponent]);
  return { type: key.type, algorithm: Object.fromEntries(fields), usages: key.usages };
};

const generated = async (key: CryptoKey): Promise<object> => {
  const format = key.type === "secret" ? "raw" : key.type === "private" ? "pkcs8" : "spki";
  return { ...describe(key), format, material: [...(await exportKey(format, key))] };
};

const generate = async ({ algorithm, usages }: CryptoRequest): Promise<string> => {
  // Searching primes has no price that is known before.
  if (algorithm.name.startsWith("RSA"))
    throw new OpError("NotSupportedError", "RSA keys cannot be generated here.");
  const made = await subtle.generateKey(algorithm, true, [...usages]);
  const keys = "privateKey" in made ? [made.publicKey, made.privateKey] : [made];
  return JSON.stringify(await Promise.all(keys.map(generated)));
};

const derive = async (request: CryptoRequest): Promise<Bytes> => {
  const { algorithm, length = 0 } = request;
  if ((algorithm.iterations ?? 0) > MAX_ITERATIONS) {
    throw new OpError("NotSupportedError", `PBKDF2 takes at most ${MAX_ITERATIONS} iterations.`);
  }
  if (length > MAX_DERIVED_BITS)
    throw new OpError("OperationError", `At most ${MAX_DERIVED_BITS} bits can be derived.`);
  const key = await importKey(request.key, false);
  const peer = request.peer === undefined ? {} : { public: await importKey(request.peer, false) };
  return new Uint8Array(await subtle.deriveBits({ ...algorithm, ...peer }, key, length));
};

const perform = async (request: CryptoRequest): Promise<Bytes | string> => {
  const { call, algorithm, data } = request;
  switch (call) {
    case "digest":
      return new Uint8Array(await subtle.digest(algorithm.name, data));
    case "import":
      return JSON.stringify(describe(await importKey(request.key, request.extractable)));
    case "export":
      return exportKey(request.format ?? "raw", await importKey(request.key, true));
    case "generate":
      return generate(request);
    case "sign":
      return new Uint8Array(await subtle.sign(algorithm, await importKey(request.key, false), data));
    case "verify": {
      const key = await importKey(request.key, false);
      return (await subtle.verify(algorithm, key, request.signature, data)) ? "true" : "false";
    }
    case "encrypt":
      return new Uint8Array(await subtle.encrypt(algorithm, await importKey(request.key, false), data));
    case "decrypt":
      return new Uint8Array(await subtle.decrypt(algorithm, await importKey(request.key, false), data));
    case "derive":
      return derive(request);
    default:
      return call satisfies never;
  }
};

const TOLD = new Set([
  "OperationError",
  "DataError",
  "NotSupportedError",
  "InvalidAccessError",
  "SyntaxError",
  "TypeError",
]);

/**
 * The platform's refusals are the guest's to see. Some odd keys end in an "internal error" of the platform: scripts can
 * cause those at will, so they are refusals too, and do not reach the operator's log.
 */
export const performCrypto = async (request: CryptoRequest): Promise<Bytes | string> => {
  try {
    return await perform(request);
  } catch (error) {
    if (error instanceof OpError) throw error;
    const told = error instanceof Error && TOLD.has(error.name);
    throw told
      ? new OpError(error.name, error.message)
      : new OpError("OperationError", "The operation failed.");
  }
};
