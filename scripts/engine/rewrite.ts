import { appendGlobals, type ImportRules, rewriteExports, rewriteImports } from "./border.ts";
import { rewriteCode } from "./code.ts";
import { s32 } from "./leb128.ts";
import { createPatcher, type PatchRules } from "./patches.ts";
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
import { exportedFunctions, importedFunctions, parameterCounts } from "./signatures.ts";
import { withSmallFunctions } from "./small-functions.ts";

export interface RewriteRules extends ImportRules, PatchRules {
  readonly exports: ReadonlyMap<string, string>;
  /** Global of the module that is the C stack's pointer; exported as `stack_pointer`. */
  readonly stackPointer: number;
  /** Addresses of two unused words, where workerd may say that its own CPU limit is near (workerd, pull request 6154). */
  readonly signalAddress: number;
  readonly terminatedAddress: number;
  /** False leaves the fuel alone: to measure what metering costs, and for nothing else. */
  readonly metered: boolean;
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
        return rewriteCode(section.bytes, {
          parameters,
          imported: importedFunctions(sections),
          exported: exportedFunctions(sections),
          patcher,
          fuel: rules.metered ? globals.first : undefined,
        });
      default:
        return section.bytes;
    }
  };
  const rewritten = sections.map((section) => ({ id: section.id, bytes: changed(section) }));
  patcher.assertComplete();
  return {
    module: writeSections(withSmallFunctions(rewritten)),
    functions: parameters.length,
  };
};
