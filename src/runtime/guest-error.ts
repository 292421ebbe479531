import type { GuestError } from "./outcome.ts";

/** The name under which the user's code is compiled and shows in stacks. */
export const PROGRAM_FILE = "script";

/** What stands before an expression on its first line, and is taken off its columns again. */
export const EXPRESSION_PREFIX = "async () => (";

/** In characters: what is longer is cut there. */
export const MAX_ERROR_NAME = 128;
export const MAX_ERROR_MESSAGE = 4_096;
const MAX_LINE = 400;
const MAX_FRAMES = 20;

/** An error as the guest tells of it; every field is of its making. */
export interface ToldError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
}

interface Frame {
  readonly name: string;
  readonly line: number;
  readonly column: number;
}

/** `at NAME (script:LINE:COLUMN)` or `at script:LINE:COLUMN`; frames of the prelude and of the engine are dropped. */
const readFrameLine = (text: string): Frame | undefined => {
  if (text.length > MAX_LINE) return undefined;
  const found = /^\s*at (?:(.*) \()?script:(\d{1,9}):(\d{1,9})\)?$/.exec(text);
  if (found === null) return undefined;
  return { name: found[1] ?? "<anonymous>", line: Number(found[2]), column: Number(found[3]) };
};

/** One field at a time: of a list with thousands of entries, none is looked at. */
const textOf = (value: unknown, key: string): string => {
  if (typeof value !== "object" || value === null || !Object.hasOwn(value, key)) return "";
  const found: unknown = Reflect.get(value, key);
  return typeof found === "string" ? found : "";
};

/** JSON `{ name, message, stack }`, as the guest's tools and the op `fail` send it. */
export const readToldError = (value: unknown): ToldError => ({
  name: textOf(value, "name"),
  message: textOf(value, "message"),
  stack: textOf(value, "stack"),
});

/** What to add: the engine counts columns from 1, but from 0 on a source's first line, where an expression's prefix stands too. */
export const columnShift = (line: number, expression: boolean): number => {
  if (line !== 1) return 0;
  return expression ? 1 - EXPRESSION_PREFIX.length : 1;
};

/** The error as the user is shown it: cut to size, with the stack in the lines and columns of their own source. */
export const guestError = (told: ToldError, expression: boolean): GuestError => {
  const frames: Frame[] = [];
  for (const line of told.stack.split("\n", 200)) {
    const frame = readFrameLine(line);
    if (frame === undefined) continue;
    frames.push({ ...frame, column: Math.max(1, frame.column + columnShift(frame.line, expression)) });
    if (frames.length === MAX_FRAMES) break;
  }
  const first = frames[0];
  return {
    name: told.name.slice(0, MAX_ERROR_NAME) || "Error",
    message: told.message.slice(0, MAX_ERROR_MESSAGE),
    stack: frames
      .map(({ name, line, column }) => `at ${name} (${PROGRAM_FILE}:${line}:${column})`)
      .join("\n"),
    line: first?.line ?? null,
    column: first?.column ?? null,
  };
};

/** What only the engine's own parser refuses: its lines hold, its columns mostly do not (measured). */
export const compileError = (told: ToldError, expression: boolean): GuestError => ({
  ...guestError(told, expression),
  stack: "",
  column: null,
});
