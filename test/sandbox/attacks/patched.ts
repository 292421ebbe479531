import type { Attack } from "../../support/clean-room.ts";

/** Intrinsics whose every method is replaced, before a script answers as if nothing were. */
const INTRINSICS = [
  "Object",
  "Function",
  "Array",
  "String",
  "Number",
  "Boolean",
  "Symbol",
  "BigInt",
  "Math",
  "Reflect",
  "JSON",
  "Date",
  "RegExp",
  "Proxy",
  "Map",
  "Set",
  "WeakMap",
  "WeakRef",
  "Promise",
  "ArrayBuffer",
  "DataView",
  "Uint8Array",
  "Object.getPrototypeOf(Uint8Array)",
  "Error",
  "TypeError",
  "DOMException",
  "Iterator",
  "(function* () {}).constructor.prototype",
  "Object.getPrototypeOf([][Symbol.iterator]())",
  "Object.getPrototypeOf(new Map()[Symbol.iterator]())",
  "Object.getPrototypeOf(async function* () {}.prototype)",
  "Headers",
  "Request",
  "Response",
  "URL",
  "URLSearchParams",
  "TextEncoder",
  "TextDecoder",
  "Blob",
  "FormData",
  "AbortSignal",
  "EventTarget",
  "console",
  "performance",
  "globalThis",
];

const ANSWER = `return { status: 201, headers: { "x-a": "b" }, body: { a: [1], t: "\\u00e4" } }`;
const patched = (target: string, replacement: string): string => `
  const replaced = ${replacement};
  const { ownKeys } = Reflect;
  for (const at of [${target}, ${target}.prototype]) {
    if (at === undefined) continue;
    for (const key of ownKeys(at)) if (key !== "prototype") try { at[key] = replaced } catch {}
  }
  ${ANSWER}`;

const ENDS = 'returned {"a":[1],"t":"\u00e4"}';

/** A script that takes away promises, or every global name, has broken itself; it still ends, and alone. */
const ITS_OWN_FAULT: Readonly<Record<string, string>> = { Promise: "", globalThis: "threw " };

const each = (name: string, how: string, replacement: string): Attack => [
  `${name} ${how}`,
  patched(name, replacement),
  ITS_OWN_FAULT[name] ?? ENDS,
];

/** Names that machinery reads of plain objects: options, descriptors, iterator results, its own records. */
const FIELDS =
  "get set value writable enumerable configurable then done next return status headers body kind name message stack cause length resolve reject source place text bytes used type toJSON constructor index input groups stream fatal ignoreBOM detail signal once capture passive iterations hash";

const trapped = (at: string, keys: string, descriptor: string): string =>
  `const { defineProperty } = Object; for (const key of ${keys}) try { defineProperty(${at}, key, ${descriptor}) } catch {} ${ANSWER}`;

/** What is inherited where a script does not look for it. */
const INHERITED: readonly Attack[] = [
  [
    "fields of every object throw when they are read",
    trapped(
      "Object.prototype",
      `"${FIELDS}".split(" ")`,
      "{ __proto__: null, configurable: true, get() { throw new Error('read') }, set() {} }",
    ),
    "",
  ],
  [
    "fields of every object are there already",
    trapped(
      "Object.prototype",
      `"${FIELDS}".split(" ")`,
      "{ __proto__: null, configurable: true, writable: true, value: 7 }",
    ),
    "",
  ],
  [
    "items of every array are traps",
    trapped(
      "Array.prototype",
      "[0, 1, 2, 3]",
      "{ __proto__: null, configurable: true, get: () => CANARY, set() { throw new Error('written') } }",
    ),
    "",
  ],
  [
    "items of every array are swallowed",
    trapped(
      "Array.prototype",
      "[0, 1, 2, 3]",
      "{ __proto__: null, configurable: true, get: () => undefined, set() {} }",
    ),
    "",
  ],
  [
    "the global object's prototype is a trap",
    `Object.setPrototypeOf(globalThis, new Proxy(Object.prototype, { has: () => true, get: (_, key) => { throw new Error(String(key)) } })); ${ANSWER}`,
    ENDS,
  ],
  [
    "a prototype of functions is a trap",
    `Object.setPrototypeOf(Function.prototype, new Proxy({}, { get: () => { throw new Error('function') } })); ${ANSWER}`,
    "",
  ],
  ["arrays without a prototype", `Object.setPrototypeOf(Array.prototype, null); ${ANSWER}`, ENDS],
];

export const PATCHED: readonly Attack[] = [
  ...INTRINSICS.map((name) => each(name, "throws", '() => { throw new Error("patched") }')),
  ...INTRINSICS.map((name) => each(name, "lies", "() => CANARY")),
  ...INHERITED,
];
