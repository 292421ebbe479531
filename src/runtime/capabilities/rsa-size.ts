import { fromBase64url, tryFromUtf8 } from "../../lib/bytes.ts";
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

const INTEGER = 0x02;
const BIT_STRING = 0x03;
const OCTET_STRING = 0x04;
const SEQUENCE = 0x30;

interface Element {
  readonly tag: number;
  readonly content: Uint8Array;
}

/** The elements that lie one after another, as DER has them; `undefined` for what it does not allow. */
const elementsOf = (bytes: Uint8Array): readonly Element[] | undefined => {
  const elements: Element[] = [];
  let at = 0;
  while (at < bytes.length) {
    const tag = bytes[at] ?? 0;
    const first = bytes[at + 1] ?? 0;
    const more = first < 0x80 ? 0 : first - 0x80;
    if (more > 2) return undefined;
    let length = more === 0 ? first : 0;
    for (let index = 0; index < more; index += 1) length = length * 256 + (bytes[at + 2 + index] ?? 0);
    const start = at + 2 + more;
    if (start + length > bytes.length) return undefined;
    elements.push({ tag, content: bytes.subarray(start, start + length) });
    at = start + length;
  }
  return elements;
};

const inside = (bytes: Uint8Array, tag: number): Uint8Array | undefined =>
  elementsOf(bytes)?.find((element) => element.tag === tag)?.content;

/** Bits of an unsigned number, most significant byte first. */
const bitsOf = (number: Uint8Array | undefined): number => {
  const at = number?.findIndex((byte) => byte !== 0) ?? -1;
  if (number === undefined || at < 0) return 0;
  return (number.length - at) * 8 - (Math.clz32(number[at] ?? 0) - 24);
};

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
const sizeOfDer = (material: Uint8Array, isPrivate: boolean): RsaSize => {
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
