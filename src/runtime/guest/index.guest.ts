import { AbortController, AbortSignal } from "./abort.guest.ts";
import { atob, btoa } from "./base64.guest.ts";
import { Blob, File } from "./blob.guest.ts";
import { structuredClone } from "./clone.guest.ts";
import { console } from "./console.guest.ts";
import { Crypto } from "./crypto.guest.ts";
import { CryptoKey } from "./crypto-key.guest.ts";
import { defineClass, defineGlobal } from "./define.guest.ts";
import { CustomEvent, Event } from "./event.guest.ts";
import { EventTarget } from "./event-target.guest.ts";
import { FormData } from "./form-data.guest.ts";
import { Headers } from "./headers.guest.ts";
import { coarsePerformance, startClock } from "./performance.guest.ts";
import { defineProperty, getOwnPropertyDescriptor } from "./primordials.guest.ts";
import { Request } from "./request.guest.ts";
import { Response } from "./response.guest.ts";
import { URLSearchParams } from "./search-params.guest.ts";
import { SubtleCrypto } from "./subtle.guest.ts";
import { TextDecoder, TextEncoder } from "./text-codec.guest.ts";
import { clearInterval, clearTimeout, queueMicrotask, setInterval, setTimeout } from "./timers.guest.ts";
import { URL } from "./url.guest.ts";

const CLASSES = {
  AbortController,
  AbortSignal,
  Blob,
  Crypto,
  CryptoKey,
  CustomEvent,
  Event,
  EventTarget,
  File,
  FormData,
  Headers,
  Request,
  Response,
  SubtleCrypto,
  TextDecoder,
  TextEncoder,
  URL,
  URLSearchParams,
};

const FUNCTIONS = {
  atob,
  btoa,
  clearInterval,
  clearTimeout,
  queueMicrotask,
  setInterval,
  setTimeout,
  structuredClone,
};

/** Those whose arguments are counted. */
const LENGTHS: Readonly<Record<string, number>> = { atob: 1, btoa: 1, structuredClone: 1 };

/** The engine has a DOMException of its own, but for what Web IDL says of attributes and lengths. */
const shapeDomException = (): void => {
  defineProperty(DOMException, "length", { value: 0, configurable: true });
  for (const name of ["name", "message", "code"]) {
    const found = getOwnPropertyDescriptor(DOMException.prototype, name);
    if (found !== undefined) defineProperty(DOMException.prototype, name, { ...found, enumerable: true });
  }
};

/** Plain objects that browsers tag: `[object Performance]`. */
const tagged = (tag: string, value: object): object =>
  defineProperty(value, Symbol.toStringTag, { value: tag, configurable: true });

/** What every script sees, whatever it was granted. Once, before any code of a user. */
export const installWebApis = (): void => {
  for (const [name, made] of Object.entries(CLASSES)) defineClass(name, made);
  for (const [name, value] of Object.entries(FUNCTIONS)) {
    defineProperty(value, "name", { value: name, configurable: true });
    defineProperty(value, "length", { value: LENGTHS[name] ?? value.length, configurable: true });
    defineGlobal(name, value);
  }
  shapeDomException();
  defineGlobal("crypto", new Crypto());
  defineGlobal("console", tagged("console", console));
  defineGlobal("performance", tagged("Performance", coarsePerformance));
  defineGlobal("self", globalThis);
  // Shared memory is for threads, of which there are none here; elsewhere it makes a fine clock.
  Reflect.deleteProperty(globalThis, "SharedArrayBuffer");
};

/** At the start of each run: what must not come out of an image that many runs share. */
export const startRun = (): void => {
  startClock();
};

export { AbortController, AbortSignal } from "./abort.guest.ts";
export { bodyOf, extractBody, heldOf, isBuffer, copyBytes, readBytes, viewBytes } from "./body.guest.ts";
export { holdBytes, holdInput, holdText } from "./held.guest.ts";
export type { Extracted } from "./body.guest.ts";
export type { Held } from "./held.guest.ts";
export { write as writeLog } from "./console.guest.ts";
export { defineGlobal, describers, shapeClass } from "./define.guest.ts";
export { ask, askBytes, bytesOf, cancel, errorNamed, opOfError, settle } from "./door.guest.ts";
export type { HostValue } from "./door.guest.ts";
export { fetch, forwardRequest, sendRequest } from "./fetch.guest.ts";
export type { Forwarded, FromUpstream } from "./fetch.guest.ts";
export { Headers, headersFrom, markSent, namesSet, pairsOf, wasChanged } from "./headers.guest.ts";
export type { HostHeaders, Pair } from "./headers.guest.ts";
export { hasName, headerName, headerValue } from "./header-text.guest.ts";
export { later } from "./later.guest.ts";
export { inspect } from "./inspect.guest.ts";
export * from "./primordials.guest.ts";
export { sinceRunBegan } from "./performance.guest.ts";
export { isRequest, partsToForward, requestFromHit, requestParts } from "./request.guest.ts";
export type { HitParts, Request, RequestParts } from "./request.guest.ts";
export { responseParts } from "./response.guest.ts";
export type { Response, ResponseParts } from "./response.guest.ts";
export { Blob } from "./blob.guest.ts";
export { structuredClone } from "./clone.guest.ts";
export { isArrayBuffer, isDate, isMap, isNativeError, isPromise, isRegExp, isSet } from "./brand.guest.ts";
export { FormData } from "./form-data.guest.ts";
export { URLSearchParams, parseForm } from "./search-params.guest.ts";
export { after, clearTimeout, setInterval, setTimeout } from "./timers.guest.ts";
export { decode, decodeLatin1, decodeUtf8, encodeUtf8, frame, jsonOf } from "./utf8.guest.ts";
export type { Bytes } from "./utf8.guest.ts";
