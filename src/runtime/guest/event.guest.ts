import { asOptions, defineConstants, needs } from "./define.guest.ts";
import { coarsePerformance } from "./performance.guest.ts";
import { apply, asText, defineProperty, get } from "./primordials.guest.ts";

const PHASES = { NONE: 0, CAPTURING_PHASE: 1, AT_TARGET: 2, BUBBLING_PHASE: 3 };

/** What dispatching does to an event; scripts cannot call it. */
interface Dispatch {
  readonly begin: (event: Event, target: object, trusted: boolean) => void;
  readonly end: (event: Event) => void;
  readonly isStopped: (event: Event) => boolean;
  readonly isStoppedNow: (event: Event) => boolean;
  readonly setPassive: (event: Event, passive: boolean) => void;
}
export let dispatch: Dispatch;
export let isEvent: (value: unknown) => value is Event;

export class Event {
  #type: string;
  #bubbles: boolean;
  #cancelable: boolean;
  #composed: boolean;
  #target: object | null = null;
  #current: object | null = null;
  #prevented = false;
  #stopped = false;
  #stoppedNow = false;
  #passive = false;
  #trusted = false;
  #timeStamp = coarsePerformance.now();

  static {
    isEvent = (value): value is Event => typeof value === "object" && value !== null && #type in value;
    dispatch = {
      begin: (event, target, trusted) => {
        if (event.#current !== null) {
          throw new DOMException("The event is already being dispatched.", "InvalidStateError");
        }
        event.#trusted = trusted;
        event.#target = target;
        event.#current = target;
      },
      end: (event) => {
        event.#current = null;
        event.#stopped = false;
        event.#stoppedNow = false;
      },
      isStopped: (event) => event.#stopped,
      isStoppedNow: (event) => event.#stoppedNow,
      setPassive: (event, passive) => {
        event.#passive = passive;
      },
    };
  }

  constructor(type: unknown, init: unknown = undefined) {
    needs(1, arguments.length);
    this.#type = asText(type);
    const options = asOptions(init);
    this.#bubbles = Boolean(get(options, "bubbles"));
    this.#cancelable = Boolean(get(options, "cancelable"));
    this.#composed = Boolean(get(options, "composed"));
    // The standard has it unforgeable: an own accessor, which nobody can replace.
    defineProperty(this, "isTrusted", { get: () => this.#trusted, enumerable: true });
  }

  get type(): string {
    return this.#type;
  }
  get target(): object | null {
    return this.#target;
  }
  get srcElement(): object | null {
    return this.#target;
  }
  get currentTarget(): object | null {
    return this.#current;
  }
  get eventPhase(): number {
    return this.#current === null ? PHASES.NONE : PHASES.AT_TARGET;
  }
  get bubbles(): boolean {
    return this.#bubbles;
  }
  get cancelable(): boolean {
    return this.#cancelable;
  }
  get composed(): boolean {
    return this.#composed;
  }
  get defaultPrevented(): boolean {
    return this.#prevented;
  }
  get returnValue(): boolean {
    return !this.#prevented;
  }
  set returnValue(value: unknown) {
    if (!value) this.preventDefault();
  }
  get timeStamp(): number {
    return this.#timeStamp;
  }
  composedPath(): object[] {
    return this.#current === null ? [] : [this.#current];
  }
  preventDefault(): void {
    if (this.#cancelable && !this.#passive) this.#prevented = true;
  }
  stopPropagation(): void {
    this.#stopped = true;
  }
  get cancelBubble(): boolean {
    return this.#stopped;
  }
  set cancelBubble(value: unknown) {
    if (value) this.#stopped = true;
  }
  stopImmediatePropagation(): void {
    this.#stopped = true;
    this.#stoppedNow = true;
  }
  initEvent(type: unknown, bubbles: unknown = false, cancelable: unknown = false): void {
    needs(1, arguments.length);
    if (this.#current !== null) return;
    this.#type = asText(type);
    this.#bubbles = Boolean(bubbles);
    this.#cancelable = Boolean(cancelable);
    this.#target = null;
    this.#prevented = false;
    this.#stopped = false;
    this.#stoppedNow = false;
    this.#trusted = false;
  }
}
defineConstants(Event, PHASES);

export class CustomEvent extends Event {
  #detail: unknown;

  constructor(type: unknown, init: unknown = undefined) {
    needs(1, arguments.length);
    super(type, init);
    this.#detail = get(asOptions(init), "detail") ?? null;
  }

  get detail(): unknown {
    return this.#detail;
  }
}

/** Calls a function or an object's `handleEvent`, as a listener. */
export const callListener = (callback: unknown, target: object, event: Event): void => {
  const handler = typeof callback === "function" ? callback : get(Object(callback), "handleEvent");
  if (typeof handler !== "function") throw new TypeError("The listener has no function handleEvent.");
  apply(handler, typeof callback === "function" ? target : callback, [event]);
};
