import type { AsyncCalls } from "./async-calls.ts";
import { createBorderValues } from "./border-values.ts";
import { createBorder } from "./border.ts";
import type { Capability } from "./capability.ts";
import type { RunClock } from "./clock.ts";
import { coreOps } from "./core-ops.ts";
import type { EngineMemory } from "./engine-memory.ts";
import { type Completion, createEngine, type Value } from "./engine.ts";
import { exceededCpu, exceededWall } from "./exceeded.ts";
import { fuelForMs, SETUP_FUEL } from "./fuel.ts";
import { compileError, EXPRESSION_PREFIX, guestError, PROGRAM_FILE, readToldError } from "./guest-error.ts";
import { installTools, seedRandom } from "./guest-tools.ts";
import { type Evidence, judgeFailure } from "./judge.ts";
import { takeImage } from "./memory-image.ts";
import type { GuestError } from "./outcome.ts";
import type { PreludeAnchors, PreludeImages } from "./prelude-images.ts";
import type { Progress } from "./progress.ts";
import type { Program, RunRequest } from "./run.ts";
import { StopRun } from "./stop-run.ts";

export interface GuestParts {
  readonly module: WebAssembly.Module;
  readonly memory: EngineMemory;
  readonly images: PreludeImages;
  readonly clock: RunClock;
  readonly calls: AsyncCalls;
  readonly progress: Progress;
  /** Everything that this run may ask of the host, besides the ops of every run. */
  readonly capabilities: readonly Capability[];
}

/** The inside of a run: an instance with the prelude loaded, and the user's code once it has begun. */
export interface Guest {
  /** Compiles the program and calls the prelude's `start`; from here on the run's own fuel is used. */
  readonly begin: () => void;
  /** Runs what can run now: queued jobs, and host calls that have ended. Throws what ends the run. */
  readonly advance: () => void;
  readonly evidence: () => Evidence;
  readonly fuelUsed: () => number;
  readonly heapUsed: () => number;
  /** Ends the run when its time is up. */
  readonly checkTime: () => void;
}

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
};

/** A text crosses as it is: the driver of its prelude knows how to read it. */
const inputText = (input: unknown): string => (typeof input === "string" ? input : JSON.stringify(input));

const sourceOf = (program: Program): string =>
  program.form === "expression" ? `${EXPRESSION_PREFIX}${program.code}\n)` : program.code;

export const createGuest = (request: RunRequest, parts: GuestParts): Guest => {
  const { limits, program, prelude } = request;
  const { memory, clock, calls, progress } = parts;
  const expression = program.form === "expression";
  const fuelLimit = fuelForMs(limits.cpuMs);
  const image = parts.images.of(prelude);
  let begun = false;

  const door: { call?: (argumentCount: number, argumentsAt: number) => Value } = {};
  const engine = createEngine(
    parts.module,
    memory,
    {
      now: clock.now,
      // The prelude's clock begins at 0, so that one in an image is right for every run.
      sinceStart: () => (begun ? clock.elapsed() : 0),
      call: (argumentCount, argumentsAt) => door.call?.(argumentCount, argumentsAt) ?? 0,
    },
    SETUP_FUEL,
    image,
  );
  const evidence = (): Evidence => ({
    limits,
    fuel: engine.fuel(),
    growthRefused: memory.refused(),
    largestBodyRead: progress.largestBodyRead,
  });
  const spend = (units: number): void => {
    // NaN comes of a length that a spoiled engine tells.
    const left = engine.fuel() - (units > 0 ? units : 0);
    engine.setFuel(Math.max(left, -1));
    if (left < 0) throw new StopRun(exceededCpu(limits));
  };
  const checkTime = (): void => {
    if (clock.elapsed() >= limits.wallMs) throw new StopRun(exceededWall(limits));
  };

  const tools = image?.anchors.tools ?? installTools(engine);
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
  door.call = createBorder(parts.capabilities, core, { engine, tools, values, calls, spend, checkTime });

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

  const loadPrelude = (): PreludeAnchors => {
    const loaded = engine.evaluate(prelude.source, prelude.name, "script");
    if (!loaded.ok) {
      const { name, message } = errorOf(loaded.error, guestError);
      throw new Error(`the prelude ${prelude.name} failed: ${name}: ${message}`);
    }
    const start = engine.property(loaded.value, "start");
    const settle = engine.property(loaded.value, "settle");
    const anchors = { ...engine.anchors, tools, start, settle };
    parts.images.keep(prelude, takeImage(memory, anchors));
    return anchors;
  };
  const { start, settle } = image?.anchors ?? loadPrelude();
  seedRandom(engine, tools, request.seed);

  /** An expression's function, which `start` is given; a module is only registered, under its file's name. */
  const compile = (): Value[] => {
    if (program.form === "none") return [];
    const kind = expression ? "script" : "module";
    const compiled = unwrap(engine.evaluate(sourceOf(program), PROGRAM_FILE, kind), compileError);
    if (expression) return [compiled];
    engine.free(compiled);
    return [];
  };
  const settleNext = (): boolean => {
    const next = calls.next();
    if (next === undefined) return false;
    checkTime();
    const id = engine.newNumber(next.id);
    const value = values.toGuest(next.value);
    engine.free(unwrap(engine.call(settle, [id, next.ok ? engine.true : engine.false, value])));
    engine.free(id);
    engine.free(value);
    return true;
  };
  const runJobs = (): void => {
    const failed = engine.runJobs();
    if (failed !== undefined) unwrap(failed);
  };

  return {
    begin: () => {
      engine.setFuel(fuelLimit);
      begun = true;
      const main = compile();
      const input = values.toGuest(inputText(request.input));
      engine.free(unwrap(engine.call(start, [input, ...main])));
    },
    advance: () => {
      runJobs();
      while (settleNext()) runJobs();
    },
    evidence,
    fuelUsed: () => (begun ? fuelLimit - Math.max(0, engine.fuel()) : 0),
    heapUsed: engine.heapUsed,
    checkTime,
  };
};
