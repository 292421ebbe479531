import type { Answered } from "../journal/index.ts";
import type { ForwardOutcome, ResponderRun } from "../responders/index.ts";
import type { HookEvent } from "../telemetry/index.ts";

/** What the journal is told of a hit, once there is an answer. */
export type Asked = Pick<
  Answered,
  "responder" | "account" | "hit" | "refusedBytes" | "redact" | "run" | "forwarding"
>;

/** What is learned of a hit on its way, for the one line in the log and for the journal. */
export interface Trace {
  readonly requestId: string;
  readonly receivedAt: number;
  readonly method: string;
  accountId?: string;
  responderId?: string;
  requestBytes?: number;
  responseBytes?: number;
  rejection?: string;
  outcome?: "static" | ResponderRun["outcome"] | ForwardOutcome;
  asked?: Asked;
  /** Gives back the room that the hit's body takes in the isolate: once nothing reads it any more. */
  release?: () => void;
}

const detailOf = (outcome: ResponderRun["outcome"] | ForwardOutcome): string | null => {
  switch (outcome.kind) {
    case "exceeded":
      return outcome.limit;
    case "unusable":
    case "unavailable":
    case "upstream-failed":
      return outcome.reason;
    case "threw":
      return outcome.upstream ?? null;
    case "forwarded":
    case "returned":
      return null;
  }
};

export const hookEvent = (trace: Trace, response: Response, now: number): HookEvent => {
  const ended = trace.outcome === "static" ? undefined : trace.outcome;
  const run = ended === undefined || !("fuel" in ended) ? undefined : ended;
  return {
    kind: "hook",
    requestId: trace.requestId,
    method: trace.method,
    status: response.status,
    durationMs: now - trace.receivedAt,
    requestBytes: trace.requestBytes ?? null,
    responseBytes: trace.responseBytes ?? null,
    accountId: trace.accountId ?? null,
    responderId: trace.responderId ?? null,
    rejection: trace.rejection ?? null,
    outcome: ended?.kind ?? (trace.outcome === "static" ? "static" : null),
    outcomeDetail: ended === undefined ? null : detailOf(ended),
    fuel: run?.fuel ?? null,
    cpuMs: run?.cpuMs ?? null,
    wallMs: run?.wallMs ?? null,
    peakMemoryBytes: run?.peakMemoryBytes ?? null,
    hostCalls: run?.hostCalls ?? null,
    suspensions: run?.suspensions ?? null,
  };
};
