import { cursorOf, nameBytes, readU32, s32, u32 } from "./leb128.ts";
import {
  CODE,
  EXPORT,
  FUNCTION,
  IMPORT,
  readSections,
  type Section,
  sectionOf,
  TYPE,
  writeSections,
} from "./sections.ts";
import { importedFunctions } from "./signatures.ts";

const BLOCK_BYTES = 128;
const STRIDE = 64;
const I32 = 0x7f;
const [FUNCTION_KIND, MEMORY_KIND, FUNCTION_TYPE] = [0x00, 0x02, 0x60];

const get = (local: number) => [0x20, ...u32(local)];
const set = (local: number) => [0x21, ...u32(local)];
const tee = (local: number) => [0x22, ...u32(local)];
const number = (value: number) => [0x41, ...s32(value)];
const [ADD, SUBTRACT, IS_ZERO, LESS, END] = [0x6a, 0x6b, 0x45, 0x49, 0x0b];
const BLOCK = [0x02, 0x40];
const LOOP = [0x03, 0x40];
const IF = [0x04, 0x40];
const breakTo = (depth: number) => [0x0c, depth];
const breakIf = (depth: number) => [0x0d, depth];
/** Bit 6 of the alignment says that a memory's index follows. */
const ofMirror = (alignment: number) => [alignment | 0x40, 1];
const STORE_MIRROR = [0x36, ...ofMirror(2), 0];
const vector = (code: number) => [0xfd, ...u32(code)];
const loadMemory = (offset: number) => [...vector(0x00), 4, ...u32(offset)];
const loadMirror = (offset: number) => [...vector(0x00), ...ofMirror(4), ...u32(offset)];
const EXCLUSIVE_OR = vector(0x51);
const OR = vector(0x50);
const ANY_TRUE = vector(0x53);

const [AT, MIRROR_AT, BLOCKS, LIST, COUNT, BLOCK_END] = [0, 1, 2, 3, 4, 5];
const advance = (local: number, by: number) => [...get(local), ...number(by), ADD, ...set(local)];

/** What differs in 16 bytes, as a vector. */
const lane = (offset: number): number[] => [
  ...get(AT),
  ...loadMemory(offset),
  ...get(MIRROR_AT),
  ...loadMirror(offset),
  ...EXCLUSIVE_OR,
];

/** Puts the block into the list and goes on behind it. */
const NOTE_BLOCK = [
  ...get(LIST),
  ...get(BLOCK_END),
  ...number(BLOCK_BYTES),
  SUBTRACT,
  ...STORE_MIRROR,
  ...advance(LIST, 4),
  ...advance(COUNT, 1),
  ...get(MIRROR_AT),
  ...get(BLOCK_END),
  ADD,
  ...get(AT),
  SUBTRACT,
  ...set(MIRROR_AT),
  ...get(BLOCK_END),
  ...set(AT),
];

const COMPARE_BLOCK = [
  ...LOOP,
  ...lane(0),
  ...lane(16),
  ...OR,
  ...lane(32),
  ...OR,
  ...lane(48),
  ...OR,
  ...ANY_TRUE,
  ...IF,
  ...NOTE_BLOCK,
  ...breakTo(2),
  END,
  ...advance(MIRROR_AT, STRIDE),
  ...get(AT),
  ...number(STRIDE),
  ADD,
  ...tee(AT),
  ...get(BLOCK_END),
  LESS,
  ...breakIf(0),
  END,
];

/**
 * `diff_blocks(at, mirrorAt, blocks, listAt) → count`: compares `blocks` blocks of 128 bytes from `at` in the engine's memory with
 * those from `mirrorAt` in a second one, and writes the address of each that differs to the list at `listAt` in the second.
 * 16 bytes at a time: an engine's memory of 800 KB takes 30 µs, against 500 µs in JavaScript (measured).
 */
const BODY = [
  1,
  2,
  I32,
  ...BLOCK,
  ...LOOP,
  ...get(BLOCKS),
  IS_ZERO,
  ...breakIf(1),
  ...get(AT),
  ...number(BLOCK_BYTES),
  ADD,
  ...set(BLOCK_END),
  ...BLOCK,
  ...COMPARE_BLOCK,
  END,
  ...get(BLOCKS),
  ...number(1),
  SUBTRACT,
  ...set(BLOCKS),
  ...breakTo(0),
  END,
  END,
  ...get(COUNT),
  END,
];

const appended = (section: Section, entry: readonly number[]): Uint8Array => {
  const cursor = cursorOf(section.bytes);
  const count = readU32(cursor);
  return Uint8Array.from([...u32(count + 1), ...section.bytes.subarray(cursor.at), ...entry]);
};

/**
 * The module with one function more, and with a second memory, `host.mirror`, that only this function uses: no
 * instruction of the engine's own names it. Of no use to the guest, so it takes no fuel.
 */
export const withBlockDiff = (module: Uint8Array): Uint8Array<ArrayBuffer> => {
  const sections = readSections(module);
  const countOf = (id: number): number => readU32(cursorOf(sectionOf(sections, id).bytes));
  const index = importedFunctions(sections) + countOf(FUNCTION);
  const entries = new Map<number, readonly number[]>([
    [TYPE, [FUNCTION_TYPE, 4, I32, I32, I32, I32, 1, I32]],
    [IMPORT, [...nameBytes("host"), ...nameBytes("mirror"), MEMORY_KIND, 0, ...u32(1)]],
    [FUNCTION, u32(countOf(TYPE))],
    [EXPORT, [...nameBytes("diff_blocks"), FUNCTION_KIND, ...u32(index)]],
    [CODE, [...u32(BODY.length), ...BODY]],
  ]);
  return writeSections(
    sections.map((section) => {
      const entry = entries.get(section.id);
      return entry === undefined ? section : { id: section.id, bytes: appended(section, entry) };
    }),
  );
};
