import { type Admissions, createAdmissions, type Place } from "./admission.ts";
import { type Claim, createBudget, ISOLATE_RULES } from "./budget.ts";
import { INITIAL_BYTES } from "./engine-memory.ts";
import type { Outcome } from "./outcome.ts";
import { createPreludeImages } from "./prelude-images.ts";
import type { Run, RunRequest } from "./run.ts";
import { runSession, withoutFigures } from "./session.ts";
import { StopRun } from "./stop-run.ts";

export interface RuntimeDeps {
  /** `build/engine.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A bug of the host, or of a host call, that no outcome may show: for the operator's log. */
  readonly onFault?: (error: unknown) => void;
}

export interface Runtime {
  /** Begins a run, or queues it. Never throws; neither promise rejects. */
  readonly run: (request: RunRequest) => Run;
}

/** Beyond its wall time a run needs what its last stretch of CPU may take; then its place is free, come what may. */
const LEASE_MARGIN_MS = 15_000;

const FULL = { kind: "unavailable", reason: "full", retryAfterSeconds: 1 } as const;

const claimOf = ({ share, limits }: RunRequest): Claim => ({
  share,
  bytes: INITIAL_BYTES,
  leaseMs: limits.wallMs + LEASE_MARGIN_MS,
});

export const createRuntime = (deps: RuntimeDeps): Runtime => {
  const onFault = deps.onFault ?? (() => undefined);
  const images = createPreludeImages();
  const admissions: Admissions = createAdmissions(createBudget(ISOLATE_RULES), deps.now);

  const runAt = async (place: Place, request: RunRequest, answered: (outcome: Outcome) => void) => {
    let outcome = withoutFigures(FULL);
    try {
      outcome = await runSession(request, {
        module: deps.module,
        images,
        now: deps.now,
        mayGrow: (bytes) => {
          if (!place.grow(bytes)) throw new StopRun(FULL);
        },
        onFault,
        answered,
      });
    } catch (error) {
      onFault(error);
    } finally {
      place.leave(outcome.cpuMs);
    }
    return outcome;
  };

  const begin = async (request: RunRequest, answered: (outcome: Outcome) => void): Promise<Outcome> => {
    const admission = await admissions.enter(claimOf(request));
    if (admission.kind === "place") return runAt(admission.place, request, answered);
    const { reason, retryAfterSeconds } = admission;
    return withoutFigures({ kind: "unavailable", reason, retryAfterSeconds });
  };

  return {
    run: (request) => {
      const answer = Promise.withResolvers<Outcome>();
      const end = begin(request, answer.resolve);
      void end.then(answer.resolve);
      return { answer: answer.promise, end };
    },
  };
};
