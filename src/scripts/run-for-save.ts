import { AppError } from "../lib/errors.ts";
import type { Limits, Outcome, Run, RunRequest } from "../runtime/index.ts";

export interface CompileDeps {
  readonly run: (request: RunRequest) => Run;
}

const LIMITS: Omit<Limits, "heapMb" | "cpuMs"> = {
  wallMs: 30_000,
  hostCalls: 0,
  hostCallsInFlight: 0,
  timers: 0,
  answerBodyBytes: 0,
  answerHeadBytes: 8 * 1024 * 1024,
  logBytes: 0,
  logLines: 0,
};

export const TOO_LARGE =
  "The script is too large or too deeply nested to be compiled: make it shorter, put long data into one string, " +
  "or move inner parts into functions of their own";

type SaveRun = Pick<RunRequest, "prelude" | "program" | "input" | "share"> & Pick<Limits, "heapMb" | "cpuMs">;

/** A run without powers that a save takes. Throws `AppError` when there is no room for it. */
export const runForSave = async (
  { run }: CompileDeps,
  { heapMb, cpuMs, ...request }: SaveRun,
): Promise<Outcome> => {
  const outcome = await run({
    ...request,
    bodies: [],
    grants: [],
    limits: { ...LIMITS, heapMb, cpuMs },
    seed: new Uint8Array(16),
  }).end;
  if (outcome.kind !== "unavailable") return outcome;
  // Not `over-limit`, for which waiting would not help: shares come free again.
  throw new AppError("unavailable", "No room to compile the script now: try again", {
    retryAfterSeconds: outcome.retryAfterSeconds,
  });
};
