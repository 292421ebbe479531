import { isObject, needs } from "./define.guest.ts";
import { callListener, Event } from "./event.guest.ts";
import { EventTarget, fire, signals } from "./event-target.guest.ts";
import { after } from "./timers.guest.ts";

const ours = Symbol("signal");
const Failure = DOMException;

/** Web IDL's `unsigned long long` with `[EnforceRange]`. */
const readMs = (given: unknown): number => {
  const ms = Math.trunc(Number(given));
  if (!(ms >= 0 && ms <= Number.MAX_SAFE_INTEGER))
    throw new TypeError("A timeout is a number of milliseconds.");
  return ms;
};

let abort: (signal: AbortSignal, reason: unknown) => void;
export let isSignal: (value: unknown) => value is AbortSignal;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  #onabort: unknown = null;
  #hears = false;
  /** What this one depends on, none of which depends on another itself. */
  #sources: AbortSignal[] = [];
  #dependents: AbortSignal[] = [];
  #algorithms: (() => void)[] = [];

  static {
    isSignal = (value): value is AbortSignal =>
      typeof value === "object" && value !== null && #aborted in value;
    const finish = (signal: AbortSignal): void => {
      const algorithms = signal.#algorithms;
      signal.#algorithms = [];
      for (const run of algorithms) run();
      fire(signal, new Event("abort"));
    };
    abort = (signal, reason) => {
      if (signal.#aborted) return;
      const all = [signal, ...signal.#dependents.filter((dependent) => !dependent.#aborted)];
      signal.#dependents = [];
      // All of them, before anybody hears of it (DOM, "signal abort").
      for (const each of all) {
        each.#aborted = true;
        each.#reason = reason;
      }
      for (const each of all) finish(each);
    };
    signals.follow = (signal, run) => {
      if (!isSignal(signal)) throw new TypeError("signal is no AbortSignal.");
      if (!signal.#aborted) signal.#algorithms.push(run);
      return signal.#aborted;
    };
  }

  constructor(key: unknown = undefined) {
    super();
    if (key !== ours) throw new TypeError("Illegal constructor");
  }

  static abort(reason: unknown = new Failure("This operation was aborted", "AbortError")): AbortSignal {
    const signal = new AbortSignal(ours);
    signal.#aborted = true;
    signal.#reason = reason;
    return signal;
  }

  static timeout(ms: unknown): AbortSignal {
    needs(1, arguments.length);
    const delay = readMs(ms);
    const signal = new AbortSignal(ours);
    after(delay, () => abort(signal, new Failure("The operation timed out", "TimeoutError")));
    return signal;
  }

  static any(list: Iterable<unknown>): AbortSignal {
    needs(1, arguments.length);
    const given: readonly unknown[] = isObject(list) ? [...list] : [list];
    if (!given.every(isSignal)) throw new TypeError("AbortSignal.any takes a list of AbortSignals.");
    const combined = new AbortSignal(ours);
    const aborted = given.find((signal) => signal.#aborted);
    if (aborted !== undefined) {
      combined.#aborted = true;
      combined.#reason = aborted.#reason;
      return combined;
    }
    const roots = given.flatMap((signal) => (signal.#sources.length === 0 ? [signal] : signal.#sources));
    combined.#sources = [...new Set(roots)];
    for (const source of combined.#sources) source.#dependents.push(combined);
    return combined;
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  get onabort(): unknown {
    return this.#onabort;
  }
  /** A handler that replaces another keeps its place among the listeners. */
  set onabort(handler: unknown) {
    this.#onabort = isObject(handler) ? handler : null;
    if (this.#hears || this.#onabort === null) return;
    this.#hears = true;
    this.addEventListener("abort", (event: Event) => {
      if (typeof this.#onabort === "function") callListener(this.#onabort, this, event);
    });
  }
  throwIfAborted(): void {
    if (this.#aborted) throw this.#reason;
  }
}

export class AbortController {
  #signal = new AbortSignal(ours);

  get signal(): AbortSignal {
    return this.#signal;
  }
  abort(reason: unknown = new Failure("This operation was aborted", "AbortError")): void {
    abort(this.#signal, reason);
  }
}
