import { createAsyncCalls } from "./async-calls.ts";
import { createConsole } from "./capabilities/console.ts";
import { startClock } from "./clock.ts";
import { createMemory } from "./engine-memory.ts";
import { FUEL_PER_MS } from "./fuel.ts";
import { createGuest, type Guest } from "./guest.ts";
import { judgeFailure, judgeStop } from "./judge.ts";
import { type Ending, NO_FIGURES, type Outcome, type RunFigures } from "./outcome.ts";
import type { PreludeImages } from "./prelude-images.ts";
import { answerOf, endingOf, newProgress } from "./progress.ts";
import type { RunRequest } from "./run.ts";
import { StopRun } from "./stop-run.ts";

export interface SessionDeps {
  readonly module: WebAssembly.Module;
  readonly images: PreludeImages;
  readonly now: () => number;
  /** Asked before the memory grows by so many bytes; throws to end the run. */
  readonly mayGrow: (bytes: number) => void;
  readonly onFault: (error: unknown) => void;
  /** Called once, as soon as the sender can be told something while the run goes on. */
  readonly answered: (outcome: Outcome) => void;
}

/** How a run ended that was not begun, as an outcome without figures. */
export const withoutFigures = (ending: Ending): Outcome => ({ ...ending, ...NO_FIGURES });

/**
 * One run on an instance and memory of its own, from the prelude to the last host call. Rejects only for faults of
 * the host. Nothing is disposed of: the instance is dropped whole, since freeing what an out-of-memory left behind
 * aborts the engine. All of it happens in the request that asked: host calls belong to it, and so do their endings.
 */
export const runSession = async (request: RunRequest, deps: SessionDeps): Promise<Outcome> => {
  const { limits } = request;
  const clock = startClock(deps.now);
  const progress = newProgress();
  const log = createConsole(limits, deps.now);
  const calls = createAsyncCalls(limits, deps.onFault);
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
      await calls.wait(limits.wallMs - clock.elapsed());
      guest.checkTime();
    }
  };

  try {
    const guest = createGuest(request, {
      module: deps.module,
      memory: createMemory(limits.heapMb, deps.mayGrow),
      images: deps.images,
      clock,
      calls,
      progress,
      capabilities: [log.capability, ...request.grants],
    });
    let done = false;
    try {
      await drive(guest);
    } catch (thrown) {
      const ending = judgeStop(thrown, guest.evidence());
      done = ending === undefined;
      progress.failure ??= ending;
    }
    const ending = judgeFailure(endingOf(progress, done), guest.evidence());
    if (ending.kind !== "returned" && progress.answer !== undefined) tell(guest);
    return { ...ending, ...figures(guest) };
  } catch (thrown) {
    // Growth refused during the set-up is the isolate's fullness, not a fault.
    if (thrown instanceof StopRun && thrown.ending !== undefined) return withoutFigures(thrown.ending);
    throw thrown;
  } finally {
    calls.stop();
  }
};
