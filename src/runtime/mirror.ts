import type { Engine } from "./engine.ts";
import {
  HEAP_FROM,
  PAGE_BYTES,
  STACK_TOP,
  STACK_USED_BYTES,
  STATIC_END,
  wholePages,
} from "./engine-layout.ts";
import { type BaseImage, heapTopOf, type PageSet, type RunImage, type ScriptImage } from "./image.ts";

/**
 * The image that an instance's memory was last restored from, in a memory of its own: it is laid back before a run,
 * and compared with, page by page in the engine's own module, when a run is swapped out. The guest's code has no
 * instruction that reaches it.
 */
export interface Mirror {
  readonly memory: WebAssembly.Memory;
  /** Makes it hold this image. */
  readonly show: (image: RunImage) => void;
  /** Writes it over `target`, and zeros over all else (`full`), or over what lies below `heapTop` and on the C stack. */
  readonly layBack: (target: Uint8Array, full: boolean, heapTop: number) => void;
  /** Those pages of the engine's memory, the C stack apart, that differ from it. */
  readonly difference: (engine: Engine, source: Uint8Array, heapTop: number) => PageSet;
}

const WASM_PAGE = 65_536;
/** A piece of zeros, to compare pages with that no image has; then the list of what differs; then the image. */
const ZEROS_AT = 0;
const ZERO_PAGES = WASM_PAGE / PAGE_BYTES;
const LIST_AT = WASM_PAGE;
const STATICS_AT = 2 * WASM_PAGE;
const HEAP_AT = STATICS_AT + STATIC_END;
/** From an address in the engine's memory to the same in the mirror. */
const placeOf = (address: number): number =>
  address < STATIC_END ? STATICS_AT + address : HEAP_AT + address - HEAP_FROM;

const pageOf = ({ statics, heap }: BaseImage, address: number): Uint8Array =>
  address < STATIC_END
    ? statics.subarray(address, address + PAGE_BYTES)
    : heap.subarray(address - HEAP_FROM, address - HEAP_FROM + PAGE_BYTES);

export const pageAt = ({ bytes }: PageSet, index: number): Uint8Array<ArrayBuffer> =>
  bytes.subarray(index * PAGE_BYTES, (index + 1) * PAGE_BYTES);

export const createMirror = (): Mirror => {
  const memory = new WebAssembly.Memory({ initial: 4 });
  let base: BaseImage | undefined;
  let script: ScriptImage | undefined;
  let heapLength = 0;
  /** How far the heap's part has ever been written: beyond it the memory is as new. */
  let written = 0;

  const view = (): Uint8Array => new Uint8Array(memory.buffer);
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
  const removeScript = (from: BaseImage, { pages }: ScriptImage): void => {
    const target = view();
    for (const address of pages.addresses) {
      const original = pageOf(from, address);
      target.fill(0, placeOf(address), placeOf(address) + PAGE_BYTES);
      target.set(original, placeOf(address));
    }
  };
  const addScript = ({ pages, heapTop }: ScriptImage): void => {
    makeRoom(wholePages(heapTop) - HEAP_FROM);
    const target = view();
    for (const [index, address] of pages.addresses.entries())
      target.set(pageAt(pages, index), placeOf(address));
  };

  return {
    memory,
    show: (image) => {
      if (image.base !== base) showBase(image.base);
      else if (script !== undefined && image.script !== script) removeScript(base, script);
      if (image.script !== undefined && image.script !== script) addScript(image.script);
      script = image.script;
      heapLength = wholePages(heapTopOf(image)) - HEAP_FROM;
    },
    layBack: (target, full, heapTop) => {
      const end = HEAP_FROM + heapLength;
      target.fill(0, full ? STATIC_END : STACK_TOP - STACK_USED_BYTES, HEAP_FROM);
      target.fill(0, end, full ? target.length : Math.max(end, wholePages(heapTop)));
      const source = view();
      target.set(source.subarray(STATICS_AT, STATICS_AT + STATIC_END), 0);
      target.set(source.subarray(HEAP_AT, HEAP_AT + heapLength), HEAP_FROM);
    },
    difference: (engine, source, heapTop) => {
      const addresses: number[] = [];
      const compare = (at: number, mirrorAt: number, pages: number): void => {
        const count = engine.diffPages(at, mirrorAt, pages, LIST_AT);
        for (const address of new Uint32Array(memory.buffer, LIST_AT, count)) addresses.push(address);
      };
      compare(0, STATICS_AT, STATIC_END / PAGE_BYTES);
      compare(HEAP_FROM, HEAP_AT, heapLength / PAGE_BYTES);
      const end = Math.min(wholePages(heapTop), source.length);
      for (let at = HEAP_FROM + heapLength; at < end; at += WASM_PAGE) {
        compare(at, ZEROS_AT, Math.min(ZERO_PAGES, (end - at) / PAGE_BYTES));
      }
      const bytes = new Uint8Array(addresses.length * PAGE_BYTES);
      for (const [index, address] of addresses.entries()) {
        bytes.set(source.subarray(address, address + PAGE_BYTES), index * PAGE_BYTES);
      }
      return { addresses, bytes };
    },
  };
};
