import type { Runtime } from "../../src/runtime/index.ts";
import { link } from "../../src/scripts/index.ts";
import type {
  CompiledUnit,
  LibraryUnit,
  Linked,
  LinkInput,
  LoadScript,
  Program,
  ScriptLanguage,
} from "../../src/scripts/index.ts";
import { compileSource } from "../../src/scripts/guest/compile-source.guest.ts";
import { handlersOf } from "../../src/scripts/linking/check-handlers.ts";
import { createExports } from "../../src/scripts/linking/exports.ts";
import { firstPart } from "../../src/scripts/positions.ts";
import { readUnit } from "../../src/scripts/read-compiled.ts";
import { SHARE } from "./run-script.ts";

/** Compiled as at a save, stored and read again. */
export const unitOf = (source: string, language: ScriptLanguage = "js"): CompiledUnit => {
  const answer = compileSource({ source, language });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  const unit = readUnit(JSON.parse(JSON.stringify(answer.unit)));
  if (unit === undefined) throw new Error("what the compiler answered cannot be read");
  return unit;
};

/** What linking makes of a source without imports. */
export const programOfUnit = (unit: CompiledUnit): Program => {
  const { form, code, map } = unit;
  const handlers = handlersOf({ file: "script", unit, imports: [] }, createExports());
  return { form, handlers, code, parts: [firstPart("script", map)] };
};

/** Scripts by `NAME` or `NAME@VERSION`; without one it is the first. The highest is the latest. */
export type Sources = Readonly<Record<string, string>>;

const libraryUnits = (sources: Sources, language: ScriptLanguage): readonly LibraryUnit[] =>
  Object.entries(sources).map(([key, source]) => {
    const [name = "", version = "1"] = key.split("@");
    return { scriptId: `scr_${name}`, name, version: Number(version), unit: unitOf(source, language) };
  });

export const loadFrom = (sources: Sources, language: ScriptLanguage = "js"): LoadScript => {
  const units = libraryUnits(sources, language);
  return (name, version) =>
    Promise.resolve(
      units
        .filter((one) => one.name === name && (version === null || one.version === version))
        .toSorted((a, b) => b.version - a.version)[0],
    );
};

/** Links sources as a save would. */
export const scriptLinker =
  (runtime: Runtime) =>
  (main: string | LinkInput["main"], sources: Sources, input: Partial<LinkInput> = {}): Promise<Linked> =>
    link(runtime, {
      main: typeof main === "string" ? unitOf(main) : main,
      as: "responder",
      load: loadFrom(sources),
      share: SHARE,
      ...input,
    });
