import type { EngineMemory } from "./engine-memory.ts";
import { EngineFault } from "./stop-run.ts";

/** A linear memory as it stood at one moment, without its zeros, and the pointers into it that its owner needs. */
export interface MemoryImage<Anchors> {
  /** Of the whole memory. */
  readonly byteLength: number;
  readonly pieces: readonly { readonly at: number; readonly bytes: Uint8Array<ArrayBuffer> }[];
  readonly anchors: Anchors;
}

const PIECE_BYTES = 4_096;

const isZero = (words: BigUint64Array): boolean => words.every((word) => word === 0n);

/** Neighbouring pieces that hold anything become one. */
export const takeImage = <Anchors>(memory: EngineMemory, anchors: Anchors): MemoryImage<Anchors> => {
  const { buffer } = memory.memory;
  const pieces: { at: number; bytes: Uint8Array<ArrayBuffer> }[] = [];
  let from: number | undefined;
  for (let at = 0; at <= buffer.byteLength; at += PIECE_BYTES) {
    const used = at < buffer.byteLength && !isZero(new BigUint64Array(buffer, at, PIECE_BYTES / 8));
    if (used) {
      from ??= at;
    } else if (from !== undefined) {
      pieces.push({ at: from, bytes: new Uint8Array(buffer.slice(from, at)) });
      from = undefined;
    }
  }
  return { byteLength: buffer.byteLength, pieces, anchors };
};

/** Into a memory that holds nothing else yet but the module's own data, which the image has as well. */
export const restoreMemory = (memory: EngineMemory, image: MemoryImage<unknown>): void => {
  if (memory.memory.buffer.byteLength < image.byteLength && !memory.resize(image.byteLength)) {
    throw new EngineFault("the image does not fit the heap");
  }
  const target = new Uint8Array(memory.memory.buffer);
  for (const { at, bytes } of image.pieces) target.set(bytes, at);
};
