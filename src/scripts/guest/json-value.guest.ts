import {
  get,
  getPrototypeOf,
  isArray,
  isBuffer,
  isDate,
  isFinite,
  isMap,
  isPromise,
  isSet,
  keysOf,
  objectPrototype,
  stringifyJson,
} from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";

/** Deeper values could not be shown by everything that shows them. */
const MAX_DEPTH = 64;

/** What to do instead, for what people do try to store. */
const adviceFor = (value: unknown): string => {
  if (value === undefined) return "use null";
  if (typeof value === "bigint") return "store its text, String(value)";
  if (typeof value === "number") return "JSON has no such number; use null";
  if (typeof value !== "object" || value === null) return "JSON has no such value";
  if (isPromise(value)) return "await it";
  if (isDate(value)) return "store its toISOString() or getTime()";
  if (isMap(value) || isSet(value)) return "store Array.from of it";
  if (isBuffer(value)) return "bytes are a value of their own, or base64 in JSON";
  return "store a plain object of what it holds";
};

const refuse = (value: unknown, path: string): TypeError => {
  const what = typeof value === "number" ? String(value) : kindOf(value);
  return new TypeError(`${path} is ${what}, which would not come back as it is: ${adviceFor(value)}.`);
};

const isPlain = (value: object): boolean => {
  const prototype: unknown = getPrototypeOf(value);
  return prototype === objectPrototype || prototype === null;
};

const stepTo = (path: string, key: string): string => {
  const simple = /^[A-Za-z_$][\w$]*$/.test(key);
  return simple ? `${path}.${key}` : `${path}[${stringifyJson(key)}]`;
};

const isExactScalar = (value: unknown): boolean =>
  value === null ||
  typeof value === "string" ||
  typeof value === "boolean" ||
  (typeof value === "number" && isFinite(value));

/** Whether a value comes back from JSON as it was. As JSON has it, a property that is `undefined` is not there. */
const isExact = (value: unknown, depth: number): boolean => {
  if (isExactScalar(value)) return true;
  if (typeof value !== "object" || value === null || depth >= MAX_DEPTH) return false;
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) {
      const item: unknown = value[index];
      if (!isExactScalar(item) && !isExact(item, depth + 1)) return false;
    }
    return true;
  }
  if (!isPlain(value)) return false;
  const names = keysOf(value);
  for (let index = 0; index < names.length; index += 1) {
    const item: unknown = get(value, names[index] ?? "");
    if (item !== undefined && !isExactScalar(item) && !isExact(item, depth + 1)) return false;
  }
  return true;
};

/** The same, slower: throws a `TypeError` that names the first place where it would not. */
const explain = (value: unknown, path: string, depth: number): void => {
  if (isExactScalar(value)) return;
  if (typeof value !== "object" || value === null) throw refuse(value, path);
  if (depth >= MAX_DEPTH) {
    throw new TypeError(`The value is nested deeper than ${MAX_DEPTH} levels, or refers to itself.`);
  }
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1)
      explain(value[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (!isPlain(value)) throw refuse(value, path);
  const names = keysOf(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const item: unknown = get(value, name);
    if (item !== undefined) explain(item, stepTo(path, name), depth + 1);
  }
};

/** A value's JSON, if it comes back as it was. */
export const exactJson = (value: unknown): string => {
  if (!isExact(value, 0)) explain(value, "The value", 0);
  return stringifyJson(value);
};
