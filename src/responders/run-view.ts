import type { Outcome } from "./respond.ts";

/** A run as its owner reads it, everywhere the same. */
export interface RunView {
  readonly outcome: {
    readonly kind: "static" | Outcome["kind"];
    readonly limit?: string;
    readonly limitValue?: number;
    readonly reason?: string;
    readonly error?: {
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      readonly line: number | null;
      readonly column: number | null;
    };
  };
  readonly cpuMs: number;
  readonly fuel: number;
  readonly wallMs: number;
  readonly peakMemoryBytes: number;
  readonly hostCalls: number;
  readonly suspensions: number;
  readonly logs: readonly { readonly at: string; readonly level: string; readonly text: string }[];
  /** Console lines beyond the limits, counted and dropped. */
  readonly logsDropped: number;
  /** What the script fetched; nothing, until scripts can. */
  readonly egress: readonly never[];
}

const STATIC: RunView = {
  outcome: { kind: "static" },
  cpuMs: 0,
  fuel: 0,
  wallMs: 0,
  peakMemoryBytes: 0,
  hostCalls: 0,
  suspensions: 0,
  logs: [],
  logsDropped: 0,
  egress: [],
};

const endingOf = (outcome: Outcome): RunView["outcome"] => {
  switch (outcome.kind) {
    case "returned":
      return { kind: "returned" };
    case "threw":
      return { kind: "threw", error: outcome.error };
    case "exceeded": {
      const { kind, limit, limitValue, error } = outcome;
      return { kind, limit, limitValue, ...(error === undefined ? {} : { error }) };
    }
    case "unusable":
      return { kind: "unusable", reason: outcome.reason, error: outcome.error };
    case "unavailable":
      return { kind: "unavailable", reason: outcome.reason };
  }
};

/** `null` is a static answer. */
export const runView = (outcome: Outcome | null): RunView => {
  if (outcome === null) return STATIC;
  const { cpuMs, fuel, wallMs, peakMemoryBytes, hostCalls, suspensions, logs, logsDropped } = outcome;
  return {
    outcome: endingOf(outcome),
    cpuMs,
    fuel,
    wallMs,
    peakMemoryBytes,
    hostCalls,
    suspensions,
    logs,
    logsDropped,
    egress: [],
  };
};
