import { isObject, needs } from "./define.guest.ts";
import { callListener, dispatch, type Event, isEvent } from "./event.guest.ts";
import { asText, get } from "./primordials.guest.ts";
import { guarded } from "./report.guest.ts";

interface Listener {
  readonly type: string;
  readonly callback: unknown;
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  removed: boolean;
}

interface Options {
  readonly capture: boolean;
  readonly once: boolean;
  readonly passive: boolean;
  readonly signal: unknown;
}

const isCapture = (options: unknown): boolean =>
  Boolean(isObject(options) ? get(options, "capture") : options);

const readOptions = (options: unknown): Options => {
  const capture = isCapture(options);
  if (!isObject(options)) return { capture, once: false, passive: false, signal: undefined };
  const once = Boolean(get(options, "once"));
  const passive = Boolean(get(options, "passive"));
  return { capture, once, passive, signal: get(options, "signal") };
};

/** How a listener goes with its signal: AbortSignal, which is a target itself, puts it here. Says whether that is aborted. */
export const signals: { follow?: (signal: unknown, abort: () => void) => boolean } = {};

const checkCallback = (callback: unknown): boolean => {
  if (callback === null || callback === undefined) return false;
  if (!isObject(callback)) throw new TypeError("A listener is a function or an object with handleEvent.");
  return true;
};

/** Dispatches as the platform does: the event is trusted. */
export let fire: (target: EventTarget, event: Event) => void;

export class EventTarget {
  #listeners: Listener[] = [];

  static {
    fire = (target, event) => {
      target.#dispatch(event, true);
    };
  }

  addEventListener(type: unknown, callback: unknown, options: unknown = undefined): void {
    needs(2, arguments.length);
    const name = asText(type);
    const isCallable = checkCallback(callback);
    const { signal, ...read } = readOptions(options);
    const known = this.#find(name, callback, read.capture);
    const listener = { type: name, callback, ...read, removed: false };
    if (signal !== undefined && signals.follow?.(signal, () => this.#remove(listener)) !== false) return;
    if (isCallable && known === undefined) this.#listeners.push(listener);
  }

  removeEventListener(type: unknown, callback: unknown, options: unknown = undefined): void {
    needs(2, arguments.length);
    const found = this.#find(asText(type), callback, isCapture(options));
    if (found !== undefined) this.#remove(found);
  }

  dispatchEvent(event: unknown): boolean {
    needs(1, arguments.length);
    if (!isEvent(event)) throw new TypeError("dispatchEvent takes an Event.");
    return this.#dispatch(event, false);
  }

  #find(type: string, callback: unknown, capture: boolean): Listener | undefined {
    return this.#listeners.find(
      (known) => known.type === type && known.callback === callback && known.capture === capture,
    );
  }

  #remove(listener: Listener): void {
    listener.removed = true;
    this.#listeners = this.#listeners.filter((known) => known !== listener);
  }

  #call(listener: Listener, event: Event): void {
    if (listener.removed || dispatch.isStoppedNow(event)) return;
    if (listener.once) this.#remove(listener);
    dispatch.setPassive(event, listener.passive);
    guarded(() => callListener(listener.callback, this, event));
    dispatch.setPassive(event, false);
  }

  #dispatch(event: Event, trusted: boolean): boolean {
    dispatch.begin(event, this, trusted);
    const { type } = event;
    // Those that are added meanwhile are not called.
    const listeners = dispatch.isStopped(event) ? [] : this.#listeners.filter((known) => known.type === type);
    for (const listener of listeners) if (listener.capture) this.#call(listener, event);
    // What stops the capture phase at a target ends before the other listeners of it.
    if (!dispatch.isStopped(event)) {
      for (const listener of listeners) if (!listener.capture) this.#call(listener, event);
    }
    dispatch.end(event);
    return !event.defaultPrevented;
  }
}
