import { tryFromUtf8 } from "../lib/bytes.ts";
import type { KeptBody } from "./exchange.ts";

/** A character of UTF-8 has at most three bytes after its first. */
const FOLLOWING_BYTES = 3;

const isFollowing = (byte: number | undefined): boolean => byte !== undefined && (byte & 0xc0) === 0x80;

/** Where to cut so that no character is split; `most` itself when these bytes are no UTF-8 there. */
export const characterEnd = (bytes: Uint8Array, most: number): number => {
  for (let end = most; end >= Math.max(0, most - FOLLOWING_BYTES); end -= 1) {
    if (!isFollowing(bytes[end])) return end;
  }
  return most;
};

/** Exactly these bytes: what is cloned, or stored, is the whole buffer under a view. */
const alone = (bytes: Uint8Array): Uint8Array =>
  bytes.byteLength === bytes.buffer.byteLength ? bytes : bytes.slice();

/** The first `most` bytes, fewer when that would split a character of a text. `size` is that of the whole. */
export const cutBody = (bytes: Uint8Array | null, most: number, size = bytes?.length ?? 0): KeptBody => {
  if (bytes === null) return { bytes: null, size, truncated: size > 0 };
  if (bytes.length <= most) return { bytes: alone(bytes), size, truncated: size > bytes.length };
  const end = characterEnd(bytes, most);
  const isText = tryFromUtf8(bytes.subarray(0, end)) !== undefined;
  return { bytes: bytes.slice(0, isText ? end : most), size, truncated: true };
};
