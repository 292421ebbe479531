import { appendGlobals, type ImportRules, rewriteExports, rewriteImports } from "./border.ts";
import { cursorOf, readU32, s32, u32 } from "./leb128.ts";
import { meterBody, readLocals } from "./meter.ts";
import { createPatcher, type Patcher, type PatchRules } from "./patches.ts";
import {
  CODE,
  EXPORT,
  GLOBAL,
  IMPORT,
  readSections,
  type Section,
  sectionOf,
  writeSections,
} from "./sections.ts";
import { parameterCounts } from "./signatures.ts";

export interface RewriteRules extends ImportRules, PatchRules {
  readonly exports: ReadonlyMap<string, string>;
  /** Global of the module that is the C stack's pointer; exported as `stack_pointer`. */
  readonly stackPointer: number;
  /** Addresses of two unused words, where workerd may say that its own CPU limit is near (workerd, pull request 6154). */
  readonly signalAddress: number;
  readonly terminatedAddress: number;
}

export interface Rewritten {
  readonly module: Uint8Array<ArrayBuffer>;
  readonly functions: number;
}

/** Enough for the module's start function, which copies the static data in before the host can set anything. */
const START_FUEL = 1_000_000;

const mutableI64 = (value: number) => [0x7e, 0x01, 0x42, ...s32(value), 0x0b];
const mutableI32 = (value: number) => [0x7f, 0x01, 0x41, ...s32(value), 0x0b];
const constantI32 = (value: number) => [0x7f, 0x00, 0x41, ...s32(value), 0x0b];

const rewriteCode = (
  section: Uint8Array,
  parameters: readonly number[],
  fuel: number,
  patcher: Patcher,
): Uint8Array => {
  const cursor = cursorOf(section);
  const count = readU32(cursor);
  if (count !== parameters.length) throw new Error("the code and function sections differ in length");
  const bodies: Uint8Array[] = [];
  for (const given of parameters) {
    const size = readU32(cursor);
    const old = section.subarray(cursor.at, cursor.at + size);
    const body = meterBody(patcher.patch(old, readLocals(old).end), given, fuel);
    bodies.push(Uint8Array.from(u32(body.length)), body);
    cursor.at += size;
  }
  const head = u32(count);
  const bytes = new Uint8Array(head.length + bodies.reduce((sum, body) => sum + body.length, 0));
  bytes.set(head);
  let at = head.length;
  for (const body of bodies) {
    bytes.set(body, at);
    at += body.length;
  }
  return bytes;
};

/** The module with fuel, under readable names, and with the memory's limits set. */
export const rewrite = (module: Uint8Array, rules: RewriteRules): Rewritten => {
  const sections = readSections(module);
  const parameters = parameterCounts(sections);
  const globals = appendGlobals(sectionOf(sections, GLOBAL).bytes, [
    mutableI64(START_FUEL),
    constantI32(rules.signalAddress),
    constantI32(rules.terminatedAddress),
    mutableI32(0),
  ]);
  const heapTop = globals.first + 3;
  const patcher = createPatcher(rules, heapTop);
  const exported = new Map([
    ["fuel", globals.first],
    ["__instance_signal", globals.first + 1],
    ["__instance_terminated", globals.first + 2],
    ["stack_pointer", rules.stackPointer],
    ["heap_top", heapTop],
  ]);
  const changed = (section: Section): Uint8Array => {
    switch (section.id) {
      case IMPORT:
        return rewriteImports(section.bytes, rules);
      case GLOBAL:
        return globals.bytes;
      case EXPORT:
        return rewriteExports(section.bytes, rules.exports, exported);
      case CODE:
        return rewriteCode(section.bytes, parameters, globals.first, patcher);
      default:
        return section.bytes;
    }
  };
  const rewritten = sections.map((section) => ({ id: section.id, bytes: changed(section) }));
  patcher.assertComplete();
  return {
    module: writeSections(rewritten),
    functions: parameters.length,
  };
};
