import { errorNamed } from "./door.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** What the host says of a key that it has checked. */
export interface KeyFacts {
  readonly type: string;
  readonly algorithm: object;
  readonly usages: readonly string[];
}

/** The key itself. It lives in the guest, where the script could have it anyway: the host keeps no keys. */
export interface Material {
  readonly format: string;
  readonly bytes: Bytes;
  /** The algorithm as it was given, for the host to import it by each time. */
  readonly imported: object;
}

const ours = Symbol("key");
export let materialOf: (key: unknown) => Material;

export class CryptoKey {
  #facts: KeyFacts;
  #extractable: boolean;
  #material: Material;

  static {
    materialOf = (key) => {
      if (typeof key !== "object" || key === null || !(#material in key))
        throw new TypeError("This is not a CryptoKey.");
      return key.#material;
    };
  }

  constructor(secret: symbol, facts: KeyFacts, extractable: boolean, material: Material) {
    if (secret !== ours) throw new TypeError("Illegal constructor");
    this.#facts = facts;
    this.#extractable = extractable;
    this.#material = material;
  }

  get type(): string {
    return this.#facts.type;
  }
  get extractable(): boolean {
    return this.#extractable;
  }
  get algorithm(): object {
    return this.#facts.algorithm;
  }
  get usages(): readonly string[] {
    return [...this.#facts.usages];
  }
}

const isExponent = (value: unknown): value is number[] => Array.isArray(value);

/** `extractable` is the script's wish; a public key always is. */
export const newKey = (facts: KeyFacts, extractable: boolean, material: Material): CryptoKey => {
  const exponent: unknown = Reflect.get(facts.algorithm, "publicExponent");
  const algorithm = isExponent(exponent)
    ? { ...facts.algorithm, publicExponent: new Uint8Array(exponent) }
    : facts.algorithm;
  return new CryptoKey(ours, { ...facts, algorithm }, extractable || facts.type === "public", material);
};

/** The key, if it is for this algorithm and one of these uses. */
export const keyFor = (key: unknown, name: string, usages: readonly string[]): CryptoKey => {
  materialOf(key);
  if (!(key instanceof CryptoKey) || Reflect.get(key.algorithm, "name") !== name) {
    throw errorNamed("InvalidAccessError", `The key is not for ${name}.`);
  }
  if (!usages.some((usage) => key.usages.includes(usage))) {
    throw errorNamed("InvalidAccessError", `The key may not be used to ${usages[0]}.`);
  }
  return key;
};
