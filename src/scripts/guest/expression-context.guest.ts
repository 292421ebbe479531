import {
  create,
  defineProperty,
  headersFrom,
  numbersOf,
  objectPrototype,
  pairsOf,
  parseForm,
  readBytes,
} from "../../runtime/guest/index.guest.ts";
import type { RequestParts } from "../../runtime/guest/index.guest.ts";
import * as hit from "./hit.guest.ts";
import { defineLazily, lazily } from "./lazily.guest.ts";
import { fillSecrets } from "./secrets.guest.ts";

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

/** As a socket address; Workers show no port. */
const address = (): string => {
  const ip = String(Reflect.get(Object(hit.client()), "ip"));
  return ip.includes(":") ? `[${ip}]:0` : `${ip}:0`;
};

/** The global `context` of an expression (docs/script-contract.md), made with the prelude. */
export const context: object = {};
lazily(context, {
  clientAddress: address,
  method: hit.method,
  headers: () => record(pairsOf(headersFrom(hit.headers)) ?? []),
  path: hit.path,
  rawQuery: hit.query,
  query: () => record(parseForm(hit.hasQuery() ? hit.query() : "")),
});
const secrets: object = create(objectPrototype);
defineProperty(context, "secrets", {
  value: secrets,
  writable: true,
  enumerable: true,
  configurable: true,
});
defineLazily(context, "body", () =>
  readBytes(hit.body(), (bytes) => (bytes.length <= LARGEST_ARRAY ? numbersOf(bytes, 0, 0) : bytes)),
);

/** What `context` says of the hit, as it came; nothing for a copy, whose body may be any other. */
export const contextParts = (given: object): RequestParts | undefined =>
  given === context ? { ...hit.parts(), headers: pairsOf(headersFrom(hit.headers)) ?? [] } : undefined;

/** What this hit does not have, its context has not either; and what it has, it has now. */
export const fitContext = (): void => {
  if (hit.hasSecrets()) fillSecrets(secrets);
  if (!hit.hasAddress()) Reflect.deleteProperty(context, "clientAddress");
  if (!hit.hasQuery()) Reflect.deleteProperty(context, "rawQuery");
};
