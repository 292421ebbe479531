import { errorNamed } from "./door.guest.ts";
import { ByteArray, isArray } from "./primordials.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

export type KeyType = "public" | "private" | "secret";

/** In the order in which a key shows them (Web Cryptography, "recognized key usage values"). */
const USAGES = [
  "encrypt",
  "decrypt",
  "sign",
  "verify",
  "deriveKey",
  "deriveBits",
  "wrapKey",
  "unwrapKey",
] as const;
export type Usage = (typeof USAGES)[number];

const SIGNING = { private: ["sign"], public: ["verify"] } as const;
const AGREEING = { private: ["deriveKey", "deriveBits"], public: [] } as const;
const DERIVING = { secret: ["deriveKey", "deriveBits"] } as const;
const SEALING = { secret: ["encrypt", "decrypt", "wrapKey", "unwrapKey"] } as const;

/** What a key of an algorithm may be used for, by its type; a type that is not there does not exist. */
const ALLOWED: Readonly<Record<string, Partial<Readonly<Record<KeyType, readonly Usage[]>>>>> = {
  HMAC: { secret: ["sign", "verify"] },
  ECDSA: SIGNING,
  Ed25519: SIGNING,
  "RSASSA-PKCS1-v1_5": SIGNING,
  "RSA-PSS": SIGNING,
  "RSA-OAEP": { private: ["decrypt", "unwrapKey"], public: ["encrypt", "wrapKey"] },
  ECDH: AGREEING,
  X25519: AGREEING,
  "AES-GCM": SEALING,
  "AES-CBC": SEALING,
  "AES-CTR": SEALING,
  HKDF: DERIVING,
  PBKDF2: DERIVING,
};

export const isSecret = (algorithm: string): boolean => ALLOWED[algorithm]?.secret !== undefined;

/** A sequence of usages: each once and in their own order, an unknown one a TypeError. */
export const readUsages = (given: unknown): readonly Usage[] => {
  if (typeof given !== "object" || given === null || !(Symbol.iterator in given))
    throw new TypeError("The usages of a key must be an array of names.");
  const asked = Array.from(Object(given), String);
  const unknown = asked.find((name) => !USAGES.some((usage) => usage === name));
  if (unknown !== undefined) throw new TypeError(`There is no key usage ${unknown}.`);
  return USAGES.filter((usage) => asked.includes(usage));
};

/** Those of the usages that a key of this type can have. */
export const usagesOf = (algorithm: string, type: KeyType, usages: readonly Usage[]): readonly Usage[] =>
  usages.filter((usage) => ALLOWED[algorithm]?.[type]?.includes(usage));

/** Refuses usages that no key of these types can have (Web Cryptography, the first step of most imports). */
export const checkUsages = (algorithm: string, types: readonly KeyType[], usages: readonly Usage[]): void => {
  const wrong = usages.find((usage) => !types.some((type) => ALLOWED[algorithm]?.[type]?.includes(usage)));
  if (wrong !== undefined)
    throw errorNamed(
      "SyntaxError",
      `A ${types.join(" or ")} key for ${algorithm} cannot have the usage ${wrong}.`,
    );
};

/** What is secret must be good for something. */
export const checkUseful = (type: KeyType, usages: readonly Usage[]): void => {
  if (type !== "public" && usages.length === 0)
    throw errorNamed("SyntaxError", `A ${type} key must have at least one usage.`);
};

/** What a key is, without its material. */
export interface KeyFacts {
  readonly type: KeyType;
  /** As `key.algorithm` shows it. */
  readonly algorithm: Readonly<Record<string, unknown>> & { readonly name: string };
  readonly extractable: boolean;
  readonly usages: readonly Usage[];
}

/** The key itself. It lives in the guest, where the script could have it anyway: the host keeps no keys. */
export interface Material {
  readonly format: string;
  readonly bytes: Bytes;
  /** The algorithm as the host was told of it, to import it by each time. */
  readonly imported: object;
}

interface Held {
  readonly facts: KeyFacts;
  readonly material: Material;
}

const ours = Symbol("key");
let heldBy: (key: unknown) => Held;

export class CryptoKey {
  #held: Held;
  #algorithm: object;
  #usages: readonly string[];

  static {
    heldBy = (key) => {
      if (typeof key !== "object" || key === null || !(#held in key))
        throw new TypeError("This is not a CryptoKey.");
      return key.#held;
    };
  }

  constructor(secret: symbol, held: Held, shown: object) {
    if (secret !== ours) throw new TypeError("Illegal constructor");
    this.#held = held;
    // Copies: what a script does to them changes nothing about the key.
    this.#algorithm = shown;
    this.#usages = [...held.facts.usages];
  }

  get type(): string {
    return this.#held.facts.type;
  }
  get extractable(): boolean {
    return this.#held.facts.extractable;
  }
  get algorithm(): object {
    return this.#algorithm;
  }
  get usages(): readonly string[] {
    return this.#usages;
  }
}

export const factsOf = (key: unknown): KeyFacts => heldBy(key).facts;
export const materialOf = (key: unknown): Material => heldBy(key).material;

const isExponent = (value: unknown): value is readonly number[] => isArray(value);

/** As a script sees it: fresh objects, the exponent as bytes. */
const shownAlgorithm = (algorithm: KeyFacts["algorithm"]): object => {
  const { hash, publicExponent, ...rest } = algorithm;
  return {
    ...rest,
    ...(isExponent(publicExponent) ? { publicExponent: new ByteArray(publicExponent) } : {}),
    ...(typeof hash === "object" ? { hash: { ...hash } } : {}),
  };
};

export const newKey = (facts: KeyFacts, material: Material): CryptoKey =>
  new CryptoKey(ours, { facts, material }, shownAlgorithm(facts.algorithm));

/** The key's facts, if it is for this algorithm and this use. */
export const keyFor = (key: unknown, name: string, usage: Usage): KeyFacts => {
  const facts = factsOf(key);
  if (facts.algorithm.name !== name)
    throw errorNamed("InvalidAccessError", `The key is for ${facts.algorithm.name}, not for ${name}.`);
  if (!facts.usages.includes(usage))
    throw errorNamed("InvalidAccessError", `The key may not be used to ${usage}.`);
  return facts;
};
