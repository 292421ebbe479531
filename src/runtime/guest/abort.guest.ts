import { Event, EventTarget } from "./event.guest.ts";
import { after } from "./timers.guest.ts";

const ours = Symbol("signal");
const Failure = DOMException;

const isSignal = (value: unknown): value is AbortSignal => value instanceof AbortSignal;
let abort: (signal: AbortSignal, reason: unknown) => void;

export class AbortSignal extends EventTarget {
  #aborted = false;
  #reason: unknown;
  #handler: unknown = null;
  #dependents: AbortSignal[] = [];

  static {
    abort = (signal, reason) => {
      if (signal.#aborted) return;
      signal.#aborted = true;
      signal.#reason = reason;
      const dependents = signal.#dependents;
      signal.#dependents = [];
      signal.dispatchEvent(new Event("abort"));
      for (const dependent of dependents) abort(dependent, reason);
    };
  }

  constructor(key?: unknown) {
    super();
    if (key !== ours) throw new TypeError("Illegal constructor");
  }

  static abort(reason: unknown = new Failure("This operation was aborted", "AbortError")): AbortSignal {
    const signal = new AbortSignal(ours);
    abort(signal, reason);
    return signal;
  }

  static timeout(ms: unknown): AbortSignal {
    const delay = Number(ms);
    if (!(delay >= 0 && delay <= Number.MAX_SAFE_INTEGER))
      throw new TypeError("A timeout is a number of ms.");
    const signal = new AbortSignal(ours);
    after(delay, () => abort(signal, new Failure("The operation timed out", "TimeoutError")));
    return signal;
  }

  static any(signals: Iterable<unknown>): AbortSignal {
    const combined = new AbortSignal(ours);
    const sources = Array.from(signals);
    if (!sources.every(isSignal)) throw new TypeError("AbortSignal.any takes AbortSignals.");
    for (const source of sources) {
      if (source.#aborted) abort(combined, source.#reason);
      else source.#dependents.push(combined);
    }
    return combined;
  }

  get aborted(): boolean {
    return this.#aborted;
  }
  get reason(): unknown {
    return this.#reason;
  }
  get onabort(): unknown {
    return this.#handler;
  }
  set onabort(handler: unknown) {
    if (this.#handler !== null) this.removeEventListener("abort", this.#handler);
    this.#handler = typeof handler === "function" ? handler : null;
    if (this.#handler !== null) this.addEventListener("abort", this.#handler);
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
