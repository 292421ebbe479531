import { nameBytes, s32, u32 } from "../../scripts/engine/leb128.ts";

/** Modules put together by hand, for tests of the rewriter: one function `run`, one memory, one global. */
export interface HandMade {
  /** Parameters, all i32; the result is one i32. */
  readonly parameters?: number;
  /** Bytes of the locals' declaration, count first. */
  readonly locals?: readonly number[];
  /** Instructions, without the last `end`. */
  readonly code: readonly number[];
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

const section = (id: number, content: readonly number[]): number[] => [
  id,
  ...u32(content.length),
  ...content,
];

export const handMade = ({ parameters = 0, locals = [0], code }: HandMade): Uint8Array<ArrayBuffer> => {
  const body = [...locals, ...code, 0x0b];
  return Uint8Array.from([
    ...HEADER,
    ...section(1, [1, 0x60, ...u32(parameters), ...Array.from({ length: parameters }, () => 0x7f), 1, 0x7f]),
    ...section(2, [1, ...nameBytes("a"), ...nameBytes("m"), 0x02, 0x01, 1, 2]),
    ...section(3, [1, 0]),
    ...section(6, [1, 0x7f, 0x01, 0x41, ...s32(65_536), 0x0b]),
    ...section(7, [1, ...nameBytes("f"), 0x00, 0x00]),
    ...section(10, [1, ...u32(body.length), ...body]),
  ]);
};
