import { cursorOf, joined, readU32, s32, u32 } from "./leb128.ts";
import { instructionsOf, LOOP, MEMORY_COPY, MEMORY_FILL } from "./opcodes.ts";

const I32 = 0x7f;
const I64 = 0x7e;
/** One unit of fuel for so many bytes that are copied or filled: about as long as one unit of other work. */
const BYTES_PER_UNIT_SHIFT = 6;

const localGet = (local: number) => [0x20, ...u32(local)];
const localSet = (local: number) => [0x21, ...u32(local)];
const localTee = (local: number) => [0x22, ...u32(local)];
const globalGet = (index: number) => [0x23, ...u32(index)];
const globalSet = (index: number) => [0x24, ...u32(index)];
const I64_SUBTRACT = 0x7d;
/** `i64.const 0`, `i64.lt_s`, `if`, `unreachable`, `end`. */
const STOP_IF_NEGATIVE = [0x42, 0x00, 0x53, 0x04, 0x40, 0x00, 0x0b];

/** `fuel -= PRICE; if (fuel < 0) unreachable`, where PRICE leaves an i64 on the stack. */
const charge = (fuel: number, rest: number, price: readonly number[]): number[] => [
  ...globalGet(fuel),
  ...price,
  I64_SUBTRACT,
  ...localTee(rest),
  ...globalSet(fuel),
  ...localGet(rest),
  ...STOP_IF_NEGATIVE,
];

/** `i64.const`: a price that is known when the engine is built. */
const units = (count: number) => [0x42, ...s32(count)];

/** The length is on top of the stack, for the instruction that follows; it stays there. */
const chargeLength = (fuel: number, rest: number, length: number): number[] => {
  // `i32.const`, `i32.shr_u`, `i64.extend_i32_u`
  const price = [...localGet(length), 0x41, ...s32(BYTES_PER_UNIT_SHIFT), 0x76, 0xad];
  return [...localSet(length), ...charge(fuel, rest, price), ...localGet(length)];
};

export interface Locals {
  readonly groups: number;
  readonly count: number;
  /** Where the groups begin, and where the instructions do. */
  readonly start: number;
  readonly end: number;
}

/** A body's declaration of locals. */
export const readLocals = (body: Uint8Array): Locals => {
  const cursor = cursorOf(body);
  const groups = readU32(cursor);
  const start = cursor.at;
  let count = 0;
  for (let left = groups; left > 0; left -= 1) {
    count += readU32(cursor);
    cursor.at += 1;
  }
  return { groups, count, start, end: cursor.at };
};

export interface Metering {
  readonly parameters: number;
  /** The global that holds the fuel. */
  readonly fuel: number;
  /** Units that entering the function takes. */
  readonly entryPrice: number;
}

/**
 * A function's body (locals and instructions, without its size) that pays for what it does: when it is entered, one
 * unit at each turn of each loop, so nothing that runs can go on for longer than its fuel; and by length for the two
 * instructions that do any amount of work at once.
 */
export const meterBody = (
  body: Uint8Array,
  { parameters, fuel, entryPrice }: Metering,
): Uint8Array<ArrayBuffer> => {
  const locals = readLocals(body);
  const rest = parameters + locals.count;
  const length = rest + 1;
  const parts: (Uint8Array | readonly number[])[] = [
    u32(locals.groups + 2),
    body.subarray(locals.start, locals.end),
    [1, I64, 1, I32],
    charge(fuel, rest, units(entryPrice)),
  ];
  let copied = locals.end;
  for (const { opcode, start, end } of instructionsOf(body, locals.end)) {
    const bulk = opcode === MEMORY_COPY || opcode === MEMORY_FILL;
    if (opcode !== LOOP && !bulk) continue;
    const cut = bulk ? start : end;
    parts.push(
      body.subarray(copied, cut),
      bulk ? chargeLength(fuel, rest, length) : charge(fuel, rest, units(1)),
    );
    copied = cut;
  }
  parts.push(body.subarray(copied));
  return joined(parts);
};
