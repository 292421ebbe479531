import { utf8 } from "../../lib/bytes.ts";
import { OpError } from "../capability.ts";
import { importGiven } from "./crypto-import.ts";
import type { CryptoRequest } from "./crypto-request.ts";
import { mayBeEd25519 } from "./ed25519-points.ts";
import { platformUsages } from "./crypto-names.ts";

type Bytes = Uint8Array<ArrayBuffer>;

/** As the platform has it in production; the local one does not say so. */
const MAX_ITERATIONS = 100_000;
const MAX_DERIVED_BITS = 8 * 65_536;
/** Far beyond the longest block of a hash, after which a key only gets hashed itself. */
const MAX_GENERATED_BITS = 8 * 8_192;
const { subtle } = crypto;

const isDerivation = (name: string): boolean => name === "HKDF" || name === "PBKDF2";

const exportKey = async (format: "raw" | "pkcs8" | "spki" | "jwk", key: CryptoKey): Promise<Bytes> => {
  const exported = await subtle.exportKey(format, key);
  return exported instanceof ArrayBuffer ? new Uint8Array(exported) : utf8(JSON.stringify(exported));
};

/** What the guest may know of a key that the platform has taken. */
const describe = (key: CryptoKey): object => {
  const fields = new Map<string, unknown>(Object.entries(key.algorithm));
  const exponent = fields.get("publicExponent");
  if (exponent instanceof Uint8Array) fields.set("publicExponent", [...exponent]);
  return { type: key.type, algorithm: Object.fromEntries(fields) };
};

const generated = async (key: CryptoKey): Promise<object> => {
  const format = key.type === "secret" ? "raw" : key.type === "private" ? "pkcs8" : "spki";
  return { ...describe(key), format, material: [...(await exportKey(format, key))] };
};

const generate = async ({ algorithm }: CryptoRequest): Promise<string> => {
  const { name } = algorithm;
  // Searching primes has no price that is known before.
  if (name.startsWith("RSA")) throw new OpError("NotSupportedError", "RSA keys cannot be generated here.");
  if (algorithm.length !== undefined && algorithm.length > MAX_GENERATED_BITS)
    throw new OpError("OperationError", `At most ${MAX_GENERATED_BITS} bits are generated.`);
  const secret = name === "HMAC" || name.startsWith("AES-");
  const usages = secret
    ? platformUsages(name, "secret")
    : [...platformUsages(name, "private"), ...platformUsages(name, "public")];
  const made = await subtle.generateKey(algorithm, true, [...usages]);
  const keys = "privateKey" in made ? [made.publicKey, made.privateKey] : [made];
  return JSON.stringify(await Promise.all(keys.map(generated)));
};

const derive = async (request: CryptoRequest): Promise<Bytes> => {
  const { algorithm, length } = request;
  if ((algorithm.iterations ?? 0) > MAX_ITERATIONS) {
    throw new OpError("NotSupportedError", `PBKDF2 takes at most ${MAX_ITERATIONS} iterations.`);
  }
  if (length !== undefined && length > MAX_DERIVED_BITS)
    throw new OpError("OperationError", `At most ${MAX_DERIVED_BITS} bits can be derived.`);
  const key = await importGiven(request.key, false);
  const peer = request.peer === undefined ? {} : { public: await importGiven(request.peer, false) };
  return new Uint8Array(await subtle.deriveBits({ ...algorithm, ...peer }, key, length ?? null));
};

const verify = async ({ algorithm, key, signature, data }: CryptoRequest): Promise<boolean> => {
  const edwards = algorithm.name === "Ed25519";
  const platformKey = await importGiven(key, edwards);
  if (edwards && !mayBeEd25519(await exportKey("raw", platformKey), signature)) return false;
  return subtle.verify(algorithm, platformKey, signature, data);
};

const perform = async (request: CryptoRequest): Promise<Bytes | string> => {
  const { call, algorithm, key, data } = request;
  switch (call) {
    case "digest":
      return new Uint8Array(await subtle.digest(algorithm.name, data));
    case "import":
      return JSON.stringify(describe(await importGiven(key, !isDerivation(algorithm.name))));
    case "export":
      return exportKey(request.format ?? "raw", await importGiven(key, true));
    case "generate":
      return generate(request);
    case "sign":
      return new Uint8Array(await subtle.sign(algorithm, await importGiven(key, false), data));
    case "verify":
      return (await verify(request)) ? "true" : "false";
    case "encrypt":
      return new Uint8Array(await subtle.encrypt(algorithm, await importGiven(key, false), data));
    case "decrypt":
      return new Uint8Array(await subtle.decrypt(algorithm, await importGiven(key, false), data));
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
