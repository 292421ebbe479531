import { type Handler, HANDLERS, type Program, type ProgramPart } from "./compiled.ts";
import { firstPart, OWN_FILE } from "./positions.ts";
import { fields, isForm, orNull, readList, readPosition, readText } from "./read-fields.ts";

const readHandler = (value: unknown): Handler | undefined => HANDLERS.find((handler) => handler === value);

const readRenamed = (value: unknown): Readonly<Record<string, string>> | undefined => {
  if (typeof value !== "object" || value === null) return undefined;
  const names: [string, string][] = [];
  for (const [name, original] of fields(value)) {
    if (typeof original !== "string") return undefined;
    names.push([name, original]);
  }
  return Object.fromEntries(names);
};

const readPart = (value: unknown): ProgramPart | undefined => {
  const given = fields(value);
  const [file, line] = [readText(given.get("file")), readPosition(given.get("line"))];
  const [moves, map] = [orNull(given.get("moves"), readText), orNull(given.get("map"), readText)];
  const renamed = readRenamed(given.get("renamed"));
  if (file === undefined || line === undefined || moves === undefined) return undefined;
  return map === undefined || renamed === undefined ? undefined : { file, line, moves, map, renamed };
};

/** What `JSON.parse` made of a program; `undefined` for anything else. */
export const readProgram = (value: unknown): Program | undefined => {
  const given = fields(value);
  const [form, code] = [given.get("form"), given.get("code")];
  const handlers = readList(given.get("handlers"), readHandler);
  if (!isForm(form) || handlers === undefined || typeof code !== "string") return undefined;
  if (given.has("parts")) {
    const parts = readList(given.get("parts"), readPart);
    return parts === undefined ? undefined : { form, handlers, code, parts };
  }
  // Stored before scripts could import others.
  const map = orNull(given.get("map"), readText);
  return map === undefined ? undefined : { form, handlers, code, parts: [firstPart(OWN_FILE, map)] };
};
