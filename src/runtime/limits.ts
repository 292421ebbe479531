/** The two heap classes that an engine is made in (docs/adr): what the guest may allocate, in MB. */
export type HeapClass = 10 | 32;

/** What one run may use. Sizes in bytes, times in milliseconds. */
export interface Limits {
  readonly heapMb: HeapClass;
  /** CPU, counted as fuel: see `FUEL_PER_MS`. */
  readonly cpuMs: number;
  readonly wallMs: number;
  /** Host calls that take time (timers, crypto, …) over the whole run, and at one moment. */
  readonly hostCalls: number;
  readonly hostCallsInFlight: number;
  readonly timers: number;
  /** The answer: its body, and everything else of it. */
  readonly answerBodyBytes: number;
  readonly answerHeadBytes: number;
  readonly logBytes: number;
  readonly logLines: number;
}

/** Who a run is charged to. Opaque here: only equality counts. */
export interface Share {
  readonly account: string;
  readonly unit: string;
  readonly runsPerAccount: number;
  readonly runsPerUnit: number;
  /** Refill of the account's CPU bucket: ms per 10 s; `null` is none. */
  readonly cpuMsPer10s: number | null;
}

export type LimitName = "cpu" | "memory" | "stack" | "wall" | "calls" | "output";
