import type { UpstreamFault } from "./capability.ts";
import type { LimitName } from "./limits.ts";

export interface GuestError {
  readonly name: string;
  readonly message: string;
  /** Lines of `at NAME (FILE:LINE:COLUMN)`; FILE is the program's name, or a source's that the program was made of. */
  readonly stack: string;
  /** The source in which `line` and `column` are, where it is not the program's own. */
  readonly file?: string;
  readonly line: number | null;
  readonly column: number | null;
}

export interface LogLine {
  /** RFC 3339 with milliseconds. */
  readonly at: string;
  readonly level: "debug" | "log" | "info" | "warn" | "error";
  readonly text: string;
}

/**
 * What the guest answered, unchecked: `head` is JSON of its making, `body` bytes, one of the run's own inputs by place, or
 * what the run was sent and has not read, which its receiver reads or cancels.
 */
export interface GuestAnswer {
  readonly head: unknown;
  readonly body:
    | Uint8Array<ArrayBuffer>
    | { readonly input: number }
    | { readonly stream: ReadableStream<Uint8Array> }
    | null;
}

export type UnusableReason = "never-settled" | "not-json" | "too-deep" | "bad-result";

export type Ending =
  | { readonly kind: "returned"; readonly answer: GuestAnswer }
  /** `upstream`: the error is the very one that the host made of another server's failure. */
  | { readonly kind: "threw"; readonly error: GuestError; readonly upstream?: UpstreamFault }
  | {
      readonly kind: "exceeded";
      readonly limit: LimitName;
      readonly limitValue: number;
      readonly error?: GuestError;
    }
  | { readonly kind: "unusable"; readonly reason: UnusableReason; readonly error: GuestError }
  /** `share`: the caller's own share is in use (429). `full`: the sandbox is (503). */
  | { readonly kind: "unavailable"; readonly reason: "share" | "full"; readonly retryAfterSeconds: number };

/** The figures of a run, always there. */
export interface RunFigures {
  /** Fuel divided by `FUEL_PER_MS`: time on a reference machine, the same on every repeat. */
  readonly cpuMs: number;
  readonly fuel: number;
  readonly wallMs: number;
  readonly peakMemoryBytes: number;
  readonly hostCalls: number;
  readonly suspensions: number;
  readonly logs: readonly LogLine[];
  /** Console lines beyond the limits, counted and dropped. */
  readonly logsDropped: number;
}

export type Outcome = Ending & RunFigures;

/** Of what was never run. */
export const NO_FIGURES: RunFigures = {
  cpuMs: 0,
  fuel: 0,
  wallMs: 0,
  peakMemoryBytes: 0,
  hostCalls: 0,
  suspensions: 0,
  logs: [],
  logsDropped: 0,
};

/** The figures of an outcome, for another that takes its place. */
export const figuresOf = (outcome: Outcome): RunFigures => {
  const { cpuMs, fuel, wallMs, peakMemoryBytes, hostCalls, suspensions, logs, logsDropped } = outcome;
  return { cpuMs, fuel, wallMs, peakMemoryBytes, hostCalls, suspensions, logs, logsDropped };
};
