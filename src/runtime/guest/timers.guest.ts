import { begin, cancel } from "./door.guest.ts";
import { Dictionary, apply, mapDelete, mapGet, mapSet, min } from "./primordials.guest.ts";
import { guarded } from "./report.guest.ts";

type Callback = (...args: unknown[]) => unknown;
interface Timer {
  op: number;
}

/** What a timer may wait at most: 2^31 - 1 ms, as browsers have it. */
const LONGEST = 0x7fffffff;

const enqueue = globalThis.queueMicrotask;
const timers = new Dictionary<number, Timer>();
const isTimer = (value: unknown): value is Timer => value !== undefined;
let last = 0;

/** As Web IDL makes a `long` of anything: what is too large wraps around, as in browsers. */
const delayOf = (given: unknown): number => {
  const ms = Number(given) | 0;
  return ms > 0 ? ms : 0;
};

/** Calls `fire` after `ms`; gives what `cancel` of the door takes. */
const wait = (ms: number, fire: () => void): number =>
  begin("timer", new Float64Array([ms]).buffer, { resolve: fire, reject: fire });

/** Timers of the guest's own: not counted among the script's ids. */
export const after = (ms: number, fire: () => void): number => wait(min(ms, LONGEST), fire);

const startTimer = (callback: unknown, delay: unknown, args: unknown[], repeats: boolean): number => {
  if (typeof callback !== "function") {
    throw new TypeError("A timer calls a function; text is not evaluated here.");
  }
  const call: Callback = (...given) => apply(callback, globalThis, given);
  const ms = delayOf(delay);
  last += 1;
  const id = last;
  const fire = (): void => {
    // Before the callback: a cleared interval, or one whose callback throws, behaves as in browsers.
    if (repeats) mapSet(timers, id, { op: wait(ms, fire) });
    else mapDelete(timers, id);
    guarded(() => apply(call, undefined, args));
  };
  mapSet(timers, id, { op: wait(ms, fire) });
  return id;
};

export const setTimeout = (callback: unknown, delay: unknown = undefined, ...args: unknown[]): number =>
  startTimer(callback, delay, args, false);

export const setInterval = (callback: unknown, delay: unknown = undefined, ...args: unknown[]): number =>
  startTimer(callback, delay, args, true);

export const clearTimeout = (id: unknown = undefined): void => {
  const timer = mapGet(timers, Number(id));
  if (!isTimer(timer)) return;
  mapDelete(timers, Number(id));
  cancel(timer.op);
};

/** One set of ids for both kinds (HTML, "timers"). */
export const clearInterval = (id: unknown = undefined): void => clearTimeout(id);

export const queueMicrotask = (callback: unknown): void => {
  if (typeof callback !== "function") throw new TypeError("queueMicrotask takes a function.");
  enqueue(() => guarded(() => apply(callback, undefined, [])));
};
