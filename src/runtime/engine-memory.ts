import type { HeapClass } from "./limits.ts";

const PAGE = 65_536;
/** As the engine's build says (scripts/build-engine.ts): static data, 5 MiB of C stack, a first piece of heap. */
const INITIAL_PAGES = 96;
/** The heap begins at about 5.1 MiB, so that these leave a little more than the class's name says. */
const MAXIMUM_PAGES: Readonly<Record<HeapClass, number>> = { 10: 256, 32: 600 };
/** Growth comes in steps of 512 KiB at least: each costs a call and new views. */
const STEP_PAGES = 8;

export const INITIAL_BYTES = INITIAL_PAGES * PAGE;

/** The linear memory of one run. Its ceiling is the memory's own maximum, which no guest can move. */
export interface EngineMemory {
  readonly memory: WebAssembly.Memory;
  readonly resize: (bytes: number) => boolean;
  /** Whether growth was ever refused: what makes a failed run `exceeded memory`, whatever the guest says of it. */
  readonly refused: () => boolean;
}

/** The heap that a class promises, in bytes. */
export const heapBytes = (heapMb: HeapClass): number => heapMb * 1024 * 1024;

/** `mayGrow` is asked before the memory takes so many bytes more; it may end the run. */
export const createMemory = (heapMb: HeapClass, mayGrow: (bytes: number) => void): EngineMemory => {
  const maximum = MAXIMUM_PAGES[heapMb];
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum });
  let refused = false;
  const resize = (bytes: number): boolean => {
    const pages = memory.buffer.byteLength / PAGE;
    const needed = Math.ceil(bytes / PAGE);
    if (needed > maximum) {
      refused = true;
      return false;
    }
    const grown = Math.min(maximum, Math.max(needed, pages + STEP_PAGES));
    mayGrow((grown - pages) * PAGE);
    memory.grow(grown - pages);
    return true;
  };
  return { memory, resize, refused: () => refused };
};
