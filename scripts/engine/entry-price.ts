import type { FreeFunctions } from "./free-functions.ts";
import { BLOCK, CALL, calleeOf, END, IF, instructionsOf, LOOP } from "./opcodes.ts";

/**
 * A long body does more work between two charges than a short one. These numbers bring the rates of the calibration's
 * workloads closest together: without them parsers cost a third of what loops do for the same time (docs/adr/0006-what-metering-costs.md).
 */
const INSTRUCTIONS_PER_UNIT = 64;
const MOST_EXTRA = 16;

/** How many instructions stand in no loop, from `at` on, with those of the free functions that they call. */
const outsideLoops = (body: Uint8Array, at: number, free: FreeFunctions): number => {
  const loops: boolean[] = [];
  let depth = 0;
  let count = 0;
  for (const instruction of instructionsOf(body, at)) {
    const { opcode } = instruction;
    if (depth === 0) count += 1;
    if (depth === 0 && opcode === CALL) count += free.get(calleeOf(body, instruction)) ?? 0;
    if (opcode === LOOP || opcode === BLOCK || opcode === IF) {
      loops.push(opcode === LOOP);
      if (opcode === LOOP) depth += 1;
    } else if (opcode === END && loops.pop() === true) {
      depth -= 1;
    }
  }
  return count;
};

/** What entering the function costs, by how much of its body is run at most once. */
export const entryPrice = (body: Uint8Array, at: number, free: FreeFunctions): number =>
  1 + Math.min(MOST_EXTRA, Math.floor(outsideLoops(body, at, free) / INSTRUCTIONS_PER_UNIT));
