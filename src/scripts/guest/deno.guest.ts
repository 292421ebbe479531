import {
  ByteArray,
  clearTimeout,
  decodeLatin1,
  decodeUtf8,
  defineProperty,
  encodeUtf8,
  isArrayBuffer,
  isDate,
  isMap,
  isNativeError,
  isPromise,
  isRegExp,
  isSet,
  isView,
  setInterval,
  setTimeout,
  structuredClone,
  typedArrayName,
  writeLog,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes } from "../../runtime/guest/index.guest.ts";
import { op_proxy_request } from "./proxy-request.guest.ts";
import { deserialize, serialize } from "./serialize.guest.ts";

const bytes = (value: unknown): Bytes => {
  if (!(value instanceof ByteArray)) throw new TypeError("expected Uint8Array");
  return new ByteArray(Object(value.buffer), value.byteOffset, value.byteLength);
};

const text = (value: unknown): string => {
  if (typeof value !== "string") throw new TypeError("expected a string");
  return value;
};

const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

/** What scripts of Secutils.dev use of `Deno.core`; nothing else of Deno exists here. */
export const denoShim = {
  core: {
    encode: (value: unknown): Bytes => encodeUtf8(text(value)),
    /** A BOM is dropped, invalid bytes are replaced. */
    decode: (value: unknown): string => decodeUtf8(bytes(value)),
    encodeBinaryString: (value: unknown): string => decodeLatin1(bytes(value)),
    byteLength: (value: unknown): number => encodeUtf8(text(value)).length,
    print: (value: unknown, isError: unknown = false): void => {
      writeLog(isError === true ? "error" : "log", [String(value).replace(/\n$/, "")]);
    },
    structuredClone: (value: unknown): unknown => structuredClone(value),
    serialize,
    deserialize: (value: unknown): unknown => deserialize(bytes(value)),
    isDate,
    isRegExp,
    isMap,
    isSet,
    isTypedArray: (value: unknown): boolean => isView(value) && typedArrayName(value) !== undefined,
    isArrayBuffer,
    isArrayBufferView: (value: unknown): boolean => isView(value),
    isPromise,
    isNativeError,
    createTimer: (callback: unknown, ms: unknown, args: unknown, repeat: unknown): number =>
      repeat === true ? setInterval(callback, ms, ...list(args)) : setTimeout(callback, ms, ...list(args)),
    cancelTimer: (id: unknown): void => clearTimeout(id),
  },
};

const ops = { op_proxy_request };
/** `Deno.core.ops`, for a run that may send requests. */
export const allowProxyRequests = (): void => {
  defineProperty(denoShim.core, "ops", { value: ops, enumerable: true, writable: true, configurable: true });
};
