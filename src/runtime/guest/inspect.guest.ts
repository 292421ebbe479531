import { isBuffer } from "./body.guest.ts";
import { describers } from "./define.guest.ts";
import type { Description } from "./define.guest.ts";
import { toText, typedArrayName } from "./primordials.guest.ts";

const DEPTH = 4;
const ENTRIES = 100;
/** Characters of one text that are shown. */
export const TEXT = 10_000;
const LINE = 72;

interface State {
  readonly seen: object[];
  /** Characters that may still be written: a bound on work as well as on output. */
  left: number;
}

export const cut = (text: string, limit: number): string =>
  text.length > limit ? `${text.slice(0, limit)}… (${text.length - limit} more characters)` : text;

const quoted = (text: string): string => {
  const json = JSON.stringify(cut(text, TEXT));
  return json.includes('\\"') ? json : `'${json.slice(1, -1).replaceAll("'", "\\'")}'`;
};

const isName = (key: string): boolean => /^[A-Za-z_$][\w$]*$/.test(key);
const showKey = (key: string | symbol): string =>
  typeof key === "symbol" ? `[${String(key)}]` : isName(key) ? key : quoted(key);

const className = (value: object): string | null => {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype === null) return null;
  const made = Object.getOwnPropertyDescriptor(Object(prototype), "constructor")?.value;
  const name: unknown =
    typeof made === "function" ? Object.getOwnPropertyDescriptor(made, "name")?.value : "";
  return typeof name === "string" ? name : "";
};

const showFunction = (value: object): string => {
  const name: unknown = Object.getOwnPropertyDescriptor(value, "name")?.value;
  return typeof name === "string" && name !== "" ? `[Function: ${cut(name, 100)}]` : "[Function (anonymous)]";
};

/** Frames of the engine and of these shims would only lead away from the script's own. */
const ownFrames = (stack: string): string =>
  stack
    .split("\n")
    .filter((line) => !/^\s*at /.test(line) || /[( ]script(?:s\/[^:]*)?:\d+:\d+\)?$/.test(line))
    .join("\n")
    .trimEnd();

const showError = (error: Error): string => {
  const head = `${toText(error.name)}: ${toText(error.message)}`;
  const { stack } = error;
  const own = typeof stack === "string" ? ownFrames(stack) : "";
  return own === "" ? head : `${head}\n${own}`;
};

const wrap = (open: string, items: readonly string[], close: string, depth: number): string => {
  if (items.length === 0) return `${open}${close}`;
  const line = items.join(", ");
  if (line.length <= LINE && !line.includes("\n")) {
    return open.endsWith("[") ? `${open} ${line} ${close}` : `${open} ${line} ${close}`;
  }
  const pad = "  ".repeat(depth + 1);
  return `${open}\n${pad}${items.join(`,\n${pad}`)}\n${"  ".repeat(depth)}${close}`;
};

/** Properties as they lie: getters are named, never run. */
const properties = (
  value: object,
  keys: readonly (string | symbol)[],
  depth: number,
  state: State,
): string[] => {
  const items: string[] = [];
  for (const key of keys) {
    const found = Object.getOwnPropertyDescriptor(value, key);
    if (found?.enumerable !== true) continue;
    if (items.length >= ENTRIES || state.left <= 0) {
      items.push("…");
      break;
    }
    const shown =
      found.get !== undefined
        ? "[Getter]"
        : found.set !== undefined
          ? "[Setter]"
          : show(found.value, depth + 1, state);
    items.push(`${showKey(key)}: ${shown}`);
  }
  return items;
};

const showList = (value: ArrayLike<unknown> & object, open: string, depth: number, state: State): string => {
  const items: string[] = [];
  const length = Math.min(value.length, ENTRIES);
  for (let index = 0; index < length && state.left > 0; index += 1) {
    items.push(index in value ? show(Reflect.get(value, index), depth + 1, state) : "<empty>");
  }
  if (value.length > items.length) items.push(`… ${value.length - items.length} more items`);
  return wrap(open, items, "]", depth);
};

const showEntries = (value: Map<unknown, unknown> | Set<unknown>, depth: number, state: State): string => {
  const items: string[] = [];
  for (const [key, item] of value.entries()) {
    if (items.length >= ENTRIES || state.left <= 0) {
      items.push("…");
      break;
    }
    const shown = show(item, depth + 1, state);
    items.push(value instanceof Map ? `${show(key, depth + 1, state)} => ${shown}` : shown);
  }
  return wrap(`${value instanceof Map ? "Map" : "Set"}(${value.size}) {`, items, "}", depth);
};

const described = (value: object): Description | undefined => {
  for (const describe of describers) {
    const shown = describe(value);
    if (shown !== undefined) return shown;
  }
  return undefined;
};

const showPlain = (value: object, name: string | null, depth: number, state: State): string => {
  const open = name === "Object" ? "{" : name === null ? "[null prototype] {" : `${name} {`;
  return wrap(open, properties(value, Reflect.ownKeys(value), depth, state), "}", depth);
};

const showObject = (value: object, depth: number, state: State): string => {
  if (value instanceof Error) return showError(value);
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? "Invalid Date" : value.toISOString();
  if (value instanceof RegExp) return String(value);
  if (value instanceof Promise) return "Promise {}";
  const name = className(value);
  if (depth > DEPTH) return Array.isArray(value) ? "[Array]" : `[${name ?? "Object"}]`;
  if (Array.isArray(value)) return showList(value, "[", depth, state);
  if (value instanceof Map || value instanceof Set) return showEntries(value, depth, state);
  if (isBuffer(value)) {
    const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
    if (typedArrayName(bytes) === undefined) return `${name ?? ""} { byteLength: ${bytes.byteLength} }`;
    const items: ArrayLike<unknown> = Object(bytes);
    return showList(items, `${name ?? ""}(${items.length}) [`, depth, state);
  }
  const own = described(value);
  if (own === undefined) return showPlain(value, name, depth, state);
  return own.text ?? showPlain(own.fields, own.name, depth, state);
};

const showNested = (value: object, depth: number, state: State): string => {
  if (state.seen.includes(value)) return "[Circular]";
  state.seen.push(value);
  const shown = showObject(value, depth, state);
  state.seen.pop();
  return shown;
};

const show = (value: unknown, depth: number, state: State): string => {
  const shown =
    typeof value === "string"
      ? quoted(value)
      : typeof value === "bigint"
        ? `${value}n`
        : typeof value === "function"
          ? showFunction(value)
          : typeof value === "object" && value !== null
            ? showNested(value, depth, state)
            : Object.is(value, -0)
              ? "-0"
              : String(value);
  state.left -= shown.length;
  return shown;
};

/** A value for people to read: bounded in depth, entries and length, and running none of the script's getters. */
export const inspect = (value: unknown): string =>
  cut(show(value, 0, { seen: [], left: 4 * TEXT }), 2 * TEXT);
