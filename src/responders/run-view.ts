import { figuresOf, NO_FIGURES } from "../runtime/index.ts";
import type { ForwardOutcome } from "./proxy/report.ts";
import type { EgressEntry } from "./egress/log.ts";
import type { Outcome } from "./respond.ts";

/** A run as its owner reads it, everywhere the same. */
export interface RunView {
  readonly outcome: {
    readonly kind: "static" | Outcome["kind"] | ForwardOutcome["kind"];
    readonly limit?: string;
    readonly limitValue?: number;
    readonly reason?: string;
    readonly error?: {
      readonly name: string;
      readonly message: string;
      readonly stack: string;
      /** The library script that `line` and `column` are in; absent for the script itself. */
      readonly file?: string;
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
  /** What the script has sent. */
  readonly egress: readonly EgressEntry[];
}

const STATIC: RunView = { outcome: { kind: "static" }, ...NO_FIGURES, egress: [] };

const endingOf = (outcome: Outcome): RunView["outcome"] => {
  switch (outcome.kind) {
    case "returned":
      return { kind: "returned" };
    case "threw": {
      const { error, upstream } = outcome;
      return upstream === undefined
        ? { kind: "threw", error }
        : { kind: "upstream-failed", reason: upstream, error };
    }
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
export const runView = (outcome: Outcome | null, egress: readonly EgressEntry[] = []): RunView => {
  if (outcome === null) return STATIC;
  return { outcome: endingOf(outcome), ...figuresOf(outcome), egress };
};

/** …of a hit that was forwarded without a script. */
const forwardView = (outcome: ForwardOutcome): RunView => {
  if (outcome.kind === "forwarded") return { ...STATIC, outcome };
  const { kind, reason, message } = outcome;
  const error = { name: "UpstreamError", message, stack: "", line: null, column: null };
  return { ...STATIC, outcome: { kind, reason, error } };
};

/** …of a hit that had one, went to an upstream, or both: of two failures, the one that the sender was told of. */
export const hitView = (
  ran: { readonly outcome: Outcome; readonly egress: readonly EgressEntry[] } | null,
  forwarded: ForwardOutcome | null,
): RunView => {
  if (ran === null) return forwarded === null ? STATIC : forwardView(forwarded);
  const { outcome, egress } = ran;
  const view = runView(outcome, egress);
  const isItsFailure = outcome.kind === "threw" && outcome.upstream !== undefined;
  const hasFailed = forwarded?.kind === "upstream-failed" && (outcome.kind === "returned" || isItsFailure);
  return hasFailed ? { ...view, outcome: forwardView(forwarded).outcome } : view;
};
