import { type Cursor, cursorOf, readByte, readU32, skipLeb } from "./leb128.ts";

/** The instructions that the rewriter acts on. */
export const BLOCK = 0x02;
export const LOOP = 0x03;
export const IF = 0x04;
export const END = 0x0b;
export const LOCAL_GET = 0x20;
export const I32_LOAD = 0x28;
export const I32_STORE = 0x36;
export const I32_CONST = 0x41;
export const CALL = 0x10;
export const CALL_INDIRECT = 0x11;
export const MEMORY_COPY = 0xfc0a;
export const MEMORY_FILL = 0xfc0b;

const skipBytes = (count: number) => (cursor: Cursor) => {
  cursor.at += count;
};
const nothing = skipBytes(0);
const index = (cursor: Cursor) => void readU32(cursor);
const twoIndexes = (cursor: Cursor) => {
  readU32(cursor);
  readU32(cursor);
};
/** Each memory has limits of its own; the engine has one. */
const memoryIndex = (cursor: Cursor) => {
  if (readU32(cursor) !== 0) throw new Error(`more than one memory, at byte ${cursor.at}`);
};
const twoMemoryIndexes = (cursor: Cursor) => {
  memoryIndex(cursor);
  memoryIndex(cursor);
};
const branchTable = (cursor: Cursor) => {
  for (let left = readU32(cursor) + 1; left > 0; left -= 1) readU32(cursor);
};
/** Bit 6 of the alignment says that a memory's index follows: a proposal that the engine does not use. */
const memoryArgument = (cursor: Cursor) => {
  if (readU32(cursor) >= 0x40) throw new Error(`more than one memory, at byte ${cursor.at}`);
  readU32(cursor);
};

const range = (from: number, to: number): number[] =>
  Array.from({ length: to - from + 1 }, (_, offset) => from + offset);

/** What follows each opcode, by opcode; 0xfc is a prefix and its second part stands behind it. */
const IMMEDIATES = new Map<number, (cursor: Cursor) => void>([
  ...[0x00, 0x01, 0x05, END, 0x0f, 0x1a, 0x1b].map((code) => [code, nothing] as const),
  ...[BLOCK, LOOP, IF].map((code) => [code, skipLeb] as const),
  ...[0x0c, 0x0d, 0x10].map((code) => [code, index] as const),
  [0x0e, branchTable],
  [0x11, twoIndexes],
  ...range(0x20, 0x24).map((code) => [code, index] as const),
  ...range(0x28, 0x3e).map((code) => [code, memoryArgument] as const),
  ...[0x3f, 0x40].map((code) => [code, memoryIndex] as const),
  ...[0x41, 0x42].map((code) => [code, skipLeb] as const),
  [0x43, skipBytes(4)],
  [0x44, skipBytes(8)],
  ...range(0x45, 0xc4).map((code) => [code, nothing] as const),
  ...range(0xfc00, 0xfc07).map((code) => [code, nothing] as const),
  [MEMORY_COPY, twoMemoryIndexes],
  [MEMORY_FILL, memoryIndex],
]);

/** What an opcode outside the table belongs to, for whoever brings in an engine that has one. */
const proposalOf = (opcode: number): string => {
  if ([0x06, 0x07, 0x08, 0x09, 0x0a, 0x18, 0x19, 0x1f].includes(opcode)) return "exceptions";
  if (opcode >= 0x12 && opcode <= 0x15) return "tail calls and typed references";
  if ([0x1c, 0x25, 0x26].includes(opcode) || (opcode >= 0xd0 && opcode <= 0xd6)) return "reference types";
  if (opcode === 0xfb) return "garbage collection";
  if (opcode === 0xfd) return "SIMD";
  if (opcode === 0xfe) return "threads";
  if ([0xfc08, 0xfc09].includes(opcode)) return "passive data";
  if (opcode >= 0xfc0c && opcode <= 0xfc11) return "bulk operations on tables";
  return "nothing known";
};

/**
 * Reads one instruction and what belongs to it, and tells its opcode (0xfc00 + n for the prefixed ones).
 * An opcode outside the table stops the build: work that is not understood cannot be charged for.
 */
export const readInstruction = (cursor: Cursor): number => {
  const start = cursor.at;
  const first = readByte(cursor);
  const opcode = first === 0xfc ? 0xfc00 + readU32(cursor) : first;
  const skip = IMMEDIATES.get(opcode);
  if (skip === undefined) {
    const code = opcode.toString(16).padStart(2, "0");
    throw new Error(
      `unknown opcode 0x${code} at byte ${start} of a body (${proposalOf(opcode)}): it cannot be charged for`,
    );
  }
  skip(cursor);
  return opcode;
};

/** Where an instruction stands in a body. */
export interface Instruction {
  readonly opcode: number;
  readonly start: number;
  readonly end: number;
}

/** All instructions of a body, from `at` on. */
export const instructionsOf = (body: Uint8Array, at: number): Instruction[] => {
  const cursor = cursorOf(body, at);
  const found: Instruction[] = [];
  while (cursor.at < body.length) {
    const start = cursor.at;
    found.push({ opcode: readInstruction(cursor), start, end: cursor.at });
  }
  return found;
};

/** The function that a `call` names. */
export const calleeOf = (body: Uint8Array, { start }: Instruction): number =>
  readU32(cursorOf(body, start + 1));
