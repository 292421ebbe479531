import { concat } from "./bytes.ts";

/** Bytes that come piece by piece. */
export interface Pieces {
  readonly add: (piece: Uint8Array) => void;
  readonly whole: () => Uint8Array<ArrayBuffer>;
}

const BLOCK = 16 * 1024;

/**
 * Small pieces are copied together: one of a single byte is an object of some 200 bytes, and may hold on to the 4 KiB that the
 * platform had read it into. A body of nothing else, a chunk a byte, would take thousands of times its length.
 */
export const createPieces = (): Pieces => {
  const done: Uint8Array[] = [];
  let block = new Uint8Array(0);
  let used = 0;
  const close = (): void => {
    if (used > 0) done.push(block.subarray(0, used));
    block = block.subarray(used);
    used = 0;
  };
  return {
    add: (piece) => {
      if (piece.length >= BLOCK) {
        close();
        done.push(piece);
        return;
      }
      if (piece.length > block.length - used) {
        close();
        block = new Uint8Array(BLOCK);
      }
      block.set(piece, used);
      used += piece.length;
    },
    whole: () => concat([...done, block.subarray(0, used)]),
  };
};
