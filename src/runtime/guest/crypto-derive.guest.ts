import type { Algorithm } from "./crypto-algorithm.guest.ts";
import { bufferFrom, callHost } from "./crypto-host.guest.ts";
import { factsOf } from "./crypto-key.guest.ts";
import type { KeyFacts } from "./crypto-key.guest.ts";
import { errorNamed } from "./door.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/** How many bits a derived key takes; `null` lets the derivation decide (Web Cryptography, "get key length"). */
export const keyLength = ({ name, length, hash }: Algorithm): number | null => {
  if (name.startsWith("AES-")) {
    if (length !== 128 && length !== 192 && length !== 256)
      throw errorNamed("OperationError", "An AES key has 128, 192 or 256 bits.");
    return length;
  }
  if (name !== "HMAC") return null;
  if (length === 0) throw new TypeError("An HMAC key has at least one bit.");
  return typeof length === "number" ? length : hash === "SHA-384" || hash === "SHA-512" ? 1_024 : 512;
};

const checkPeer = (peer: KeyFacts, own: KeyFacts): void => {
  const curve = (facts: KeyFacts): unknown => facts.algorithm["namedCurve"];
  if (peer.type !== "public" || peer.algorithm.name !== own.algorithm.name || curve(peer) !== curve(own))
    throw errorNamed(
      "InvalidAccessError",
      "The other side's key must be a public one for the same algorithm and curve.",
    );
};

/** The first bits of a secret; of the last byte, those that are wanted. */
const firstBits = (secret: Bytes, bits: number): Bytes => {
  if (bits > secret.length * 8)
    throw errorNamed("OperationError", `The secret has ${secret.length * 8} bits, not ${bits}.`);
  const whole = secret.slice(0, Math.ceil(bits / 8));
  const odd = bits % 8;
  const last = whole.length - 1;
  if (odd > 0) whole[last] = (whole[last] ?? 0) & (0xff00 >> odd);
  return whole;
};

/** Web Cryptography, "derive bits" of each algorithm; `own` are the facts of `key`. */
export const deriveFrom = async (
  algorithm: Algorithm,
  key: unknown,
  own: KeyFacts,
  length: number | null,
): Promise<Bytes> => {
  const peer = algorithm["public"];
  if (peer !== undefined) {
    checkPeer(factsOf(peer), own);
    const secret = new Uint8Array(bufferFrom(await callHost("derive", algorithm, { key, peer })));
    return length === null ? secret : firstBits(secret, length);
  }
  if (length === null || length % 8 !== 0)
    throw errorNamed("OperationError", "The length must be a multiple of 8 bits.");
  return new Uint8Array(bufferFrom(await callHost("derive", algorithm, { key, length })));
};
