import { tryFromUtf8 } from "../lib/bytes.ts";
import type { KeptBody } from "./exchange.ts";

/** A character of UTF-8 has at most three bytes after its first (RFC 3629). */
const FOLLOWING_BYTES = 3;

const isFollowing = (byte: number): boolean => (byte & 0xc0) === 0x80;
const isFirstOfMany = (byte: number): boolean => byte >= 0xc2 && byte <= 0xf4;

/** Where to cut so that no character is split; `most` itself when these bytes are no UTF-8 there. */
export const characterEnd = (bytes: Uint8Array, most: number): number => {
  if (!isFollowing(bytes[most] ?? 0)) return most;
  for (let start = most - 1; start >= Math.max(0, most - FOLLOWING_BYTES); start -= 1) {
    const byte = bytes[start] ?? 0;
    if (!isFollowing(byte)) return isFirstOfMany(byte) ? start : most;
  }
  return most;
};

/** Exactly these bytes: what is cloned, or stored, is the whole buffer under a view. */
const alone = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

/**
 * The first `most` bytes, fewer when that would split a character of a text. `size` is that of the body as it came, and
 * `whole` whether these bytes are all that was made of it: with secrets taken out, they are others and not as many.
 */
export const cutBody = (
  bytes: Uint8Array | null,
  most: number,
  size = bytes?.length ?? 0,
  whole = size === (bytes?.length ?? 0),
): KeptBody => {
  if (bytes === null) return { bytes: null, size, truncated: size > 0 };
  if (bytes.length <= most) return { bytes: alone(bytes), size, truncated: !whole };
  const end = characterEnd(bytes, most);
  const isText = tryFromUtf8(bytes.subarray(0, end)) !== undefined;
  return { bytes: bytes.slice(0, isText ? end : most), size, truncated: true };
};
