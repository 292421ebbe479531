import type { HeapClass } from "./limits.ts";

const WASM_PAGE = 65_536;
/** As the engine's build says (scripts/build-engine.ts): static data, 5 MiB of C stack, a first piece of heap. */
const INITIAL_PAGES = 96;
/** The heap begins at about 5.1 MiB, so that these leave a little more than the class's name says. */
const MAXIMUM_PAGES: Readonly<Record<HeapClass, number>> = { 10: 256, 32: 600 };
/** Growth comes in steps of 512 KiB at least: each costs a call and new views. */
const STEP_PAGES = 8;

/** The heap that a class promises, in bytes. */
export const heapBytes = (heapMb: HeapClass): number => heapMb * 1024 * 1024;

/** Its bytes as they lie now: growth makes a new buffer, and a view for each look would be garbage by the dozen a run. */
export const viewOf = (memory: WebAssembly.Memory): (() => Uint8Array<ArrayBuffer>) => {
  let view = new Uint8Array(memory.buffer);
  return () => {
    if (view.buffer !== memory.buffer) view = new Uint8Array(memory.buffer);
    return view;
  };
};

/** Why a memory did not grow: it is at its class's ceiling, or the isolate has no room for more. */
export type Growth = "grown" | "ceiling" | "no-room";

/** The linear memory of one instance. Its ceiling is the memory's own maximum, which no guest can move. */
export interface EngineMemory {
  readonly memory: WebAssembly.Memory;
  readonly byteLength: () => number;
  /** Whether it is longer than when it was made. */
  readonly hasGrown: () => boolean;
  /** Makes it at least so many bytes long. */
  readonly grow: (bytes: number) => Growth;
}

/** `hasRoom` is asked before the memory takes so many bytes more of the isolate. */
export const createMemory = (heapMb: HeapClass, hasRoom: (bytes: number) => boolean): EngineMemory => {
  const maximum = MAXIMUM_PAGES[heapMb];
  const memory = new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum });
  const byteLength = (): number => memory.buffer.byteLength;
  return {
    memory,
    byteLength,
    hasGrown: () => byteLength() > INITIAL_PAGES * WASM_PAGE,
    grow: (bytes) => {
      const pages = byteLength() / WASM_PAGE;
      const needed = Math.ceil(bytes / WASM_PAGE);
      if (needed <= pages) return "grown";
      if (needed > maximum) return "ceiling";
      const grown = Math.min(maximum, Math.max(needed, pages + STEP_PAGES));
      if (!hasRoom((grown - pages) * WASM_PAGE)) return "no-room";
      memory.grow(grown - pages);
      return "grown";
    },
  };
};
