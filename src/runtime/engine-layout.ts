import { HEAP_START, STACK_TOP, STATIC_END } from "../../build/engine-layout.ts";

/**
 * Where things lie in the engine's linear memory, as the build found out by probing: static data from 0, then the C
 * stack, which grows downwards from `STACK_TOP`, then the heap. All bounds that blocks are counted from are whole blocks.
 */
export { HEAP_START, STACK_TOP, STATIC_END };

/** The unit of what is compared and kept: a small sleeping script keeps 19 KB in these, 53 KB in blocks of 512 bytes (measured). */
export const BLOCK_BYTES = 128;

export const wholeBlocks = (bytes: number): number => Math.ceil(bytes / BLOCK_BYTES) * BLOCK_BYTES;

/** The heap's first block; the top of the C stack may share it. */
export const HEAP_FROM = Math.floor(HEAP_START / BLOCK_BYTES) * BLOCK_BYTES;

/**
 * How far down the C stack may have been written to by a run that returned: the engine's own limit, and what its
 * functions that do not ask may go beyond it. Only a short restore trusts it.
 */
export const STACK_USED_BYTES = 256 * 1024;
