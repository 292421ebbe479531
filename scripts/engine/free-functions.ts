import { CALL, CALL_INDIRECT, calleeOf, instructionsOf, LOOP, MEMORY_COPY, MEMORY_FILL } from "./opcodes.ts";

/** By their index in the module: how many instructions a call of each runs at most, its own calls included. */
export type FreeFunctions = ReadonlyMap<number, number>;

export interface Functions {
  /** Each with where its instructions begin. */
  readonly bodies: readonly { readonly body: Uint8Array; readonly at: number }[];
  /** How many functions are imported: the bodies' are counted on from there. */
  readonly imported: number;
  readonly exported: ReadonlySet<number>;
}

/** More would let callers do too much for their own unit; fewer would leave small functions too large to be inlined. */
const MOST_INSTRUCTIONS = 128;
const UNBOUNDED: ReadonlySet<number> = new Set([LOOP, CALL_INDIRECT, MEMORY_COPY, MEMORY_FILL]);

interface Candidate {
  readonly index: number;
  readonly instructions: number;
  readonly callees: readonly number[];
}

const candidatesOf = ({ bodies, imported, exported }: Functions): Candidate[] =>
  bodies.flatMap(({ body, at }, place) => {
    const index = imported + place;
    const instructions = instructionsOf(body, at);
    if (exported.has(index) || instructions.some(({ opcode }) => UNBOUNDED.has(opcode))) return [];
    const calls = instructions.filter(({ opcode }) => opcode === CALL);
    return [{ index, instructions: instructions.length, callees: calls.map((call) => calleeOf(body, call)) }];
  });

/**
 * Functions that take no fuel: small, without loops, and calling only such functions. What calls them has been charged,
 * so nothing can go on by calling them: they cannot call each other in a circle, and what an import may call back
 * into is exported, and charged. It leaves them small enough for V8 to inline (docs/adr/0006-what-metering-costs.md).
 */
export const freeFunctions = (functions: Functions): FreeFunctions => {
  const free = new Map<number, number>();
  const costOf = (callee: number): number =>
    callee < functions.imported ? 0 : (free.get(callee) ?? Infinity);
  let left = candidatesOf(functions);
  // Leaves first, then what calls only them, until nothing more is found.
  for (let before = -1; before !== free.size;) {
    before = free.size;
    left = left.filter(({ index, instructions, callees }) => {
      const cost = callees.reduce((sum, callee) => sum + costOf(callee), instructions);
      if (cost <= MOST_INSTRUCTIONS) free.set(index, cost);
      return cost > MOST_INSTRUCTIONS;
    });
  }
  return free;
};
