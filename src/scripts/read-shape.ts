import type { DefaultExport, Imported, ModuleBinding, ModuleExport, ModuleShape, Range } from "./compiled.ts";
import { fields, orNull, readList, readPosition, readText, readWhole } from "./read-fields.ts";

const readRange = (value: unknown): Range | undefined => {
  const [from, to] = [readWhole(fields(value).get("from")), readWhole(fields(value).get("to"))];
  return from === undefined || to === undefined ? undefined : { from, to };
};

const readImported = (value: unknown): Imported | undefined => {
  const given = fields(value);
  const [source, name] = [readWhole(given.get("source")), readText(given.get("name"))];
  const [line, column] = [readPosition(given.get("line")), readPosition(given.get("column"))];
  if (source === undefined || name === undefined) return undefined;
  return line === undefined || column === undefined ? undefined : { source, name, line, column };
};

const readBinding = (value: unknown): ModuleBinding | undefined => {
  const given = fields(value);
  const [name, changes] = [readText(given.get("name")), given.get("changes")];
  const uses = readList(given.get("uses"), readWhole);
  const shorthands = readList(given.get("shorthands"), readWhole);
  const imported = orNull(given.get("imported"), readImported);
  const declaredClass = orNull(given.get("declaredClass"), readRange);
  if (name === undefined || typeof changes !== "boolean") return undefined;
  if (uses === undefined || shorthands === undefined) return undefined;
  if (imported === undefined || declaredClass === undefined) return undefined;
  return { name, uses, shorthands, changes, imported, declaredClass };
};

const readOrigin = (value: unknown): ModuleExport["of"] | undefined => {
  const given = fields(value);
  const [name, imported] = [readText(given.get("name")), readImported(given.get("imported"))];
  switch (given.get("kind")) {
    case "default":
      return { kind: "default" };
    case "local":
      return name === undefined ? undefined : { kind: "local", name };
    case "imported":
      return imported === undefined ? undefined : { kind: "imported", imported };
    default:
      return undefined;
  }
};

const readExport = (value: unknown): ModuleExport | undefined => {
  const given = fields(value);
  const [name, of] = [readText(given.get("name")), readOrigin(given.get("of"))];
  const [line, column] = [readPosition(given.get("line")), readPosition(given.get("column"))];
  if (name === undefined || of === undefined) return undefined;
  return line === undefined || column === undefined ? undefined : { name, of, line, column };
};

const readDefaultExport = (value: unknown): DefaultExport | undefined => {
  const range = readRange(value);
  const namedUntil = orNull(fields(value).get("namedUntil"), readWhole);
  return range === undefined || namedUntil === undefined ? undefined : { ...range, namedUntil };
};

export const readShape = (value: unknown): ModuleShape | undefined => {
  const given = fields(value);
  const bindings = readList(given.get("bindings"), readBinding);
  const exports = readList(given.get("exports"), readExport);
  const stars = readList(given.get("stars"), readImported);
  const globals = readList(given.get("globals"), readText);
  const inner = readList(given.get("inner"), readText);
  const cuts = readList(given.get("cuts"), readRange);
  const defaultExport = orNull(given.get("defaultExport"), readDefaultExport);
  const lines = readPosition(given.get("lines"));
  if (bindings === undefined || exports === undefined || stars === undefined) return undefined;
  if (globals === undefined || inner === undefined || cuts === undefined) return undefined;
  if (defaultExport === undefined || lines === undefined) return undefined;
  return { bindings, exports, stars, globals, inner, cuts, defaultExport, lines };
};
