import {
  isArrayBuffer,
  isBigIntObject,
  isBooleanObject,
  isDate,
  isDomException,
  isMap,
  isNativeError,
  isNumberObject,
  isPromise,
  isRegExp,
  isSet,
  isStringObject,
  isSymbolObject,
} from "./brand.guest.ts";
import { cloneBlob } from "./blob.guest.ts";
import { asOptions, isObject, isOfClass, needs } from "./define.guest.ts";
import { errorNamed } from "./door.guest.ts";
import {
  get,
  getPrototypeOf,
  isView,
  objectPrototype,
  tagOf,
  toText,
  typedArrayName,
} from "./primordials.guest.ts";

type Copies = Map<object, object>;

const refuse = (what: string): Error => errorNamed("DataCloneError", `${what} cannot be cloned.`);

const isMapOf = (value: object): value is Map<unknown, unknown> => isMap(value);
const isSetOf = (value: object): value is Set<unknown> => isSet(value);
const isBuffer = (value: object): value is ArrayBuffer => isArrayBuffer(value);
const isPattern = (value: object): value is RegExp => isRegExp(value);

const VIEWS: Readonly<Record<string, new (buffer: ArrayBuffer, offset: number, length: number) => object>> = {
  Int8Array,
  Uint8Array,
  Uint8ClampedArray,
  Int16Array,
  Uint16Array,
  Int32Array,
  Uint32Array,
  Float16Array,
  Float32Array,
  Float64Array,
  BigInt64Array,
  BigUint64Array,
};

const cloneView = (view: ArrayBufferView, copies: Copies): object => {
  const buffer: ArrayBuffer = Object(clone(view.buffer, copies));
  const View = VIEWS[String(typedArrayName(view))];
  if (View === undefined) return new DataView(buffer, view.byteOffset, view.byteLength);
  const length: number = Reflect.get(view, "length");
  return new View(buffer, view.byteOffset, length);
};

const ERRORS = { Error, EvalError, RangeError, ReferenceError, SyntaxError, TypeError, URIError };
const isErrorName = (name: string): name is keyof typeof ERRORS => Object.hasOwn(ERRORS, name);

/** Name, message, stack and cause; nothing else that a script hung on it (HTML, 2.7.3). */
const cloneError = (error: Error, copies: Copies): object => {
  const name = toText(error.name);
  const message = Object.getOwnPropertyDescriptor(error, "message")?.value;
  if (isDomException(error)) return new DOMException(error.message, name);
  const copy = new ERRORS[isErrorName(name) ? name : "Error"]();
  const hide = (key: string, value: unknown): void => {
    Object.defineProperty(copy, key, { value, writable: true, configurable: true, enumerable: false });
  };
  hide("stack", String(error.stack));
  if (message !== undefined) hide("message", String(message));
  copies.set(error, copy);
  if (Object.hasOwn(error, "cause")) hide("cause", clone(error.cause, copies));
  return copy;
};

const wrapped = (value: object): object | undefined => {
  for (const is of [isBooleanObject, isNumberObject, isStringObject, isBigIntObject]) {
    if (is(value)) return Object(value.valueOf());
  }
  return undefined;
};

const cloneBuffer = (buffer: ArrayBuffer): ArrayBuffer => {
  if (buffer.detached) throw refuse("A detached ArrayBuffer");
  if (!buffer.resizable) return buffer.slice(0);
  const copy = new ArrayBuffer(buffer.byteLength, { maxByteLength: buffer.maxByteLength });
  new Uint8Array(copy).set(new Uint8Array(buffer));
  return copy;
};

/** Objects whose whole content is known at once. */
const cloneLeaf = (value: object, copies: Copies): object | undefined => {
  if (isDate(value)) return new Date(Number(value));
  if (isPattern(value)) return new RegExp(value.source, value.flags);
  if (isBuffer(value)) return cloneBuffer(value);
  if (isView(value)) return cloneView(value, copies);
  if (isNativeError(value)) return cloneError(value, copies);
  return wrapped(value) ?? cloneBlob(value);
};

const generatorPrototypes = [function* () {}, async function* () {}].map((made): object =>
  Object(getPrototypeOf(made.prototype)),
);
const isGenerator = (value: object): boolean =>
  generatorPrototypes.some((prototype) => Object.prototype.isPrototypeOf.call(prototype, value));

/** What has a state of its own that no copy could have. */
const isUncloneable = (value: object): boolean =>
  isPromise(value) ||
  isSymbolObject(value) ||
  isGenerator(value) ||
  value instanceof WeakMap ||
  value instanceof WeakSet ||
  value instanceof WeakRef ||
  value instanceof FinalizationRegistry ||
  isOfClass(value);

/** Most objects are. To tell brands apart is dear: each that an object has not is an error thrown and caught. */
const isPlain = (value: object): boolean =>
  getPrototypeOf(value) === objectPrototype && tagOf(value) === "[object Object]";

const fill = (value: object, copy: object, copies: Copies): object => {
  for (const key of Object.keys(value)) {
    const item = clone(Reflect.get(value, key), copies);
    Object.defineProperty(copy, key, { value: item, writable: true, enumerable: true, configurable: true });
  }
  return copy;
};

/** With holes where the original has them. */
const emptyArray = (length: number): unknown[] => {
  const made: unknown[] = [];
  made.length = length;
  return made;
};

const cloneObject = (value: object, copies: Copies): object => {
  const known = copies.get(value);
  if (known !== undefined) return known;
  const keep = <T extends object>(copy: T): T => {
    copies.set(value, copy);
    return copy;
  };
  if (Array.isArray(value)) return fill(value, keep(emptyArray(value.length)), copies);
  if (isPlain(value)) return fill(value, keep({}), copies);
  if (isMapOf(value)) {
    const copy = keep(new Map<unknown, unknown>());
    for (const [key, item] of Array.from(value)) copy.set(clone(key, copies), clone(item, copies));
    return copy;
  }
  if (isSetOf(value)) {
    const copy = keep(new Set<unknown>());
    for (const item of Array.from(value)) copy.add(clone(item, copies));
    return copy;
  }
  const leaf = cloneLeaf(value, copies);
  if (leaf !== undefined) return keep(leaf);
  if (isUncloneable(value)) throw refuse(`A ${tagOf(value).slice(8, -1)}`);
  return fill(value, keep({}), copies);
};

const clone = (value: unknown, copies: Copies): unknown => {
  if (typeof value === "symbol") throw refuse("A symbol");
  if (typeof value === "function") throw refuse("A function");
  return typeof value === "object" && value !== null ? cloneObject(value, copies) : value;
};

const readTransfer = (options: unknown): readonly ArrayBuffer[] => {
  const given = get(asOptions(options), "transfer");
  if (given === undefined) return [];
  if (!isObject(given)) throw new TypeError("transfer is a list.");
  const moved: ArrayBuffer[] = [];
  for (const buffer of Array.from<unknown>(Object(given))) {
    if (!isObject(buffer)) throw new TypeError("Only objects can be transferred.");
    if (!isBuffer(buffer) || buffer.detached || moved.includes(buffer)) throw refuse("This transfer list");
    moved.push(buffer);
  }
  return moved;
};

/** HTML, "structured clone". A buffer in `transfer` moves instead of being copied. */
export const structuredClone = (...given: readonly unknown[]): unknown => {
  needs(1, given.length);
  const [value, options] = given;
  const moved = readTransfer(options);
  const copies: Copies = new Map();
  const copy = clone(value, copies);
  for (const buffer of moved) buffer.transfer(0);
  return copy;
};
