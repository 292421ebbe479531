import { cursorOf, readByte, readName, readU32 } from "./leb128.ts";
import { EXPORT, FUNCTION, IMPORT, type Section, sectionOf, TYPE } from "./sections.ts";

const FUNCTION_TYPE = 0x60;

/** How many parameters each function of the code section has: where its locals begin. */
export const parameterCounts = (sections: readonly Section[]): number[] => {
  const types = cursorOf(sectionOf(sections, TYPE).bytes);
  const counts: number[] = [];
  for (let left = readU32(types); left > 0; left -= 1) {
    if (readByte(types) !== FUNCTION_TYPE) throw new Error("a type that is not a function's");
    const parameters = readU32(types);
    types.at += parameters;
    const results = readU32(types);
    types.at += results;
    counts.push(parameters);
  }
  const functions = cursorOf(sectionOf(sections, FUNCTION).bytes);
  return Array.from({ length: readU32(functions) }, () => {
    const count = counts[readU32(functions)];
    if (count === undefined) throw new Error("a function of a type that does not exist");
    return count;
  });
};

/** How many functions are imported: where the module's own begin to be counted. Of imports it knows functions and one kind of memory. */
export const importedFunctions = (sections: readonly Section[]): number => {
  const cursor = cursorOf(sectionOf(sections, IMPORT).bytes);
  let functions = 0;
  for (let left = readU32(cursor); left > 0; left -= 1) {
    readName(cursor);
    readName(cursor);
    const isFunction = readByte(cursor) === 0;
    // A function's type; or a memory's flags, initial size and maximum.
    for (let fields = isFunction ? 1 : 3; fields > 0; fields -= 1) readU32(cursor);
    if (isFunction) functions += 1;
  }
  return functions;
};

/** The functions that something outside can call by name. */
export const exportedFunctions = (sections: readonly Section[]): ReadonlySet<number> => {
  const cursor = cursorOf(sectionOf(sections, EXPORT).bytes);
  const found = new Set<number>();
  for (let left = readU32(cursor); left > 0; left -= 1) {
    readName(cursor);
    const isFunction = readByte(cursor) === 0;
    const index = readU32(cursor);
    if (isFunction) found.add(index);
  }
  return found;
};
