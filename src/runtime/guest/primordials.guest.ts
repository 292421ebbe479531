/* oxlint-disable typescript/unbound-method -- taking methods off their prototypes is what this file is for */
/**
 * Intrinsics that the guest's own machinery relies on, taken before any user code can replace them:
 * a script that patches `Array.prototype` or `JSON` breaks itself, not the way its answer is told.
 */
const { bind, call } = Function.prototype;

/** `method.call(self, ...args)` as a plain function that no later patch of `call` or of the prototype reaches. */
const uncurry: <This, Args extends unknown[], Result>(
  method: (this: This, ...args: Args) => Result,
) => (self: This, ...args: Args) => Result = bind.bind(call);

export const { parse: parseJson, stringify: stringifyJson } = JSON;
export const { isArray } = Array;
export const { now } = Date;
export const { trunc, floor, min } = Math;
export const { isInteger, isFinite } = Number;
export const {
  create,
  defineProperty,
  getOwnPropertyDescriptor,
  getPrototypeOf,
  hasOwn,
  keys: keysOf,
  prototype: objectPrototype,
  setPrototypeOf,
} = Object;
export const { ownKeys, apply, get, defineProperty: tryDefine } = Reflect;

/** As JavaScript makes text of anything, `toString` of the script's own included. */
export const toText = (value: unknown): string => String(value);
/** The same as the Web's interfaces have it: a symbol is a TypeError (Web IDL, "DOMString"). */
export const asText = (value: unknown): string => {
  if (typeof value === "string") return value;
  if (typeof value === "symbol") throw new TypeError("A symbol is no text.");
  return String(value);
};

const ByteArray = Uint8Array;
const Buffer = ArrayBuffer;
const Dictionary = Map;
const Pledge = Promise;
export { ByteArray, Buffer, Dictionary, Pledge };
export const isView = ArrayBuffer.isView;

export const charCode = uncurry<string, [number], number>(String.prototype.charCodeAt);
export const indexOf = uncurry<string, [string], number>(String.prototype.indexOf);
export const sliceText = uncurry<string, [number, number?], string>(String.prototype.slice);
export const lowerCase = uncurry<string, [], string>(String.prototype.toLowerCase);
export const trim = uncurry<string, [], string>(String.prototype.trim);
export const upperCase = uncurry<string, [], string>(String.prototype.toUpperCase);
export const exec = uncurry<RegExp, [string], RegExpExecArray | null>(RegExp.prototype.exec);
export const matches = (pattern: RegExp, text: string): boolean => exec(pattern, text) !== null;

export const setBytes = uncurry<Uint8Array, [ArrayLike<number>, number?], void>(Uint8Array.prototype.set);

type PartOfBytes = (bytes: Uint8Array<ArrayBuffer>, start?: number, end?: number) => Uint8Array<ArrayBuffer>;
/** The same where the library's own types are too narrow to infer from. */
// oxlint-disable-next-line typescript/no-unnecessary-type-parameters -- the caller names the type
const uncurryAs: <Wanted>(method: (...args: never[]) => unknown) => Wanted = bind.bind(call);
export const subBytes = uncurryAs<PartOfBytes>(Uint8Array.prototype.subarray);
export const sliceBytes = uncurryAs<PartOfBytes>(Uint8Array.prototype.slice);

export const mapGet = uncurry<Map<number, unknown>, [number], unknown>(Map.prototype.get);
export const mapSet = uncurry<Map<number, unknown>, [number, unknown], unknown>(Map.prototype.set);
export const mapDelete = uncurry<Map<number, unknown>, [number], boolean>(Map.prototype.delete);

const markGet = uncurry<WeakMap<object, number>, [object], number | undefined>(WeakMap.prototype.get);
const markSet = uncurry<WeakMap<object, number>, [object, number], unknown>(WeakMap.prototype.set);
/** Numbers beside objects, which nobody who has an object can see. */
export const newMarks = () => {
  const marks = new WeakMap<object, number>();
  return {
    get: (value: unknown): number | undefined =>
      typeof value === "object" && value !== null ? markGet(marks, value) : undefined,
    set: (value: object, mark: number): void => {
      markSet(marks, value, mark);
    },
  };
};

export const sortTexts = uncurry<string[], [], string[]>(Array.prototype.sort);
/** `[object Date]`, … */
export const tagOf = uncurryAs<(value: unknown) => string>(Object.prototype.toString);
export const isEnumerable = uncurryAs<(target: object, key: PropertyKey) => boolean>(
  Object.prototype.propertyIsEnumerable,
);
export const placeOf = uncurryAs<(list: readonly string[], wanted: unknown, from?: number) => number>(
  Array.prototype.indexOf,
);
export const splitText = uncurryAs<(text: string, separator: string) => string[]>(String.prototype.split);
/** By far the engine's quickest way from a typed array to an array: its own loops are ten times as slow. */
export const numbersOf = uncurryAs<(bytes: Uint8Array, start: 0, removed: 0) => number[]>(
  Array.prototype.toSpliced,
);

const tagGetter = getOwnPropertyDescriptor(getPrototypeOf(ByteArray.prototype), Symbol.toStringTag)?.get;
/** `"Uint8Array"`, … or `undefined`: the real brand, which a script cannot fake. */
export const typedArrayName = (value: unknown): unknown =>
  tagGetter === undefined ? undefined : apply(tagGetter, value, []);
