import { hex } from "../../lib/bytes.ts";

/**
 * The y coordinates of the points of small order, little-endian without the sign bit, those that are not reduced by p
 * included. Under such a key, or with such a first half, one signature holds for many messages.
 */
const SMALL_ORDER = new Set([
  "00".repeat(32),
  `01${"00".repeat(31)}`,
  "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05",
  "c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a",
  `ec${"ff".repeat(30)}7f`,
  `ed${"ff".repeat(30)}7f`,
  `ee${"ff".repeat(30)}7f`,
]);

const isSmall = (point: Uint8Array): boolean => {
  const y = point.slice(0, 32);
  y[31] = (y[31] ?? 0) & 0x7f;
  return SMALL_ORDER.has(hex(y));
};

/**
 * Whether a signature may be put to the platform, which takes some that the standard does not (Web Cryptography,
 * Ed25519, "verify", steps 2 and 3), and fails where the length is not that of a signature.
 */
export const mayBeEd25519 = (publicKey: Uint8Array, signature: Uint8Array): boolean =>
  signature.length === 64 && !isSmall(publicKey) && !isSmall(signature);
