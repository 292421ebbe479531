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

/** Whether a value comes back from JSON as it was; throws a `TypeError` that names the first place where it would not. */
const check = (value: unknown, path: string, depth: number): void => {
  if (value === null || typeof value === "string" || typeof value === "boolean") return;
  if (typeof value === "number" && isFinite(value)) return;
  if (typeof value !== "object") throw refuse(value, path);
  if (depth >= MAX_DEPTH) {
    throw new TypeError(`The value is nested deeper than ${MAX_DEPTH} levels, or refers to itself.`);
  }
  if (isArray(value)) {
    for (let index = 0; index < value.length; index += 1) check(value[index], `${path}[${index}]`, depth + 1);
    return;
  }
  if (!isPlain(value)) throw refuse(value, path);
  const names = keysOf(value);
  for (let index = 0; index < names.length; index += 1) {
    const name = names[index] ?? "";
    const item: unknown = get(value, name);
    // As JSON has it, a property that is `undefined` is one that is not there.
    if (item !== undefined) check(item, stepTo(path, name), depth + 1);
  }
};

/** A value's JSON, if it comes back as it was. */
export const exactJson = (value: unknown): string => {
  check(value, "The value", 0);
  return stringifyJson(value);
};
