import { defineProperty, getOwnPropertyDescriptor, ownKeys } from "./primordials.guest.ts";

type Class = { readonly prototype: object };

/** Gives a class the shape that the Web's have: its own name (minifiers change it), a tag, enumerable members. */
export const shapeClass = (name: string, made: Class): void => {
  defineProperty(made, "name", { value: name, configurable: true });
  defineProperty(made.prototype, Symbol.toStringTag, { value: name, configurable: true });
  for (const key of ownKeys(made.prototype)) {
    if (typeof key === "symbol" || key === "constructor") continue;
    const found = getOwnPropertyDescriptor(made.prototype, key);
    if (found !== undefined) defineProperty(made.prototype, key, { ...found, enumerable: true });
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

/** How `console.log` shows an object of ours; asked in turn until one answers. */
type Describe = (value: object) => { readonly name: string; readonly fields: object } | undefined;
export const describers: Describe[] = [];
