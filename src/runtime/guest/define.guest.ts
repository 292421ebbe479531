import { defineProperty, getOwnPropertyDescriptor, getPrototypeOf, ownKeys } from "./primordials.guest.ts";

type Class = { readonly prototype: object };

/** What Web IDL calls an object: functions too. */
export const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

/** Too few arguments are a TypeError, whatever they are (Web IDL, "overload resolution"). */
export const needs = (wanted: number, given: number): void => {
  if (given >= wanted) return;
  throw new TypeError(`${wanted} ${wanted === 1 ? "argument is" : "arguments are"} needed, not ${given}.`);
};

const NONE: object = {};
/** A dictionary: an object, or nothing. */
export const asOptions = (given: unknown): object => {
  if (given === undefined || given === null) return NONE;
  if (!isObject(given)) throw new TypeError("Options are given as an object.");
  return given;
};

/** On the class and on its instances, for ever. */
export const defineConstants = (made: Class, constants: Readonly<Record<string, number>>): void => {
  for (const [name, value] of Object.entries(constants)) {
    defineProperty(made, name, { value, enumerable: true });
    defineProperty(made.prototype, name, { value, enumerable: true });
  }
};

const prototypes: unknown[] = [];
/** Whether an object is of one of these classes, or of one that extends one. */
export const isOfClass = (value: object): boolean => {
  for (let at: unknown = value; at !== null; at = getPrototypeOf(at))
    if (prototypes.includes(at)) return true;
  return false;
};

/** Gives a class the shape that the Web's have: its own name (minifiers change it), a tag, enumerable members. */
export const shapeClass = (name: string, made: Class): void => {
  prototypes.push(made.prototype);
  defineProperty(made, "name", { value: name, configurable: true });
  defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true });
  for (const key of ownKeys(made.prototype)) {
    if (typeof key === "symbol" || key === "constructor") continue;
    const found = getOwnPropertyDescriptor(made.prototype, key);
    // Constants are as they should be, and cannot be changed any more.
    if (found?.configurable === true) defineProperty(made.prototype, key, { ...found, enumerable: true });
  }
  // Iterables of pairs: one function under both names (Web IDL, 3.7.9).
  const entries = getOwnPropertyDescriptor(made.prototype, "entries");
  if (entries !== undefined)
    defineProperty(made.prototype, Symbol.iterator, { ...entries, enumerable: false });
};

/** A global as browsers define theirs: writable, configurable, not enumerable. */
export const defineGlobal = (name: string, value: unknown): void => {
  defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
};

export const defineClass = (name: string, made: Class): void => {
  shapeClass(name, made);
  defineGlobal(name, made);
};

export interface Description {
  /** All that is shown, instead of the rest. */
  readonly text?: string;
  readonly name: string;
  readonly fields: object;
}

/** How `console.log` shows an object of ours; asked in turn until one answers. */
type Describe = (value: object) => Description | undefined;
export const describers: Describe[] = [];
