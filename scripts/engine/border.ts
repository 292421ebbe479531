import { cursorOf, nameBytes, readByte, readName, readU32, u32 } from "./leb128.ts";

const FUNCTION = 0x00;
const MEMORY = 0x02;
const GLOBAL = 0x03;
const HAS_MAXIMUM = 0x01;

export interface ImportRules {
  /** New names, by old; every import has to have one. */
  readonly names: ReadonlyMap<string, string>;
  /** The imported memory's limits, in pages of 64 KiB. */
  readonly memory: { readonly initial: number; readonly maximum: number };
}

/** The import section under other names, all from the module `host`, and with the memory's limits changed. */
export const rewriteImports = (section: Uint8Array, rules: ImportRules): Uint8Array => {
  const cursor = cursorOf(section);
  const count = readU32(cursor);
  const bytes = u32(count);
  let memories = 0;
  for (let left = count; left > 0; left -= 1) {
    readName(cursor);
    const old = readName(cursor);
    const name = rules.names.get(old);
    if (name === undefined) throw new Error(`an import that has no name here: ${old}`);
    bytes.push(...nameBytes("host"), ...nameBytes(name));
    const kind = readByte(cursor);
    if (kind === FUNCTION) {
      bytes.push(kind, ...u32(readU32(cursor)));
    } else if (kind === MEMORY) {
      if (readByte(cursor) !== HAS_MAXIMUM)
        throw new Error("the imported memory has no maximum, or is shared");
      readU32(cursor);
      readU32(cursor);
      memories += 1;
      bytes.push(kind, HAS_MAXIMUM, ...u32(rules.memory.initial), ...u32(rules.memory.maximum));
    } else {
      throw new Error(`an import of a kind that the host does not give: ${old}`);
    }
  }
  if (memories !== 1) throw new Error(`the module imports ${memories} memories, and not one`);
  return Uint8Array.from(bytes);
};

/** The export section with only the functions that have a new name, and with the given globals. */
export const rewriteExports = (
  section: Uint8Array,
  names: ReadonlyMap<string, string>,
  globals: ReadonlyMap<string, number>,
): Uint8Array => {
  const cursor = cursorOf(section);
  const kept: number[][] = [];
  const found = new Set<string>();
  for (let left = readU32(cursor); left > 0; left -= 1) {
    const old = readName(cursor);
    const kind = readByte(cursor);
    const index = readU32(cursor);
    const name = kind === FUNCTION ? names.get(old) : undefined;
    if (name === undefined) continue;
    found.add(old);
    kept.push([...nameBytes(name), kind, ...u32(index)]);
  }
  for (const old of names.keys()) if (!found.has(old)) throw new Error(`no function is exported as ${old}`);
  for (const [name, index] of globals) kept.push([...nameBytes(name), GLOBAL, ...u32(index)]);
  return Uint8Array.from([...u32(kept.length), ...kept.flat()]);
};

/** The global section with more globals at its end, and the index of the first of them. None may be imported. */
export const appendGlobals = (
  section: Uint8Array,
  globals: readonly (readonly number[])[],
): { readonly bytes: Uint8Array; readonly first: number } => {
  const cursor = cursorOf(section);
  const first = readU32(cursor);
  const bytes = [...u32(first + globals.length), ...section.subarray(cursor.at), ...globals.flat()];
  return { bytes: Uint8Array.from(bytes), first };
};
