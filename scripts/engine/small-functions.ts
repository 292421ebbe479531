import { cursorOf, joined, readU32, u32 } from "./leb128.ts";
import { CODE, FUNCTION, type Section, sectionOf, TYPE } from "./sections.ts";

const NO_PARAMETERS_NO_RESULTS = [0x60, 0, 0];
/** Size, no locals, `end`. */
const EMPTY_BODY = [2, 0, 0x0b];

const repeated = (count: number, bytes: readonly number[]): number[] =>
  Array.from({ length: count }, () => bytes).flat();

/**
 * As many empty functions again as the module has, which nobody calls. V8 takes a module with few small functions for
 * one that its compiler has inlined already, and inlines little of it itself; half of them small, and it inlines what
 * is hot. With fuel in them, small functions have become larger than that: this makes the engine an eighth faster
 * (docs/adr/0006-what-metering-costs.md).
 */
export const withSmallFunctions = (sections: readonly Section[]): Section[] => {
  const countOf = (id: number) => readU32(cursorOf(sectionOf(sections, id).bytes));
  const functions = countOf(FUNCTION);
  const more = new Map([
    [TYPE, { count: 1, bytes: NO_PARAMETERS_NO_RESULTS }],
    [FUNCTION, { count: functions, bytes: repeated(functions, u32(countOf(TYPE))) }],
    [CODE, { count: functions, bytes: repeated(functions, EMPTY_BODY) }],
  ]);
  return sections.map((section) => {
    const entry = more.get(section.id);
    if (entry === undefined) return section;
    const cursor = cursorOf(section.bytes);
    const count = readU32(cursor) + entry.count;
    return { id: section.id, bytes: joined([u32(count), section.bytes.subarray(cursor.at), entry.bytes]) };
  });
};
