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

export const PATCHED: readonly Attack[] = [
  ...INTRINSICS.map((name) => each(name, "throws", '() => { throw new Error("patched") }')),
  ...INTRINSICS.map((name) => each(name, "lies", "() => CANARY")),
];
