import type {
  Compiled,
  CompiledUnit,
  ImportUse,
  NamedPlace,
  Place,
  ScriptFacts,
  ScriptFault,
} from "./compiled.ts";
import { fields, isForm, orNull, readList, readPosition, readText } from "./read-fields.ts";
import { readShape } from "./read-shape.ts";

const readPlace = (value: unknown): Place | undefined => {
  const line = readPosition(fields(value).get("line"));
  const column = readPosition(fields(value).get("column"));
  return line === undefined || column === undefined ? undefined : { line, column };
};

const readNamedPlace = (value: unknown): NamedPlace | undefined => {
  const name = readText(fields(value).get("name"));
  const place = readPlace(value);
  return name === undefined || place === undefined ? undefined : { name, ...place };
};

const readImportUse = (value: unknown): ImportUse | undefined => {
  const named = readNamedPlace(value);
  const version = orNull(fields(value).get("version"), readPosition);
  return named === undefined || version === undefined ? undefined : { ...named, version };
};

const readFault = (value: unknown): ScriptFault | undefined => {
  const message = readText(fields(value).get("message"));
  if (message === undefined) return undefined;
  return { message, ...(readPlace(value) ?? { line: null, column: null }) };
};

const readFacts = (value: unknown): ScriptFacts | undefined => {
  const given = fields(value);
  const secrets = readList(given.get("secrets"), readNamedPlace);
  const comparesSecret = readList(given.get("comparesSecret"), readNamedPlace);
  const globals = readList(given.get("globals"), readNamedPlace);
  const uncalled = orNull(given.get("uncalled"), readPlace);
  if (secrets === undefined || comparesSecret === undefined || globals === undefined) return undefined;
  if (uncalled === undefined) return undefined;
  return { secrets, secretsOpen: given.get("secretsOpen") === true, comparesSecret, globals, uncalled };
};

/** What `JSON.parse` made of a compiled source; `undefined` for anything else. */
export const readUnit = (value: unknown): CompiledUnit | undefined => {
  const given = fields(value);
  const [form, code, map] = [
    given.get("form"),
    readText(given.get("code")),
    orNull(given.get("map"), readText),
  ];
  const facts = readFacts(given.get("facts"));
  const imports = readList(given.get("imports"), readImportUse);
  const handlerFaults = readList(given.get("handlerFaults"), readFault);
  const module = orNull(given.get("module"), readShape);
  if (!isForm(form) || code === undefined || map === undefined) return undefined;
  if (facts === undefined || imports === undefined || handlerFaults === undefined) return undefined;
  if (module === undefined || (module === null) !== (form === "expression")) return undefined;
  return { form, code, map, facts, imports, handlerFaults, module };
};

/** The compiler's own answer. */
export const readCompiled = (value: unknown): Compiled | undefined => {
  const given = fields(value);
  if (given.get("kind") === "refused") {
    const errors = readList(given.get("errors"), readFault);
    return errors === undefined || errors.length === 0 ? undefined : { kind: "refused", errors };
  }
  const unit = readUnit(given.get("unit"));
  return unit === undefined ? undefined : { kind: "compiled", unit };
};
