declare var self: typeof globalThis;

/** Calls after at least `delay` ms. 100 timers a run. Text is not compiled. */
declare function setTimeout(callback: (...args: never[]) => void, delay?: number): number;
declare function setTimeout<Args extends readonly unknown[]>(
  callback: (...args: Args) => void,
  delay: number | undefined,
  ...args: Args
): number;
/** Calls every `delay` ms, until `clearInterval` or the end of the run. */
declare function setInterval(callback: (...args: never[]) => void, delay?: number): number;
declare function setInterval<Args extends readonly unknown[]>(
  callback: (...args: Args) => void,
  delay: number | undefined,
  ...args: Args
): number;
declare function clearTimeout(id?: number): void;
declare function clearInterval(id?: number): void;
declare function queueMicrotask(callback: () => void): void;

/**
 * Sends a request, to where the responder's `egress` allows; without it there is no `fetch`. The answer's body stays outside
 * of the sandbox until you read it: answer with the `Response`, or send its `body` on, and it never enters. A failure is a
 * `TypeError` that says why; one that nobody catches ends the run as a 502, or a 504.
 */
declare function fetch(input: Request | URL | string, init?: RequestInit | null): Promise<Response>;

/** A deep copy; buffers in `transfer` move instead. What cannot be copied, as a function, is a `DataCloneError`. */
declare function structuredClone<Value>(
  value: Value,
  options?: { readonly transfer?: Iterable<ArrayBuffer> | undefined } | null,
): Value;

/** To the run's log: 1,000 lines and 64 KiB; what is beyond is counted and dropped. */
interface Console {
  debug(...values: unknown[]): void;
  log(...values: unknown[]): void;
  info(...values: unknown[]): void;
  warn(...values: unknown[]): void;
  error(...values: unknown[]): void;
  dir(value?: unknown): void;
  /** Prints as `log` does. */
  table(value?: unknown): void;
  trace(...values: unknown[]): void;
  assert(holds?: boolean, ...values: unknown[]): void;
  count(label?: string): void;
  countReset(label?: string): void;
  group(...label: unknown[]): void;
  groupCollapsed(...label: unknown[]): void;
  groupEnd(): void;
  time(label?: string): void;
  timeLog(label?: string, ...values: unknown[]): void;
  timeEnd(label?: string): void;
}
declare var console: Console;

/** In whole milliseconds. */
interface Performance {
  /** When the run began, since the epoch. */
  readonly timeOrigin: number;
  /** Since the run began. */
  now(): number;
  toJSON(): { timeOrigin: number };
}
declare var performance: Performance;
