/* oxlint-disable typescript/unbound-method -- the methods are only applied, each to what is tested */
import { apply, getOwnPropertyDescriptor, Pledge } from "./primordials.guest.ts";

/**
 * What an object really is, by the internal slot that only its class's own methods can reach: unlike
 * `instanceof` or a tag, that cannot be faked.
 */
const bySlot = (method: unknown): ((value: unknown) => boolean) => {
  if (typeof method !== "function") return () => false;
  return (value) => {
    try {
      apply(method, value, []);
      return true;
    } catch {
      return false;
    }
  };
};
const getter = (prototype: object, name: string): unknown => getOwnPropertyDescriptor(prototype, name)?.get;

export const isDate = bySlot(Date.prototype.getTime);
export const isMap = bySlot(getter(Map.prototype, "size"));
export const isSet = bySlot(getter(Set.prototype, "size"));
export const isArrayBuffer = bySlot(getter(ArrayBuffer.prototype, "byteLength"));
export const isBooleanObject = bySlot(Boolean.prototype.valueOf);
export const isNumberObject = bySlot(Number.prototype.valueOf);
export const isStringObject = bySlot(String.prototype.valueOf);
export const isSymbolObject = bySlot(Symbol.prototype.valueOf);
export const isBigIntObject = bySlot(BigInt.prototype.valueOf);

/** The prototype answers too, as the one object without the slot. */
const hasSource = bySlot(getter(RegExp.prototype, "source"));
const regExpPrototype: object = RegExp.prototype;
export const isRegExp = (value: unknown): boolean => value !== regExpPrototype && hasSource(value);

const hasCode = bySlot(getter(DOMException.prototype, "code"));
export const isDomException = (value: unknown): value is DOMException => hasCode(value);

const errorTest: unknown = Reflect.get(Error, "isError");
/** Errors of the engine, DOMException too; not what only inherits from one. */
export const isNativeError = (value: unknown): value is Error =>
  (typeof errorTest === "function" && apply(errorTest, Error, [value]) === true) || isDomException(value);

/** No slot of a promise can be read without running what a script may have put on it; its class must do. */
export const isPromise = (value: unknown): boolean => value instanceof Pledge;
