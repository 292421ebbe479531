import { cursorOf, readByte, readU32, u32 } from "./leb128.ts";

export const TYPE = 1;
export const IMPORT = 2;
export const FUNCTION = 3;
export const GLOBAL = 6;
export const EXPORT = 7;
export const CODE = 10;
/** Besides those: tables, the start function, what tables hold, data, and how many pieces of data there are. */
const CARRIED = [4, 8, 9, 11, 12];
const KNOWN = new Set([TYPE, IMPORT, FUNCTION, GLOBAL, EXPORT, CODE, ...CARRIED]);

export interface Section {
  readonly id: number;
  readonly bytes: Uint8Array;
}

const HEADER = [0x00, 0x61, 0x73, 0x6d, 0x01, 0x00, 0x00, 0x00];

export const readSections = (module: Uint8Array): Section[] => {
  if (HEADER.some((byte, at) => module[at] !== byte))
    throw new Error("not a WebAssembly module of version 1");
  const sections: Section[] = [];
  const cursor = cursorOf(module, HEADER.length);
  while (cursor.at < module.length) {
    const id = readByte(cursor);
    const length = readU32(cursor);
    // A memory of its own (5) would have limits of its own, and an exception's tag (13) is no way to leave a function here.
    if (!KNOWN.has(id)) throw new Error(`section ${id} is none that the engine's build knows`);
    if (cursor.at + length > module.length) throw new Error(`section ${id} is longer than the module`);
    sections.push({ id, bytes: module.subarray(cursor.at, cursor.at + length) });
    cursor.at += length;
  }
  return sections;
};

export const writeSections = (sections: readonly Section[]): Uint8Array<ArrayBuffer> => {
  const heads = sections.map(({ id, bytes }) => [id, ...u32(bytes.length)]);
  const size = sections.reduce((sum, { bytes }, at) => sum + bytes.length + (heads[at]?.length ?? 0), 0);
  const module = new Uint8Array(HEADER.length + size);
  module.set(HEADER);
  let at = HEADER.length;
  for (const [index, { bytes }] of sections.entries()) {
    const head = heads[index] ?? [];
    module.set(head, at);
    module.set(bytes, at + head.length);
    at += head.length + bytes.length;
  }
  return module;
};

export const sectionOf = (sections: readonly Section[], id: number): Section => {
  const section = sections.find((each) => each.id === id);
  if (section === undefined) throw new Error(`the module has no section ${id}`);
  return section;
};
