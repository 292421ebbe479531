import {
  copyBytes,
  encodeUtf8,
  errorNamed,
  isBuffer,
  isDate,
  isMap,
  isNativeError,
  isRegExp,
  isSet,
  typedArrayName,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes } from "../../runtime/guest/index.guest.ts";
import { decodeUtf8 } from "../../runtime/guest/index.guest.ts";

/**
 * A graph of values as bytes, for `Deno.core.serialize`. The format is our own: JSON of a list of nodes, each
 * `[kind, …]`, that name one another by place, so cycles and shared objects come back as they were.
 */
type Node = readonly unknown[];

const VIEWS = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};
type ViewName = keyof typeof VIEWS;
const isViewName = (name: unknown): name is ViewName =>
  typeof name === "string" && Object.hasOwn(VIEWS, name);

const refuse = (value: unknown): Error =>
  errorNamed("DataCloneError", `${typeof value} could not be serialized.`);

const primitiveNode = (value: unknown): Node => {
  if (value === undefined) return ["u"];
  if (typeof value === "bigint") return ["n", String(value)];
  // What JSON has no number for: NaN, the infinities, minus zero.
  if (Object.is(value, -0)) return ["d", "-0"];
  if (typeof value === "number") return Number.isFinite(value) ? ["v", value] : ["d", String(value)];
  if (value === null || typeof value === "string" || typeof value === "boolean") return ["v", value];
  throw refuse(value);
};

const isMapOf = (value: object): value is Map<unknown, unknown> => isMap(value);
const isSetOf = (value: object): value is Set<unknown> => isSet(value);
const isPattern = (value: object): value is RegExp => isRegExp(value);

type Add = (value: unknown) => number;

const objectNode = (value: object, add: Add): Node => {
  if (isDate(value)) return ["D", String(Number(value))];
  if (isPattern(value)) return ["R", value.source, value.flags];
  if (isBuffer(value)) {
    const name = typedArrayName(value);
    return ["B", isViewName(name) ? name : null, btoa(latin1(copyBytes(value)))];
  }
  if (isNativeError(value)) return ["E", value.name, value.message];
  if (isMapOf(value)) return ["M", ...[...value].map(([key, item]) => [add(key), add(item)])];
  if (isSetOf(value)) return ["S", ...[...value].map(add)];
  const entries = Object.keys(value).map((key) => [key, add(Reflect.get(value, key))]);
  return Array.isArray(value) ? ["A", value.length, ...entries] : ["O", ...entries];
};

const latin1 = (bytes: Bytes): string => {
  let text = "";
  for (let at = 0; at < bytes.length; at += 4096)
    text += String.fromCharCode(...bytes.subarray(at, at + 4096));
  return text;
};

export const serialize = (value: unknown): Bytes => {
  const nodes: Node[] = [];
  const places = new Map<object, number>();
  const add: Add = (item) => {
    if (typeof item !== "object" || item === null) return nodes.push(primitiveNode(item)) - 1;
    const known = places.get(item);
    if (known !== undefined) return known;
    const place = nodes.push([]) - 1;
    places.set(item, place);
    nodes[place] = objectNode(item, add);
    return place;
  };
  add(value);
  return encodeUtf8(JSON.stringify(nodes));
};

const isNodes = (value: unknown): value is readonly Node[] =>
  Array.isArray(value) && value.every(Array.isArray);
const isEntry = (value: unknown): value is readonly [unknown, unknown] =>
  Array.isArray(value) && value.length === 2;

const define = (target: object, key: unknown, value: unknown): void => {
  Object.defineProperty(target, String(key), { value, writable: true, enumerable: true, configurable: true });
};

const readView = (name: unknown, text: unknown): object => {
  const bytes = Uint8Array.from(atob(String(text)), (character) => character.charCodeAt(0));
  return isViewName(name) ? new VIEWS[name](bytes.buffer) : bytes.buffer;
};

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const isErrorName = (name: string): name is keyof typeof ERRORS => Object.hasOwn(ERRORS, name);
const readError = (name: string, message: string): Error =>
  new ERRORS[isErrorName(name) ? name : "Error"](message);

const emptyArray = (length: number): unknown[] => {
  const made: unknown[] = [];
  made.length = length;
  return made;
};

export const deserialize = (bytes: Bytes): unknown => {
  const nodes: unknown = JSON.parse(decodeUtf8(bytes));
  if (!isNodes(nodes)) throw new TypeError("These bytes were not made by serialize.");
  const made = new Map<unknown, unknown>();
  const keep = <T>(place: unknown, value: T): T => {
    made.set(place, value);
    return value;
  };
  const read = (place: unknown): unknown => {
    if (made.has(place)) return made.get(place);
    const [kind, ...rest] = nodes[Number(place)] ?? [];
    switch (kind) {
      case "v":
        return rest[0];
      case "u":
        return undefined;
      case "n":
        return BigInt(String(rest[0]));
      case "d":
        return Number(rest[0]);
      case "D":
        return keep(place, new Date(Number(rest[0])));
      case "R":
        return keep(place, new RegExp(String(rest[0]), String(rest[1])));
      case "B":
        return keep(place, readView(rest[0], rest[1]));
      case "E":
        return keep(place, readError(String(rest[0]), String(rest[1])));
      default:
        return readContainer(kind, rest, place);
    }
  };
  const readContainer = (kind: unknown, rest: Node, place: unknown): unknown => {
    const entries = rest.filter(isEntry);
    if (kind === "M") {
      const map = keep(place, new Map<unknown, unknown>());
      for (const [key, value] of entries) map.set(read(key), read(value));
      return map;
    }
    if (kind === "S") {
      const set = keep(place, new Set<unknown>());
      for (const item of rest) set.add(read(item));
      return set;
    }
    if (kind !== "A" && kind !== "O") throw new TypeError("These bytes were not made by serialize.");
    const target: object = keep(place, kind === "A" ? emptyArray(Number(rest[0])) : {});
    for (const [key, value] of entries) define(target, key, read(value));
    return target;
  };
  return read(0);
};
