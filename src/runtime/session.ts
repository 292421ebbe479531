import { createAsyncCalls } from "./async-calls.ts";
import { createBorderValues } from "./border-values.ts";
import { createBorder } from "./border.ts";
import { createConsole } from "./capabilities/console.ts";
import { coreOps } from "./core-ops.ts";
import { createMemory } from "./engine-memory.ts";
import { type Completion, createEngine, type Value } from "./engine.ts";
import { exceededCpu, exceededWall } from "./exceeded.ts";
import { fuelForMs, FUEL_PER_MS, SETUP_FUEL } from "./fuel.ts";
import { compileError, EXPRESSION_PREFIX, guestError, PROGRAM_FILE, readToldError } from "./guest-error.ts";
import { installTools } from "./guest-tools.ts";
import { judgeFailure, judgeStop } from "./judge.ts";
import type { Ending, GuestError, Outcome, RunFigures } from "./outcome.ts";
import { answerOf, endingOf, newProgress } from "./progress.ts";
import type { RunRequest } from "./run.ts";
import { EngineFault, StopRun } from "./stop-run.ts";

export interface SessionDeps {
  readonly module: WebAssembly.Module;
  readonly now: () => number;
  /** Asked before the memory grows by so many bytes; throws to end the run. */
  readonly mayGrow: (bytes: number) => void;
  readonly onFault: (error: unknown) => void;
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/**
 * One run on an instance and memory of its own, from the prelude to the last host call. `answered` is called as soon
 * as there is an answer and the guest waits for something else; the result is how the run ended. Nothing is disposed
 * of: the instance is dropped whole, since freeing what an out-of-memory left behind aborts the engine.
 */
export const runSession = async (
  request: RunRequest,
  deps: SessionDeps,
  answered: (outcome: Outcome) => void,
): Promise<Outcome> => {
  const { limits, program } = request;
  const expression = program.form === "expression";
  const begun = deps.now();
  const wallMs = () => Math.max(0, Math.floor(deps.now() - begun));
  const progress = newProgress();
  const console_ = createConsole(limits, deps.now);
  const calls = createAsyncCalls(limits, deps.onFault);
  const memory = createMemory(limits.heapMb, deps.mayGrow);
  const fuelLimit = fuelForMs(limits.cpuMs);
  let suspensions = 0;
  let metered = false;

  let hostCall = (_count: number, _at: number): Value => {
    throw new EngineFault("a host call before there is a door");
  };
  const engine = createEngine(
    deps.module,
    memory,
    {
      now: () => Math.floor(deps.now()),
      sinceStart: wallMs,
      call: (count, at) => hostCall(count, at),
    },
    SETUP_FUEL,
  );

  const evidence = () => ({
    limits,
    fuel: metered ? engine.fuel() : 0,
    growthRefused: memory.refused(),
    largestBodyRead: progress.largestBodyRead,
  });
  const spend = (units: number): void => {
    const left = engine.fuel() - units;
    engine.setFuel(Math.max(left, -1));
    if (left < 0) throw new StopRun(exceededCpu(limits));
  };
  const checkTime = (): void => {
    if (wallMs() >= limits.wallMs) throw new StopRun(exceededWall(limits));
  };
  const figures = (): RunFigures => {
    const fuel = metered ? fuelLimit - Math.max(0, engine.fuel()) : 0;
    return {
      cpuMs: fuel / FUEL_PER_MS,
      fuel,
      wallMs: wallMs(),
      peakMemoryBytes: engine.heapUsed(),
      hostCalls: calls.total(),
      suspensions,
      logs: [...console_.lines()],
      logsDropped: console_.dropped(),
    };
  };

  const tools = installTools(engine, request.seed);
  const values = createBorderValues(engine, tools, spend);
  const core = coreOps(
    {
      limits,
      bodies: request.bodies,
      expression,
      fuelLeft: engine.fuel,
      cancel: calls.cancel,
      judged: (ending) => judgeFailure(ending, evidence()),
    },
    progress,
  );
  hostCall = createBorder([console_.capability, ...request.grants], core, {
    engine,
    tools,
    values,
    calls,
    spend,
    checkTime,
  });

  const errorOf = (thrown: Value, shape: typeof guestError): GuestError => {
    const described = engine.call(tools.describe, [thrown]);
    const json = described.ok ? values.textFrom(described.value) : "";
    return shape(readToldError(parse(json)), expression);
  };
  /** The value, or the end of the run as `threw`. */
  const unwrap = (completion: Completion, shape = guestError): Value => {
    if (completion.ok) return completion.value;
    throw new StopRun(judgeFailure({ kind: "threw", error: errorOf(completion.error, shape) }, evidence()));
  };

  const loadPrelude = () => {
    const loaded = engine.evaluate(request.prelude.source, request.prelude.name, "script");
    if (!loaded.ok) {
      const { name, message, stack } = errorOf(loaded.error, guestError);
      throw new Error(`the prelude ${request.prelude.name} failed: ${name}: ${message} ${stack}`);
    }
    return {
      start: engine.property(loaded.value, "start"),
      settle: engine.property(loaded.value, "settle"),
    };
  };

  const loadProgram = (): Value | undefined => {
    switch (program.form) {
      case "none":
        return undefined;
      case "module":
        engine.free(unwrap(engine.evaluate(program.code, PROGRAM_FILE, "module"), compileError));
        return undefined;
      case "expression":
        return unwrap(
          engine.evaluate(`${EXPRESSION_PREFIX}${program.code}\n)`, PROGRAM_FILE, "script"),
          compileError,
        );
      default:
        return program.form satisfies never;
    }
  };

  /** Runs what the guest can run now, settled host calls included. */
  const advance = (settle: Value): void => {
    for (;;) {
      const failed = engine.runJobs();
      if (failed !== undefined) unwrap(failed);
      const next = calls.next();
      if (next === undefined) return;
      checkTime();
      const id = engine.newNumber(next.id);
      const value = values.toGuest(next.value);
      engine.free(unwrap(engine.call(settle, [id, next.ok ? engine.true : engine.false, value])));
      engine.free(id);
      engine.free(value);
    }
  };

  const drive = async (): Promise<void> => {
    const { start, settle } = loadPrelude();
    engine.setFuel(fuelLimit);
    metered = true;
    const main = loadProgram();
    const input = values.toGuest(JSON.stringify(request.input));
    engine.free(unwrap(engine.call(start, main === undefined ? [input] : [input, main])));
    let told = false;
    for (;;) {
      advance(settle);
      if (calls.inFlight() === 0) return;
      const early = answerOf(progress);
      if (early !== undefined && !told) {
        told = true;
        answered({ ...early, ...figures() });
      }
      checkTime();
      suspensions += 1;
      await calls.wait(limits.wallMs - wallMs());
      checkTime();
    }
  };

  let done = false;
  try {
    await drive();
  } catch (thrown) {
    // Before the user's code nothing but the host itself can be at fault.
    if (!metered && !(thrown instanceof StopRun)) throw thrown;
    const ending: Ending | undefined = judgeStop(thrown, evidence());
    done = ending === undefined;
    progress.failure ??= ending;
  } finally {
    calls.stop();
  }
  return { ...endingOf(progress, done), ...figures() };
};
