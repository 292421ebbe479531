import { now } from "./primordials.guest.ts";
import { guarded } from "./report.guest.ts";

interface EventInit {
  readonly bubbles?: unknown;
  readonly cancelable?: unknown;
}

interface Listener {
  readonly type: string;
  readonly callback: unknown;
  readonly capture: boolean;
  readonly once: boolean;
}

/** What dispatching does to an event; scripts cannot call it. */
interface Dispatch {
  readonly begin: (event: Event, target: EventTarget) => void;
  readonly end: (event: Event) => void;
  readonly isStopped: (event: Event) => boolean;
}
let dispatch: Dispatch;

export class Event {
  #type: string;
  #bubbles: boolean;
  #cancelable: boolean;
  #target: EventTarget | null = null;
  #current: EventTarget | null = null;
  #prevented = false;
  #stopped = false;
  #stoppedNow = false;
  #timeStamp = now();

  static {
    dispatch = {
      begin: (event, target) => {
        if (event.#current !== null) {
          throw new DOMException("The event is already being dispatched.", "InvalidStateError");
        }
        event.#target = target;
        event.#current = target;
      },
      end: (event) => {
        event.#current = null;
        event.#stopped = false;
        event.#stoppedNow = false;
      },
      isStopped: (event) => event.#stoppedNow,
    };
  }

  constructor(type: unknown, init: EventInit | null = {}) {
    this.#type = String(type);
    this.#bubbles = Boolean(init?.bubbles);
    this.#cancelable = Boolean(init?.cancelable);
  }

  get type(): string {
    return this.#type;
  }
  get target(): EventTarget | null {
    return this.#target;
  }
  get currentTarget(): EventTarget | null {
    return this.#current;
  }
  get eventPhase(): number {
    return this.#current === null ? 0 : 2;
  }
  get bubbles(): boolean {
    return this.#bubbles;
  }
  get cancelable(): boolean {
    return this.#cancelable;
  }
  get defaultPrevented(): boolean {
    return this.#prevented;
  }
  get timeStamp(): number {
    return this.#timeStamp;
  }
  get isTrusted(): boolean {
    return false;
  }
  composedPath(): EventTarget[] {
    return this.#current === null ? [] : [this.#current];
  }
  preventDefault(): void {
    if (this.#cancelable) this.#prevented = true;
  }
  stopPropagation(): void {
    this.#stopped = true;
  }
  get cancelBubble(): boolean {
    return this.#stopped;
  }
  stopImmediatePropagation(): void {
    this.#stopped = true;
    this.#stoppedNow = true;
  }
}

const isHandler = (value: unknown): value is (event: Event) => unknown => typeof value === "function";

const run = (listener: Listener, target: EventTarget, event: Event): void =>
  guarded(() => {
    const { callback } = listener;
    const handler: unknown = isHandler(callback) ? callback : Reflect.get(Object(callback), "handleEvent");
    if (isHandler(handler)) Reflect.apply(handler, isHandler(callback) ? target : callback, [event]);
  });

const option = (options: unknown, name: string): unknown =>
  typeof options === "object" && options !== null ? Reflect.get(options, name) : undefined;
const isCapture = (options: unknown): boolean =>
  typeof options === "boolean" ? options : Boolean(option(options, "capture"));

export class EventTarget {
  #listeners: Listener[] = [];

  addEventListener(type: unknown, callback: unknown, options?: unknown): void {
    if (callback === null || callback === undefined) return;
    const listener = {
      type: String(type),
      callback,
      capture: isCapture(options),
      once: Boolean(option(options, "once")),
    };
    const signal = option(options, "signal");
    if (signal instanceof EventTarget) {
      if (Reflect.get(signal, "aborted") === true) return;
      signal.addEventListener("abort", () => this.removeEventListener(type, callback, options), {
        once: true,
      });
    }
    if (!this.#listeners.some((known) => isSame(known, listener))) this.#listeners.push(listener);
  }

  removeEventListener(type: unknown, callback: unknown, options?: unknown): void {
    const gone = { type: String(type), callback, capture: isCapture(options) };
    this.#listeners = this.#listeners.filter((known) => !isSame(known, gone));
  }

  dispatchEvent(event: Event): boolean {
    dispatch.begin(event, this);
    for (const listener of this.#listeners.slice()) {
      if (listener.type !== event.type || !this.#listeners.includes(listener)) continue;
      if (listener.once) this.#listeners = this.#listeners.filter((known) => known !== listener);
      run(listener, this, event);
      if (dispatch.isStopped(event)) break;
    }
    dispatch.end(event);
    return !event.defaultPrevented;
  }
}

const isSame = (one: Omit<Listener, "once">, other: Omit<Listener, "once">): boolean =>
  one.type === other.type && one.callback === other.callback && one.capture === other.capture;
