import { viewOf } from "./engine-memory.ts";
import type { Engine } from "./engine.ts";
import {
  HEAP_FROM,
  BLOCK_BYTES,
  STACK_TOP,
  STACK_USED_BYTES,
  STATIC_END,
  wholeBlocks,
} from "./engine-layout.ts";
import { type BaseImage, heapTopOf, type BlockSet, type RunImage, type ScriptImage } from "./image.ts";

/**
 * The image that an instance's memory was last restored from, in a memory of its own: it is laid back before a run,
 * and compared with, block by block in the engine's own module, when a run is swapped out. The guest's code has no
 * instruction that reaches it.
 */
export interface Mirror {
  readonly memory: WebAssembly.Memory;
  /** Makes it hold this image. */
  readonly show: (image: RunImage) => void;
  /** Writes it over `target`, and zeros over all else (`full`), or over what lies below `heapTop` and on the C stack. */
  readonly layBack: (target: Uint8Array, full: boolean, heapTop: number) => void;
  /** Those blocks of the engine's memory, the C stack apart, that differ from it. */
  readonly difference: (engine: Engine, source: Uint8Array, heapTop: number) => BlockSet;
}

const WASM_PAGE = 65_536;
/** A piece of zeros, to compare blocks with that no image has; then the list of what differs; then the image. */
const ZEROS_AT = 0;
const ZERO_BLOCKS = WASM_PAGE / BLOCK_BYTES;
const LIST_AT = WASM_PAGE;
const LIST_LENGTH = WASM_PAGE / Uint32Array.BYTES_PER_ELEMENT;
const STATICS_AT = 2 * WASM_PAGE;
const HEAP_AT = STATICS_AT + STATIC_END;
/** From an address in the engine's memory to the same in the mirror. */
const placeOf = (address: number): number =>
  address < STATIC_END ? STATICS_AT + address : HEAP_AT + address - HEAP_FROM;

const blockOf = ({ statics, heap }: BaseImage, address: number): Uint8Array =>
  address < STATIC_END
    ? statics.subarray(address, address + BLOCK_BYTES)
    : heap.subarray(address - HEAP_FROM, address - HEAP_FROM + BLOCK_BYTES);

export const blockAt = ({ bytes }: BlockSet, index: number): Uint8Array<ArrayBuffer> =>
  bytes.subarray(index * BLOCK_BYTES, (index + 1) * BLOCK_BYTES);

export const createMirror = (): Mirror => {
  const memory = new WebAssembly.Memory({ initial: 4 });
  let base: BaseImage | undefined;
  let script: ScriptImage | undefined;
  let heapLength = 0;
  /** How far the heap's part has ever been written: beyond it the memory is as new. */
  let written = 0;

  const view = viewOf(memory);
  const makeRoom = (bytes: number): void => {
    const missing = HEAP_AT + bytes - memory.buffer.byteLength;
    if (missing > 0) memory.grow(Math.ceil(missing / WASM_PAGE));
    written = Math.max(written, bytes);
  };
  const showBase = (next: BaseImage): void => {
    makeRoom(next.heap.length);
    const target = view();
    target.set(next.statics, STATICS_AT);
    target.set(next.heap, HEAP_AT);
    target.fill(0, HEAP_AT + next.heap.length, HEAP_AT + written);
    base = next;
    script = undefined;
  };
  const removeScript = (from: BaseImage, { blocks }: ScriptImage): void => {
    const target = view();
    for (const address of blocks.addresses) {
      const original = blockOf(from, address);
      target.fill(0, placeOf(address), placeOf(address) + BLOCK_BYTES);
      target.set(original, placeOf(address));
    }
  };
  const addScript = ({ blocks, heapTop }: ScriptImage): void => {
    makeRoom(wholeBlocks(heapTop) - HEAP_FROM);
    const target = view();
    for (const [index, address] of blocks.addresses.entries())
      target.set(blockAt(blocks, index), placeOf(address));
  };

  return {
    memory,
    show: (image) => {
      if (image.base !== base) showBase(image.base);
      else if (script !== undefined && image.script !== script) removeScript(base, script);
      if (image.script !== undefined && image.script !== script) addScript(image.script);
      script = image.script;
      heapLength = wholeBlocks(heapTopOf(image)) - HEAP_FROM;
    },
    layBack: (target, full, heapTop) => {
      const end = HEAP_FROM + heapLength;
      target.fill(0, full ? STATIC_END : STACK_TOP - STACK_USED_BYTES, HEAP_FROM);
      target.fill(0, end, full ? target.length : Math.max(end, wholeBlocks(heapTop)));
      const source = view();
      target.set(source.subarray(STATICS_AT, STATICS_AT + STATIC_END), 0);
      target.set(source.subarray(HEAP_AT, HEAP_AT + heapLength), HEAP_FROM);
    },
    difference: (engine, source, heapTop) => {
      const addresses: number[] = [];
      const compare = (at: number, mirrorAt: number, blocks: number): void => {
        for (let done = 0; done < blocks; done += LIST_LENGTH) {
          const offset = done * BLOCK_BYTES;
          const some = Math.min(LIST_LENGTH, blocks - done);
          const count = engine.diffBlocks(at + offset, mirrorAt + offset, some, LIST_AT);
          for (const address of new Uint32Array(memory.buffer, LIST_AT, count)) addresses.push(address);
        }
      };
      compare(0, STATICS_AT, STATIC_END / BLOCK_BYTES);
      compare(HEAP_FROM, HEAP_AT, heapLength / BLOCK_BYTES);
      const end = Math.min(wholeBlocks(heapTop), source.length);
      for (let at = HEAP_FROM + heapLength; at < end; at += WASM_PAGE) {
        compare(at, ZEROS_AT, Math.min(ZERO_BLOCKS, (end - at) / BLOCK_BYTES));
      }
      const bytes = new Uint8Array(addresses.length * BLOCK_BYTES);
      for (const [index, address] of addresses.entries()) {
        bytes.set(source.subarray(address, address + BLOCK_BYTES), index * BLOCK_BYTES);
      }
      return { addresses: Uint32Array.from(addresses), bytes };
    },
  };
};
