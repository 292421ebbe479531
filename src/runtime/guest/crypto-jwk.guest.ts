import type { Algorithm } from "./crypto-algorithm.guest.ts";
import type { Usage } from "./crypto-key.guest.ts";
import { isBuffer } from "./body.guest.ts";
import { errorNamed } from "./door.guest.ts";
import { isArray, matches, toText } from "./primordials.guest.ts";

/** The members that are texts, in the order in which they are read. */
const TEXTS = ["alg", "crv", "d", "dp", "dq", "e", "k", "kty", "n", "p", "q", "qi", "use", "x", "y"] as const;
type Member = (typeof TEXTS)[number];

/** A JSON Web Key (RFC 7517), its members converted as Web IDL does; those that nobody asks for are left out. */
export type Jwk = Readonly<Partial<Record<Member, string>>> & {
  readonly ext?: boolean;
  readonly key_ops?: readonly string[];
};

const invalid = (message: string): Error => errorNamed("DataError", `The JSON Web Key ${message}.`);

export const readJwk = (given: unknown): Jwk => {
  if (typeof given !== "object" || given === null || isBuffer(given))
    throw new TypeError("A key in the format jwk is given as an object.");
  const jwk: Partial<Record<Member, string>> & { ext?: boolean; key_ops?: readonly string[] } = {};
  for (const name of TEXTS) {
    const value: unknown = Reflect.get(given, name);
    if (value !== undefined) jwk[name] = toText(value);
  }
  const ext: unknown = Reflect.get(given, "ext");
  if (ext !== undefined) jwk.ext = Boolean(ext);
  const operations: unknown = Reflect.get(given, "key_ops");
  if (operations !== undefined) jwk.key_ops = Array.from(Object(operations), String);
  if (Reflect.get(given, "oth") !== undefined)
    throw errorNamed("NotSupportedError", "RSA keys of more than two primes are not supported.");
  return jwk;
};

/** What the members of a key type are; the host is given these and no others. */
const MEMBERS: Readonly<
  Record<string, { readonly needed: readonly Member[]; readonly more: readonly Member[] }>
> = {
  oct: { needed: ["k"], more: [] },
  RSA: { needed: ["n", "e"], more: ["d", "p", "q", "dp", "dq", "qi"] },
  EC: { needed: ["x", "y"], more: ["d"] },
  OKP: { needed: ["x"], more: ["d"] },
};

const typeFor = (name: string): string => {
  if (name.startsWith("RSA")) return "RSA";
  if (name.endsWith("25519")) return "OKP";
  return name.startsWith("EC") ? "EC" : "oct";
};

/** Bits of a hash by the last part of its name: `SHA-256` is 256, `SHA-1` 1. */
const hashNumber = ({ hash }: Algorithm): string => toText(hash).slice(4);
const EC_NAMES: Readonly<Record<string, string>> = { "P-256": "ES256", "P-384": "ES384", "P-521": "ES512" };

/** The values of `alg` that a key for this algorithm may bear; `undefined` is any. */
const namesFor = (algorithm: Algorithm, { k = "" }: Jwk): readonly string[] | undefined => {
  const number = hashNumber(algorithm);
  switch (algorithm.name) {
    case "HMAC":
      return [`HS${number}`];
    case "RSASSA-PKCS1-v1_5":
      return [`RS${number}`];
    case "RSA-PSS":
      return [`PS${number}`];
    case "RSA-OAEP":
      return [number === "1" ? "RSA-OAEP" : `RSA-OAEP-${number}`];
    case "ECDSA":
      return [EC_NAMES[toText(algorithm["namedCurve"])] ?? ""];
    case "Ed25519":
      return ["Ed25519", "EdDSA"];
    case "AES-GCM":
    case "AES-CBC":
    case "AES-CTR":
      return [`A${Math.floor((k.length * 3) / 4) * 8}${algorithm.name.slice(4)}`];
    default:
      return undefined;
  }
};

const useFor = (name: string): string =>
  /^(?:HMAC|ECDSA|Ed25519|RSASSA|RSA-PSS)/.test(name) ? "sig" : "enc";

/** Refuses a key that says of itself that it is for something else (the steps of each "import key" for jwk). */
export const checkJwk = (
  jwk: Jwk,
  algorithm: Algorithm,
  usages: readonly Usage[],
  extractable: boolean,
): void => {
  const { name } = algorithm;
  const type = typeFor(name);
  if (jwk.kty !== type) throw invalid(`must have the kty ${type} for ${name}`);
  const curve = type === "EC" ? algorithm["namedCurve"] : type === "OKP" ? name : undefined;
  if (curve !== undefined && jwk.crv !== curve) throw invalid(`must have the crv ${toText(curve)}`);
  if (usages.length > 0 && jwk.use !== undefined && jwk.use !== useFor(name))
    throw invalid(`is for another use than ${useFor(name)}`);
  const { key_ops: operations } = jwk;
  if (operations !== undefined) {
    if (new Set(operations).size !== operations.length) throw invalid("names one of its key_ops twice");
    const missing = usages.find((usage) => !operations.includes(usage));
    if (missing !== undefined) throw invalid(`does not have ${missing} in its key_ops`);
  }
  if (jwk.ext === false && extractable) throw invalid("says that it is not to be extracted");
  const names = namesFor(algorithm, jwk);
  if (jwk.alg !== undefined && names?.includes(jwk.alg) === false)
    throw invalid(`must have the alg ${names.join(" or ")}, or none`);
};

/** What the key is made of, as JSON text for the host: strict base64url, all that must be there. */
export const jwkMaterial = (jwk: Jwk): string => {
  const { kty = "", crv } = jwk;
  const members = MEMBERS[kty];
  const material: Record<string, string> = { kty, ...(crv === undefined ? {} : { crv }) };
  for (const member of [...(members?.needed ?? []), ...(members?.more ?? [])]) {
    const value = jwk[member];
    if (value === undefined) {
      if (members?.needed.includes(member) === true) throw invalid(`has no ${member}`);
      continue;
    }
    if (!matches(/^[A-Za-z0-9_-]*$/, value))
      throw invalid(`must have its ${member} in base64url without padding`);
    material[member] = value;
  }
  return JSON.stringify(material);
};

const isList = (value: unknown): value is readonly unknown[] => isArray(value);

/** What `exportKey` gives: the platform's members, and what the key may do here. */
export const exportedJwk = (text: unknown, name: string, usages: readonly Usage[]): object => {
  const members: object = Object(text);
  if (isList(members)) throw new TypeError("The host gave no key.");
  return {
    ...members,
    ...(name === "Ed25519" ? { alg: "Ed25519" } : {}),
    key_ops: [...usages],
    ext: true,
  };
};
