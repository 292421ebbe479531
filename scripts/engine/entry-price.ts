import { cursorOf } from "./leb128.ts";
import { BLOCK, END, IF, LOOP, readInstruction } from "./opcodes.ts";

/**
 * A long body does more work between two charges than a short one. These numbers bring the rates of the calibration's
 * workloads closest together: without them parsers cost a third of what loops do for the same time (docs/adr/0002-fuel.md).
 */
const INSTRUCTIONS_PER_UNIT = 64;
const MOST_EXTRA = 16;

/** How many instructions of a body stand in no loop, from `at` on. */
const outsideLoops = (body: Uint8Array, at: number): number => {
  const cursor = cursorOf(body, at);
  const loops: boolean[] = [];
  let depth = 0;
  let count = 0;
  while (cursor.at < body.length) {
    const opcode = readInstruction(cursor);
    if (depth === 0) count += 1;
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
export const entryPrice = (body: Uint8Array, at: number): number =>
  1 + Math.min(MOST_EXTRA, Math.floor(outsideLoops(body, at) / INSTRUCTIONS_PER_UNIT));
