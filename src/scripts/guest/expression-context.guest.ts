import { parseForm, primordials, readBytes } from "../../runtime/guest/index.guest.ts";
import type { Bytes } from "../../runtime/guest/index.guest.ts";
import { bodyOfHit } from "./hit.guest.ts";
import type { Hit } from "./hit.guest.ts";

const { create, defineProperty } = primordials;

/** Above this a body is a `Uint8Array`: an array of numbers takes ten times its bytes of the heap. */
const LARGEST_ARRAY = 256 * 1024;

/** Own data properties, `__proto__` too, which an assignment would take for the prototype. */
const record = (pairs: readonly (readonly [string, string])[]): object => {
  const fields: object = {};
  for (const [name, value] of pairs) {
    defineProperty(fields, name, { value, writable: true, enumerable: true, configurable: true });
  }
  return fields;
};

const numbersOf = (bytes: Bytes): number[] => {
  const numbers: number[] = [];
  for (let index = 0; index < bytes.length; index += 1) numbers[index] = bytes[index] ?? 0;
  return numbers;
};

/** Read when a script first asks, and from then on a plain property that it may change. */
const lazily = (target: object, name: string, make: () => unknown): void => {
  const settle = (value: unknown): void => {
    defineProperty(target, name, { value, writable: true, enumerable: true, configurable: true });
  };
  defineProperty(target, name, {
    enumerable: true,
    configurable: true,
    get: () => {
      const value = make();
      settle(value);
      return value;
    },
    set: settle,
  });
};

/** The global `context` of an expression (docs/script-contract.md). */
export const makeExpressionContext = (hit: Hit): object => {
  const context = {
    ...(hit.client.ip === null ? {} : { clientAddress: addressOf(hit.client.ip) }),
    method: hit.method,
    headers: record(hit.headers),
    path: hit.path,
    ...(hit.rawQuery === null ? {} : { rawQuery: hit.rawQuery }),
    query: record(parseForm(hit.rawQuery ?? "")),
    secrets: create(Object.prototype),
  };
  lazily(context, "body", () => {
    const bytes = readBytes(bodyOfHit(hit));
    return bytes.length <= LARGEST_ARRAY ? numbersOf(bytes) : bytes;
  });
  return context;
};

/** As a socket address; Workers show no port. */
const addressOf = (ip: string): string => (ip.includes(":") ? `[${ip}]:0` : `${ip}:0`);
