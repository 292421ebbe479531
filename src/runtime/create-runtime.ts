import { createAdmissions, type Place } from "./admission.ts";
import { createBaseImages } from "./base-images.ts";
import { type Claim, ISOLATE_RULES } from "./budget-rules.ts";
import { createBudget } from "./budget.ts";
import { SANDBOX_FULL } from "./exceeded.ts";
import { createMachines } from "./machines.ts";
import type { OnRestored } from "./machine.ts";
import type { Outcome } from "./outcome.ts";
import type { Share } from "./limits.ts";
import type { Run, RunRequest } from "./run.ts";
import { createScriptImages, SCRIPT_IMAGES_RULES } from "./script-images.ts";
import { runSession, withoutFigures } from "./session.ts";

export interface RuntimeDeps {
  /** `build/engine.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** A bug of the host, or of a host call, that no outcome may show: for the operator's log. */
  readonly onFault?: (error: unknown) => void;
  /** For tests: the whole linear memory as a run is about to find it. `short` trusts the account's last run. */
  readonly onRestored?: OnRestored;
}

/** What an isolate's sandbox holds now, in bytes and counts, and what it has done since it began. */
export interface RuntimeStats {
  readonly instances: number;
  readonly instanceBytes: number;
  readonly imageBytes: number;
  readonly scriptImages: number;
  /** Blocks of runs that sleep. */
  readonly keptBytes: number;
  readonly capturedBytes: number;
  readonly runs: number;
  readonly waiting: number;
  readonly restores: { readonly short: number; readonly full: number };
  readonly swaps: number;
}

export interface Runtime {
  /** Begins a run, or queues it. Never throws; neither promise rejects. */
  readonly run: (request: RunRequest) => Run;
  /** Room for what is held of an account's traffic before and beside its runs, such as a request's body. */
  readonly reserve: (share: Share) => Reserve;
  readonly stats: () => RuntimeStats;
}

/** One request's part of the isolate's memory. What is not released ends by itself after some minutes. */
export interface Reserve {
  /** So many bytes more; `false`, and nothing changes, when there is no room for them. */
  readonly take: (bytes: number) => boolean;
  readonly release: () => void;
}

/** Beyond its wall time a run needs what its last stretch of CPU may take; then its place is free, come what may. */
const LEASE_MARGIN_MS = 15_000;

const leaseMs = ({ limits, pauseMs = 0 }: RunRequest): number => limits.wallMs + pauseMs + LEASE_MARGIN_MS;

const claimOf = (request: RunRequest): Claim => ({ share: request.share, leaseMs: leaseMs(request) });

export const createRuntime = (deps: RuntimeDeps): Runtime => {
  const { module, now, onFault = () => undefined, onRestored = () => undefined } = deps;
  const baseImages = createBaseImages();
  const scriptImages = createScriptImages(SCRIPT_IMAGES_RULES);
  const imageBytes = (): number => baseImages.byteLength() + scriptImages.byteLength();
  const budget = createBudget(ISOLATE_RULES, {
    heldByAll: () => machines.byteLength() + baseImages.byteLength(),
    spare: scriptImages.byteLength,
    dropSpare: scriptImages.clear,
  });
  const machines = createMachines({ module, now, hasRoom: budget.hasRoom });
  const admissions = createAdmissions(budget, now);

  let reserves = 0;

  const runAt = async (place: Place, request: RunRequest, answered: (outcome: Outcome) => void) => {
    let outcome = withoutFigures(SANDBOX_FULL);
    let chargedMs = 0;
    const charge = (cpuMs: number): void => {
      chargedMs += cpuMs;
    };
    try {
      const { machine, leave } = machines.hire(request.limits.heapMb, now() + leaseMs(request));
      const parts = { machine, baseImages, scriptImages, place, now, onFault, onRestored, answered, charge };
      outcome = await runSession(request, parts).finally(leave);
    } catch (error) {
      onFault(error);
    } finally {
      place.leave(chargedMs + outcome.cpuMs);
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
    reserve: (share) => {
      const id = (reserves += 1);
      return {
        take: (bytes) => budget.reserve(id, share, bytes, now()),
        release: () => budget.release(id),
      };
    },
    stats: () => {
      const { instances, restores, swaps } = machines.figures();
      const { running, waiting, keptBytes, capturedBytes } = budget.counts();
      return {
        instances,
        instanceBytes: machines.byteLength(),
        imageBytes: imageBytes(),
        scriptImages: scriptImages.count(),
        keptBytes,
        capturedBytes,
        runs: running,
        waiting,
        restores,
        swaps,
      };
    },
  };
};
