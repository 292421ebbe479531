import type { Transform } from "node:stream";
import { concat } from "./bytes.ts";
import type { HeaderPairs } from "./headers.ts";

export type ByteChunks = AsyncIterable<Uint8Array>;
type Decode = (source: ByteChunks) => ByteChunks;

/** Nobody needs more, and each multiplies what a few bytes can become. */
const MOST_CODINGS = 3;
/** In bytes, as sent and as decoded. */
const MOST_BROTLI = 8 * 1024 * 1024;

/**
 * Chunk by chunk, as fast as it is read: what a bomb becomes is never there as a whole. The platform's
 * `DecompressionStream` would decode all that it is given at once.
 */
const decodeWith = (open: (zlib: typeof import("node:zlib"), first: Uint8Array) => Transform): Decode =>
  async function* decode(source) {
    const [{ pipeline }, zlib] = await Promise.all([import("node:stream"), import("node:zlib")]);
    const chunks = source[Symbol.asyncIterator]();
    const first = await chunks.next();
    if (first.done === true) return;
    const all = async function* all() {
      yield first.value;
      yield* { [Symbol.asyncIterator]: () => chunks };
    };
    // What goes wrong is thrown to whoever reads.
    const decoder = pipeline(all(), open(zlib, first.value), () => {});
    for await (const chunk of decoder) {
      const bytes: Uint8Array = chunk;
      yield bytes;
    }
  };

/** Whether bytes begin as zlib's format does (RFC 1950, section 2.2). */
const isZlib = ([method = 0, flags = 0]: Uint8Array): boolean =>
  (method & 0x0f) === 8 && (method * 256 + flags) % 31 === 0;

/** At once, and no more than is bearable: workerd's stream of Brotli goes on by recursion however little is read. */
const decodeBrotli: Decode = async function* decodeBrotli(source) {
  const chunks: Uint8Array[] = [];
  let length = 0;
  for await (const chunk of source) {
    chunks.push(chunk);
    length += chunk.length;
    if (length > MOST_BROTLI) throw new RangeError("The body is too long to be decoded.");
  }
  if (length === 0) return;
  const { brotliDecompressSync } = await import("node:zlib");
  yield brotliDecompressSync(concat(chunks), { maxOutputLength: MOST_BROTLI });
};

const gzip = decodeWith((zlib) => zlib.createGunzip());

const DECODERS: ReadonlyMap<string, Decode> = new Map([
  ["gzip", gzip],
  ["x-gzip", gzip],
  // Some send bare deflate under this name (RFC 9110, section 8.4.1.2).
  ["deflate", decodeWith((zlib, first) => (isZlib(first) ? zlib.createInflate() : zlib.createInflateRaw()))],
  ["br", decodeBrotli],
  ["zstd", decodeWith((zlib) => zlib.createZstdDecompress())],
]);

/** The codings of a `content-encoding`, in the order in which they were applied; `identity` is none (RFC 9110, section 8.4). */
const codingsOf = (header: string | null): readonly string[] =>
  (header ?? "")
    .split(",")
    .map((coding) => coding.trim().toLowerCase())
    .filter((coding) => coding !== "" && coding !== "identity");

/** What undoing a `content-encoding` takes of memory, when it takes much: Brotli is undone at once, as sent and as decoded. */
export const decodingBytes = (header: string | null): number =>
  codingsOf(header).filter((coding) => coding === "br").length * 2 * MOST_BROTLI;

/** All that a message says of its body's coding; `null` for nothing. Stops a second header from hiding behind the first. */
export const contentEncodingOf = (headers: HeaderPairs): string | null => {
  const values = headers.filter(([name]) => name.toLowerCase() === "content-encoding");
  return values.length === 0 ? null : values.map(([, value]) => value).join(", ");
};

export type ContentDecoding = { readonly kind: "none" } | { readonly kind: "unknown" } | DecodingOf;

/** `decode` throws while it is read, when the bytes are not what the header says. */
interface DecodingOf {
  readonly kind: "encoded";
  readonly decode: Decode;
}

/** How to undo a `content-encoding`: gzip, deflate, Brotli, Zstandard, and lists of them. */
export const contentDecoding = (header: string | null): ContentDecoding => {
  const codings = codingsOf(header);
  if (codings.length === 0) return { kind: "none" };
  if (codings.length > MOST_CODINGS) return { kind: "unknown" };
  const decoders = codings.toReversed().flatMap((coding) => DECODERS.get(coding) ?? []);
  if (decoders.length < codings.length) return { kind: "unknown" };
  return { kind: "encoded", decode: (source) => decoders.reduce((bytes, decode) => decode(bytes), source) };
};
