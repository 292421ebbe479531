import { nameBytes, s32, u32 } from "../../scripts/engine/leb128.ts";

export interface HandMadeFunction {
  /** Bytes of the locals' declaration, count first. */
  readonly locals?: readonly number[];
  /** Instructions, without the last `end`. */
  readonly code: readonly number[];
}

/**
 * Modules put together by hand, for tests of the rewriter. The first function is exported as `f`; there is one memory,
 * and one mutable global of 65,536. Every function is of one type (0), and stands at its place in one table.
 */
export interface HandMade extends HandMadeFunction {
  /** Parameters, all i32; the result is one i32. */
  readonly parameters?: number;
  /** More functions, from index 1 on. */
  readonly others?: readonly HandMadeFunction[];
  /** The whole import section, instead of a memory `m`. */
  readonly imports?: readonly number[];
  /** One more section, id first, behind all others. */
  readonly section?: readonly [id: number, content: readonly number[]];
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];
const I32 = 0x7f;

export const importOf = (name: string, kind: readonly number[]): number[] => [
  ...nameBytes("a"),
  ...nameBytes(name),
  ...kind,
];
/** A memory of one to two pages. */
export const MEMORY_IMPORT = importOf("m", [0x02, 0x01, 1, 2]);

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...u32(content.length),
  ...content,
];

const bodyOf = ({ locals = [0], code }: HandMadeFunction): number[] => {
  const body = [...locals, ...code, 0x0b];
  return [...u32(body.length), ...body];
};

export const handMade = (made: HandMade): Uint8Array<ArrayBuffer> => {
  const { parameters = 0, others = [], imports = [1, ...MEMORY_IMPORT] } = made;
  const functions = [made, ...others];
  const count = u32(functions.length);
  const types = Array.from({ length: parameters }, () => I32);
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [1, 0x60, ...u32(parameters), ...types, 1, I32]),
    ...section(2, imports),
    ...section(3, [...count, ...functions.map(() => 0)]),
    ...section(4, [1, 0x70, 0, ...count]),
    ...section(6, [1, I32, 0x01, 0x41, ...s32(65_536), 0x0b]),
    ...section(7, [1, ...nameBytes("f"), 0x00, 0x00]),
    ...section(9, [1, 0, 0x41, 0, 0x0b, ...count, ...functions.keys()]),
    ...section(10, [...count, ...functions.flatMap(bodyOf)]),
    ...(made.section === undefined ? [] : section(...made.section)),
  ]);
};
