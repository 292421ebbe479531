import { brotliCompressSync, deflateRawSync, deflateSync, gzipSync, zstdCompressSync } from "node:zlib";

/** Bytes alone, as those of a body are: what zlib gives may lie in a shared buffer. */
const own = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => Uint8Array.from(bytes);

/** Every content coding that is understood, as senders write it, and what makes it. */
export const CODINGS: readonly (readonly [string, (bytes: Uint8Array) => Uint8Array<ArrayBuffer>])[] = [
  ["gzip", (bytes) => own(gzipSync(bytes))],
  ["X-GZIP", (bytes) => own(gzipSync(bytes))],
  ["deflate", (bytes) => own(deflateSync(bytes))],
  [" deflate ", (bytes) => own(deflateRawSync(bytes))],
  ["br", (bytes) => own(brotliCompressSync(bytes))],
  ["zstd", (bytes) => own(zstdCompressSync(bytes))],
  ["gzip, br", (bytes) => own(brotliCompressSync(gzipSync(bytes)))],
  ["identity,zstd , identity, deflate", (bytes) => own(deflateSync(zstdCompressSync(bytes)))],
];
