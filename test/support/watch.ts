import { Buffer } from "node:buffer";

/** Begins every canary: one search finds what any case left behind. */
export const CANARY = "ca9ary-";

/** What a run found in the memory that it was about to begin in. */
export interface Found {
  readonly how: "short" | "full";
  /** Where the memory first differs from a pristine one, whose end zeros must follow; `null` when it does not. */
  readonly differsAt: number | null;
  readonly canary: boolean;
}

/** Looks at the memory as each run finds it. */
export interface Watch {
  /** For `RuntimeDeps`. */
  readonly onRestored: (memory: Uint8Array, how: "short" | "full") => void;
  /** What every later memory is compared with. */
  readonly compareWith: (pristine: Buffer) => void;
  /** What the last run to begin has found; told once. */
  readonly found: () => Found | undefined;
  /** The engine's own memory, not a copy: for writing into it as a spoiled engine might. */
  readonly memory: () => Buffer;
}

/** As large as the memory of the larger class may become. */
const ZEROS = Buffer.alloc(40 * 1024 * 1024);

const bufferOf = (memory: Uint8Array): Buffer =>
  Buffer.from(memory.buffer, memory.byteOffset, memory.byteLength);

export const hasCanary = (memory: Buffer): boolean =>
  memory.includes(CANARY, 0, "utf8") || memory.includes(CANARY, 0, "utf16le");

const firstDifference = (memory: Buffer, pristine: Buffer): number | null => {
  const expected = [pristine, ZEROS.subarray(0, Math.max(0, memory.length - pristine.length))];
  let from = 0;
  for (const part of expected) {
    const found = memory.subarray(from, from + part.length);
    if (!found.equals(part)) return from + part.findIndex((byte: number, at: number) => byte !== found[at]);
    from += part.length;
  }
  return null;
};

export const createWatch = (): Watch => {
  let pristine: Buffer | undefined;
  let found: Found | undefined;
  let memory = Buffer.alloc(0);
  return {
    onRestored: (restored, how) => {
      memory = bufferOf(restored);
      const differsAt = pristine === undefined ? null : firstDifference(memory, pristine);
      found = { how, differsAt, canary: hasCanary(memory) };
    },
    compareWith: (other) => {
      pristine = other;
    },
    found: () => {
      const last = found;
      found = undefined;
      return last;
    },
    memory: () => memory,
  };
};
