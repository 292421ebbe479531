import { cursorOf, readS32, readU32, s32, u32 } from "./leb128.ts";
import { END, I32_CONST, I32_LOAD, I32_STORE, instructionsOf, LOCAL_GET } from "./opcodes.ts";

export interface PatchRules {
  /** Address of the word in which `sbrk` keeps the end of the heap, and how many stores to it the module has. */
  readonly heapBreak: { readonly address: number; readonly stores: number };
  /** The number that interrupt counters start from: `from` in the package, in so many stores, and `to` in the build. */
  readonly pollEvery: { readonly from: number; readonly to: number; readonly stores: number };
}

export interface Patcher {
  /** A function's body (instructions from `at` on) with what is to be changed in it. */
  readonly patch: (body: Uint8Array, at: number) => Uint8Array;
  /** Throws unless every place was found: another build of the engine may keep these things elsewhere. */
  readonly assertComplete: () => void;
}

interface Change {
  readonly from: number;
  readonly to: number;
  readonly bytes: readonly number[];
}

const withChanges = (body: Uint8Array, changes: readonly Change[]): Uint8Array => {
  const bytes: number[] = [];
  let copied = 0;
  for (const { from, to, bytes: put } of changes) {
    bytes.push(...body.subarray(copied, from), ...put);
    copied = to;
  }
  return Uint8Array.from([...bytes, ...body.subarray(copied)]);
};

const localGet = (local: number) => [LOCAL_GET, ...u32(local)];
const globalGet = (index: number) => [0x23, ...u32(index)];
const globalSet = (index: number) => [0x24, ...u32(index)];
/** `i32.gt_u`, `if`. */
const IF_GREATER = [0x4b, 0x04, 0x40];

/** `if (local > heap_top) heap_top = local` */
const raise = (heapTop: number, local: number): number[] => [
  ...localGet(local),
  ...globalGet(heapTop),
  ...IF_GREATER,
  ...localGet(local),
  ...globalSet(heapTop),
  END,
];

/**
 * Two changes of what the engine does: `heap_top` (a global, so no guest can forge it) follows the heap's break, which
 * is a word of guest memory; and interrupts are polled for more often, so that a soft stop comes soon after its fuel.
 */
export const createPatcher = (rules: PatchRules, heapTop: number): Patcher => {
  const { heapBreak, pollEvery } = rules;
  let breaks = 0;
  let polls = 0;
  const changesIn = (body: Uint8Array, at: number): Change[] => {
    const instructions = instructionsOf(body, at);
    return instructions.flatMap(({ opcode, start, end }, index): Change[] => {
      if (opcode !== I32_CONST) return [];
      const value = readS32(cursorOf(body, start + 1));
      const [second, third] = [instructions[index + 1], instructions[index + 2]];
      if (value === pollEvery.from && second?.opcode === I32_STORE) {
        polls += 1;
        return [{ from: start, to: end, bytes: [I32_CONST, ...s32(pollEvery.to)] }];
      }
      if (value !== heapBreak.address || second?.opcode === I32_LOAD) return [];
      if (second?.opcode !== LOCAL_GET || third?.opcode !== I32_STORE) {
        throw new Error(`the heap's break at ${heapBreak.address} is used in a way that is not understood`);
      }
      breaks += 1;
      const local = readU32(cursorOf(body, second.start + 1));
      return [{ from: third.end, to: third.end, bytes: raise(heapTop, local) }];
    });
  };
  return {
    patch: (body, at) => {
      const changes = changesIn(body, at);
      return changes.length === 0 ? body : withChanges(body, changes);
    },
    assertComplete: () => {
      if (breaks !== heapBreak.stores)
        throw new Error(`the heap's break is stored in ${breaks} places, not ${heapBreak.stores}`);
      if (polls !== pollEvery.stores)
        throw new Error(
          `an interrupt counter of ${pollEvery.from} is set in ${polls} places, not ${pollEvery.stores}`,
        );
    },
  };
};
