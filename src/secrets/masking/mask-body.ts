import { concat } from "../../lib/bytes.ts";
import { type ByteChunks, contentDecoding } from "../../lib/content-coding.ts";
import type { Mask } from "./mask.ts";

/** What to keep of a body. */
export type MaskedBody =
  /** Nothing was found: the bytes stay as they were sent. */
  | { readonly kind: "clean" }
  /** These instead, the first `most` of them masked: `isWhole` when that is all. `decoded`: they have no content-encoding any more. */
  | {
      readonly kind: "masked";
      readonly bytes: Uint8Array<ArrayBuffer>;
      readonly decoded: boolean;
      readonly isWhole: boolean;
    }
  /** It cannot be decoded, so nobody knows what it holds: nothing of it may be kept. */
  | { readonly kind: "unreadable" };

/** In bytes: what a decoder is given at once. */
const PIECE = 16 * 1024;

// eslint-disable-next-line typescript/require-await -- what decoders read is asynchronous
const piecesOf = async function* piecesOf(bytes: Uint8Array): ByteChunks {
  for (let at = 0; at < bytes.length; at += PIECE) yield bytes.subarray(at, at + PIECE);
};

/** The first `most` bytes, or `undefined` when they are not what their coding says. Stops there: a bomb costs no more. */
const collect = async (chunks: ByteChunks, most: number): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const parts: Uint8Array[] = [];
  let length = 0;
  try {
    for await (const chunk of chunks) {
      parts.push(chunk.subarray(0, most - length));
      length += chunk.length;
      if (length >= most) break;
    }
  } catch {
    return undefined;
  }
  return concat(parts);
};

/**
 * Masks a body as it was sent, of which `most` bytes are to be kept: what is encoded is decoded first, as far as it is
 * kept. Time and memory are linear in `most`, whatever the body decodes to; Brotli takes up to 8 MiB more.
 */
export const maskBody = async (
  mask: Mask,
  bytes: Uint8Array<ArrayBuffer>,
  contentEncoding: string | null,
  most: number,
): Promise<MaskedBody> => {
  if (mask.hides === "nothing" || bytes.length === 0) return { kind: "clean" };
  const plain = mask.bytes(bytes, most);
  const decoding = mask.hides === "everything" ? { kind: "none" as const } : contentDecoding(contentEncoding);
  if (decoding.kind === "unknown") return { kind: "unreadable" };
  if (decoding.kind === "none") {
    if (plain === bytes) return { kind: "clean" };
    return { kind: "masked", bytes: plain, decoded: false, isWhole: bytes.length <= most };
  }
  // A byte more, to know whether that is all.
  const decoded = await collect(decoding.decode(piecesOf(bytes)), most + mask.reach + 1);
  if (decoded === undefined) return { kind: "unreadable" };
  const isWhole = decoded.length <= most;
  const masked = mask.bytes(decoded, most);
  // What is encoded is kept only when all that it decodes to was looked at, and all that its format has besides.
  if (isWhole && masked === decoded && plain === bytes) return { kind: "clean" };
  return {
    kind: "masked",
    bytes: masked === decoded ? decoded.slice(0, most) : masked,
    decoded: true,
    isWhole,
  };
};
