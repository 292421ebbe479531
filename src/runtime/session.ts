import { createAsyncCalls } from "./async-calls.ts";
import type { Place } from "./admission.ts";
import type { BaseImages } from "./base-images.ts";
import { createConsole } from "./capabilities/console.ts";
import { startClock } from "./clock.ts";
import { compileProgram } from "./compile-program.ts";
import { FUEL_PER_MS } from "./fuel.ts";
import { createGuest, type Guest } from "./guest.ts";
import type { RunImage } from "./image.ts";
import { judgeFailure, judgeStop } from "./judge.ts";
import type { Machine, OnRestored } from "./machine.ts";
import { type Ending, NO_FIGURES, type Outcome, type RunFigures } from "./outcome.ts";
import { answerOf, endingOf, newProgress } from "./progress.ts";
import type { RunRequest } from "./run.ts";
import type { ScriptImages } from "./script-images.ts";
import { StopRun } from "./stop-run.ts";

export interface SessionDeps {
  readonly machine: Machine;
  readonly baseImages: BaseImages;
  readonly scriptImages: ScriptImages;
  readonly place: Place;
  readonly now: () => number;
  readonly onFault: (error: unknown) => void;
  readonly onRestored: OnRestored;
  /** Called once, as soon as the sender can be told something while the run goes on. */
  readonly answered: (outcome: Outcome) => void;
  /** Told of CPU that was used for the account and is not the run's own. */
  readonly charge: (cpuMs: number) => void;
}

/**
 * What a sleeper's account is charged for its pages: out and in again, 10 MB take about 8 ms. Not the run's own fuel, as it
 * depends on who else is there; but a crowd of large sleepers that wake each other must not be free.
 */
const SWAPPED_BYTES_PER_MS = 1_250_000;

/** How a run ended that was not begun, as an outcome without figures. */
export const withoutFigures = (ending: Ending): Outcome => ({ ...ending, ...NO_FIGURES });

type Prepared = { readonly image: RunImage } | { readonly failed: Outcome };

/** The image that the run begins from, made now if it has to be. */
const prepare = (request: RunRequest, deps: SessionDeps): Prepared => {
  const { program, prelude, share } = request;
  const base = deps.baseImages.of(deps.machine, prelude);
  if (program.form === "none") return { image: { base, script: undefined } };
  const found = deps.scriptImages.find(share.account, base, program);
  if (found !== undefined) return { image: { base, script: found } };
  const compiled = compileProgram(deps.machine, base, request);
  const cpuMs = compiled.fuel / FUEL_PER_MS;
  // What a compilation that failed has taken is in the outcome.
  if (!compiled.ok) return { failed: { ...withoutFigures(compiled.ending), fuel: compiled.fuel, cpuMs } };
  deps.charge(cpuMs);
  deps.scriptImages.keep(share.account, base, program, compiled.script);
  return { image: { base, script: compiled.script } };
};

/** An isolate that has no room for an image is full; anything else is a fault. */
const prepareOrFail = (request: RunRequest, deps: SessionDeps): Prepared => {
  try {
    return prepare(request, deps);
  } catch (thrown) {
    if (thrown instanceof StopRun && thrown.ending !== undefined)
      return { failed: withoutFigures(thrown.ending) };
    throw thrown;
  }
};

/**
 * One run, from its image to the last host call. Rejects only for faults of the host. All of it happens in the request
 * that asked: host calls belong to it, and so do their endings; while it waits, others use the machine.
 */
export const runSession = async (request: RunRequest, deps: SessionDeps): Promise<Outcome> => {
  const { limits } = request;
  const prepared = prepareOrFail(request, deps);
  if ("failed" in prepared) return prepared.failed;
  const clock = startClock(deps.now);
  const progress = newProgress();
  const { capture } = deps.place;
  const log = createConsole(limits, deps.now, capture);
  const calls = createAsyncCalls({ limits, onFault: deps.onFault, capture });
  const endings: (() => void)[] = [];
  const loan = {
    capture,
    owe: calls.owe,
    stopClock: clock.stop,
    hasAnswered: () => answerOf(progress) !== undefined,
    whenOver: (end: () => void) => void endings.push(end),
  };
  for (const { attach } of request.grants) attach?.(loan);
  let suspensions = 0;

  const figures = (guest: Guest): RunFigures => ({
    cpuMs: guest.fuelUsed() / FUEL_PER_MS,
    fuel: guest.fuelUsed(),
    wallMs: clock.elapsed(),
    peakMemoryBytes: guest.heapUsed(),
    hostCalls: calls.total(),
    suspensions,
    logs: [...log.lines()],
    logsDropped: log.dropped(),
  });

  let told = false;
  /** What came first is what the sender is told, however the run goes on. */
  const tell = (guest: Guest): void => {
    const early = answerOf(progress);
    if (early === undefined || told) return;
    told = true;
    deps.answered({ ...early, ...figures(guest) });
  };

  /** Until nothing is left that could go on by itself. */
  const drive = async (guest: Guest): Promise<void> => {
    guest.begin();
    for (;;) {
      guest.advance();
      if (calls.inFlight() === 0) return;
      tell(guest);
      guest.checkTime();
      suspensions += 1;
      // What ends while the clock is stopped sets it going again, and wakes.
      await calls.wait(clock.isStopped() ? Number.POSITIVE_INFINITY : limits.wallMs - clock.elapsed());
      guest.checkTime();
    }
  };

  const guest = createGuest(request, {
    machine: deps.machine,
    image: prepared.image,
    clock,
    calls,
    progress,
    capabilities: [log.capability, ...request.grants],
    keep: (bytes) => {
      deps.charge(bytes / SWAPPED_BYTES_PER_MS);
      return deps.place.keep(bytes);
    },
    capture,
    onRestored: deps.onRestored,
  });
  try {
    let done = false;
    try {
      await drive(guest);
    } catch (thrown) {
      const stopped = judgeStop(thrown, guest.evidence());
      done = stopped === undefined;
      progress.failure ??= stopped;
    }
    const ending = judgeFailure(endingOf(progress, done), guest.evidence());
    if (ending.kind !== "returned" && progress.answer !== undefined) tell(guest);
    return { ...ending, ...figures(guest) };
  } finally {
    guest.leave();
    calls.stop();
    for (const end of endings) end();
  }
};
