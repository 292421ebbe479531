interface EventInit {
  readonly bubbles?: boolean | undefined;
  readonly cancelable?: boolean | undefined;
  readonly composed?: boolean | undefined;
}
interface CustomEventInit<Detail = unknown> extends EventInit {
  readonly detail?: Detail | undefined;
}

interface EventPhases {
  readonly NONE: 0;
  readonly CAPTURING_PHASE: 1;
  readonly AT_TARGET: 2;
  readonly BUBBLING_PHASE: 3;
}

/** Without a tree: an event is at its target or nowhere. */
interface Event extends EventPhases {
  readonly type: string;
  readonly target: EventTarget | null;
  readonly currentTarget: EventTarget | null;
  /** @deprecated The same as `target`. */
  readonly srcElement: EventTarget | null;
  readonly eventPhase: number;
  readonly bubbles: boolean;
  readonly cancelable: boolean;
  readonly composed: boolean;
  readonly defaultPrevented: boolean;
  /** Whether the platform dispatched it. */
  readonly isTrusted: boolean;
  /** In whole milliseconds of `performance.now()`. */
  readonly timeStamp: number;
  /** @deprecated `false` is `preventDefault()`. */
  returnValue: boolean;
  /** @deprecated `true` is `stopPropagation()`. */
  cancelBubble: boolean;
  composedPath(): EventTarget[];
  preventDefault(): void;
  stopPropagation(): void;
  stopImmediatePropagation(): void;
  /** @deprecated Use the constructor. */
  initEvent(type: string, bubbles?: boolean, cancelable?: boolean): void;
}
declare var Event: EventPhases & {
  readonly prototype: Event;
  new (type: string, init?: EventInit | null): Event;
};

interface CustomEvent<Detail = unknown> extends Event {
  /** `null` unless given. */
  readonly detail: Detail;
}
declare var CustomEvent: {
  readonly prototype: CustomEvent;
  new <Detail = null>(type: string, init?: CustomEventInit<Detail> | null): CustomEvent<Detail>;
};

interface EventListenerObject {
  handleEvent(event: Event): void;
}
type EventListenerOrEventListenerObject = ((event: Event) => void) | EventListenerObject;
interface EventListenerOptions {
  readonly capture?: boolean | undefined;
}
interface AddEventListenerOptions extends EventListenerOptions {
  readonly once?: boolean | undefined;
  readonly passive?: boolean | undefined;
  /** Takes the listener away when it aborts. */
  readonly signal?: AbortSignal | undefined;
}

/** What a listener throws is logged as `Uncaught`, and ends nothing. */
interface EventTarget {
  addEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | AddEventListenerOptions,
  ): void;
  removeEventListener(
    type: string,
    listener: EventListenerOrEventListenerObject | null,
    options?: boolean | EventListenerOptions,
  ): void;
  /** `false` when a listener prevented the default. */
  dispatchEvent(event: Event): boolean;
}
declare var EventTarget: {
  readonly prototype: EventTarget;
  new (): EventTarget;
};

/** Dispatches `abort`, once. */
interface AbortSignal extends EventTarget {
  readonly aborted: boolean;
  /** Whatever it was aborted with: an `AbortError` unless given. */
  readonly reason: unknown;
  onabort: ((this: AbortSignal, event: Event) => void) | null;
  /** Throws the reason, once aborted. */
  throwIfAborted(): void;
}
declare var AbortSignal: {
  readonly prototype: AbortSignal;
  abort(reason?: unknown): AbortSignal;
  /** Aborts as soon as one of these does. */
  any(signals: Iterable<AbortSignal>): AbortSignal;
  /** Aborts with a `TimeoutError` after so many milliseconds. Counts as a timer. */
  timeout(ms: number): AbortSignal;
};

interface AbortController {
  readonly signal: AbortSignal;
  abort(reason?: unknown): void;
}
declare var AbortController: {
  readonly prototype: AbortController;
  new (): AbortController;
};
