import {
  type Compiled,
  HANDLERS,
  type Handler,
  type NamedPlace,
  type Place,
  type Program,
} from "./compiled.ts";
import type { ScriptFacts, ScriptFault } from "./compiled.ts";

/**
 * Readers of what the compiler answered or a store kept. The compiler works on hostile text inside the sandbox, so
 * its answer may be forged: nothing is taken that does not have exactly this shape.
 */
type Fields = ReadonlyMap<string, unknown>;

const fields = (value: unknown): Fields =>
  new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);

const isPosition = (value: unknown): value is number =>
  typeof value === "number" && Number.isInteger(value) && value > 0;

const readList = <T>(value: unknown, read: (item: unknown) => T | undefined): readonly T[] | undefined => {
  if (!Array.isArray(value)) return undefined;
  const items: T[] = [];
  for (const given of value) {
    const item = read(given);
    if (item === undefined) return undefined;
    items.push(item);
  }
  return items;
};

const readPlace = (value: unknown): Place | undefined => {
  const [line, column] = [fields(value).get("line"), fields(value).get("column")];
  return isPosition(line) && isPosition(column) ? { line, column } : undefined;
};

const readNamedPlace = (value: unknown): NamedPlace | undefined => {
  const name = fields(value).get("name");
  const place = readPlace(value);
  return typeof name === "string" && place !== undefined ? { name, ...place } : undefined;
};

const readFault = (value: unknown): ScriptFault | undefined => {
  const message = fields(value).get("message");
  if (typeof message !== "string") return undefined;
  return { message, ...(readPlace(value) ?? { line: null, column: null }) };
};

const readHandler = (value: unknown): Handler | undefined => HANDLERS.find((handler) => handler === value);

/** What `JSON.parse` made of a program; `undefined` for anything else. */
export const readProgram = (value: unknown): Program | undefined => {
  const given = fields(value);
  const [form, code, map] = [given.get("form"), given.get("code"), given.get("map")];
  const handlers = readList(given.get("handlers"), readHandler);
  if (form !== "module" && form !== "expression") return undefined;
  if (handlers === undefined || typeof code !== "string") return undefined;
  return map === null || typeof map === "string" ? { form, handlers, code, map } : undefined;
};

const readFacts = (value: unknown): ScriptFacts | undefined => {
  const given = fields(value);
  const secrets = readList(given.get("secrets"), readNamedPlace);
  const comparesSecret = readList(given.get("comparesSecret"), readNamedPlace);
  const globals = readList(given.get("globals"), readNamedPlace);
  const uncalled = given.get("uncalled") === null ? null : readPlace(given.get("uncalled"));
  if (secrets === undefined || comparesSecret === undefined || globals === undefined) return undefined;
  if (uncalled === undefined) return undefined;
  return { secrets, secretsOpen: given.get("secretsOpen") === true, comparesSecret, globals, uncalled };
};

/** The compiler's own answer. */
export const readCompiled = (value: unknown): Compiled | undefined => {
  const given = fields(value);
  if (given.get("kind") === "refused") {
    const errors = readList(given.get("errors"), readFault);
    return errors === undefined || errors.length === 0 ? undefined : { kind: "refused", errors };
  }
  const program = readProgram(given.get("program"));
  const facts = readFacts(given.get("facts"));
  return program === undefined || facts === undefined ? undefined : { kind: "compiled", program, facts };
};
