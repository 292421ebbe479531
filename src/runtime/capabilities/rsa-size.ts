import { fromBase64url, tryFromUtf8 } from "../../lib/bytes.ts";
import { BIT_STRING, bitsOf, elementsOf, inside, INTEGER, OCTET_STRING, SEQUENCE } from "../../lib/der.ts";
import type { KeyGiven } from "./crypto-request.ts";

/** How dear an RSA key is to use: it is read off the key before anything is done with it. */
export interface RsaSize {
  readonly bits: number;
  /** Whether it has two primes of half the size, which make private uses four times as quick. */
  readonly primes: boolean;
}

export const RSA_LEAST_BITS = 2_048;
export const RSA_MOST_BITS = 4_096;

/** What cannot be read is taken for the dearest; it is refused later, or turns out to be larger than what was paid. */
const UNREADABLE: RsaSize = { bits: RSA_MOST_BITS, primes: false };

const sizeOf = (
  modulus: Uint8Array | undefined,
  p: Uint8Array | undefined,
  q: Uint8Array | undefined,
): RsaSize => {
  const bits = bitsOf(modulus);
  if (bits === 0) return UNREADABLE;
  const most = Math.max(bitsOf(p), bitsOf(q));
  return { bits, primes: most > 0 && most <= Math.ceil(bits / 2) };
};

/** RFC 8017, A.1: `n, e`, or `version, n, e, d, p, q, …`, inside of a SubjectPublicKeyInfo or a PrivateKeyInfo. */
const sizeOfDer = (material: Uint8Array<ArrayBuffer>, isPrivate: boolean): RsaSize => {
  const outer = inside(material, SEQUENCE);
  const wrapped = outer && inside(outer, isPrivate ? OCTET_STRING : BIT_STRING);
  const sequence = wrapped && inside(isPrivate ? wrapped : wrapped.subarray(1), SEQUENCE);
  const numbers = sequence && elementsOf(sequence)?.filter(({ tag }) => tag === INTEGER);
  if (numbers === undefined) return UNREADABLE;
  return isPrivate
    ? sizeOf(numbers[1]?.content, numbers[4]?.content, numbers[5]?.content)
    : sizeOf(numbers[0]?.content, undefined, undefined);
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};

const sizeOfJwk = (material: Uint8Array): RsaSize => {
  const value = parseJson(tryFromUtf8(material) ?? "");
  const members = new Map<string, unknown>(
    typeof value === "object" && value !== null ? Object.entries(value) : [],
  );
  const number = (name: string): Uint8Array | undefined => {
    const text = members.get(name);
    return typeof text === "string" ? fromBase64url(text) : undefined;
  };
  return sizeOf(number("n"), number("p"), number("q"));
};

export const rsaSize = ({ format, material }: KeyGiven): RsaSize => {
  switch (format) {
    case "jwk":
      return sizeOfJwk(material);
    case "pkcs8":
      return sizeOfDer(material, true);
    case "spki":
      return sizeOfDer(material, false);
    case "raw":
      return UNREADABLE;
    default:
      return format satisfies never;
  }
};
