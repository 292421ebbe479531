import {
  ByteArray,
  Dictionary,
  mapDelete,
  mapGet,
  mapSet,
  newMarks,
  parseJson,
  Pledge,
} from "./primordials.guest.ts";

/** What the host gives back: bytes, text or nothing (docs/host-door.md). */
export type HostValue = ArrayBuffer | string | undefined;
type Host = (op: string, argument?: ArrayBuffer | string) => HostValue | number;

interface Waiting {
  readonly resolve: (value: HostValue) => void;
  readonly reject: (error: unknown) => void;
}

const isHost = (value: unknown): value is Host => typeof value === "function";

/** The one function of the host, taken out of the global object so that no script can call it. */
const takeHost = (): Host => {
  const host: unknown = Reflect.get(globalThis, "__host");
  Reflect.deleteProperty(globalThis, "__host");
  if (!isHost(host)) throw new TypeError("The host door is missing.");
  return host;
};

const host = takeHost();
const waiting = new Dictionary<number, Waiting>();
const Failure = DOMException;
const NATIVE = { Error, TypeError, RangeError, SyntaxError };
const isNative = (name: string): name is keyof typeof NATIVE => Object.hasOwn(NATIVE, name);

/** An error of the class that its name stands for: engine errors as such, all others as a DOMException. */
export const errorNamed = (name: string, message: string): Error =>
  isNative(name) ? new NATIVE[name](message) : new Failure(message, name);

const translated = (thrown: unknown): unknown =>
  thrown instanceof Error ? errorNamed(thrown.name, thrown.message) : thrown;

const call = (op: string, argument?: ArrayBuffer | string): HostValue | number => {
  try {
    return host(op, argument);
  } catch (thrown) {
    throw translated(thrown);
  }
};

/** A sync op. */
export const ask = (op: string, argument?: ArrayBuffer | string): HostValue => {
  const value = call(op, argument);
  if (typeof value === "number") throw new TypeError(`The op ${op} is not synchronous.`);
  return value;
};

export const bytesOf = (value: HostValue): Uint8Array<ArrayBuffer> => {
  if (value === undefined || typeof value === "string") throw new TypeError("The host gave no bytes.");
  return new ByteArray(value);
};

export const askBytes = (op: string, argument?: ArrayBuffer | string): Uint8Array<ArrayBuffer> =>
  bytesOf(ask(op, argument));

/** An async op that can be called off: `id` is for `cancel`. */
export const begin = (op: string, argument: ArrayBuffer | string, waiter: Waiting): number => {
  const id = call(op, argument);
  if (typeof id !== "number") throw new TypeError(`The op ${op} is not asynchronous.`);
  mapSet(waiting, id, waiter);
  return id;
};

export const askLater = (op: string, argument: ArrayBuffer | string): Promise<HostValue> =>
  new Pledge((resolve, reject) => {
    begin(op, argument, { resolve, reject });
  });

export const cancel = (id: number): void => {
  if (mapDelete(waiting, id)) ask("cancel", new Uint32Array([id]).buffer);
};

const marks = newMarks();
/** The id of the op whose refusal this very error is; `undefined` for any other, whatever it says. */
export const opOfError = (error: unknown): number | undefined => marks.get(error);

const isWaiting = (value: unknown): value is Waiting => value !== undefined;

const readError = (value: HostValue): Error => {
  const told: unknown = typeof value === "string" ? parseJson(value) : undefined;
  const name: unknown = Reflect.get(Object(told), "name");
  const message: unknown = Reflect.get(Object(told), "message");
  return errorNamed(typeof name === "string" ? name : "Error", typeof message === "string" ? message : "");
};

/** Called by the host when an async op has ended. */
export const settle = (id: number, ok: boolean, value: HostValue): void => {
  const waiter = mapGet(waiting, id);
  if (!isWaiting(waiter)) return;
  mapDelete(waiting, id);
  if (ok) waiter.resolve(value);
  else {
    const error = readError(value);
    marks.set(error, id);
    waiter.reject(error);
  }
};
