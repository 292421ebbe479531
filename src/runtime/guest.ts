import type { AsyncCalls } from "./async-calls.ts";
import { createBorderValues } from "./border-values.ts";
import { createBorder } from "./border.ts";
import type { Capability } from "./capability.ts";
import type { RunClock } from "./clock.ts";
import { coreOps } from "./core-ops.ts";
import { HEAP_START } from "./engine-layout.ts";
import type { Completion, Value } from "./engine.ts";
import { exceededCpu, exceededWall, SANDBOX_FULL } from "./exceeded.ts";
import { fuelForMs, GRACE_FUEL, SETUP_FUEL } from "./fuel.ts";
import { guestError } from "./guest-error.ts";
import { seedRandom } from "./guest-tools.ts";
import { heapTopOf, type RunImage } from "./image.ts";
import { type Evidence, judgeFailure } from "./judge.ts";
import type { Machine, OnRestored, Tenant } from "./machine.ts";
import type { GuestError } from "./outcome.ts";
import { answerOf, type Progress } from "./progress.ts";
import type { RunRequest } from "./run.ts";
import { StopRun } from "./stop-run.ts";
import { describeThrown } from "./thrown.ts";

export interface GuestParts {
  readonly machine: Machine;
  readonly image: RunImage;
  readonly clock: RunClock;
  readonly calls: AsyncCalls;
  readonly progress: Progress;
  /** Everything that this run may ask of the host, besides the ops of every run. */
  readonly capabilities: readonly Capability[];
  /** Take room for bytes of the isolate's memory; `false` when there is too little. */
  readonly keep: (bytes: number) => boolean;
  readonly capture: (bytes: number) => boolean;
  readonly onRestored: OnRestored;
}

/** The inside of a run. Each verb makes the machine's memory this run's first. */
export interface Guest {
  /** Calls the prelude's `start`, under the run's own fuel. */
  readonly begin: () => void;
  /** Runs what can run now: queued jobs, and host calls that have ended. Throws what ends the run. */
  readonly advance: () => void;
  /** The run is over, however it ended. */
  readonly leave: () => void;
  readonly evidence: () => Evidence;
  readonly fuelUsed: () => number;
  /** The highest that its heap has been, in bytes. */
  readonly heapUsed: () => number;
  /** Ends the run when its time is up. */
  readonly checkTime: () => void;
}

/** A text crosses as it is: the driver of its prelude knows how to read it. */
const inputText = (input: unknown): string => (typeof input === "string" ? input : JSON.stringify(input));

export const createGuest = (request: RunRequest, parts: GuestParts): Guest => {
  const { limits, program } = request;
  const { machine, image, clock, calls, progress } = parts;
  const { engine } = machine;
  const { tools, start, settle } = image.base.anchors;
  const expression = program.form === "expression";
  const fuelLimit = fuelForMs(limits.cpuMs);
  let begun = false;
  let interrupted = false;
  /** Units left when the run was stopped: what telling about it takes is not the run's. */
  let fuelAtStop: number | undefined;

  const door: { call?: (argumentCount: number, argumentsAt: number) => Value } = {};
  const tenant: Tenant = {
    account: request.share.account,
    confidential: request.confidential ?? false,
    image,
    hooks: {
      now: clock.now,
      // The prelude's clock begins at 0, so that one in an image is right for every run.
      sinceStart: () => (begun ? clock.elapsed() : 0),
      call: (argumentCount, argumentsAt) => door.call?.(argumentCount, argumentsAt) ?? 0,
      mustStop: () => {
        if (!interrupted && engine.fuel() <= GRACE_FUEL) {
          interrupted = true;
          fuelAtStop ??= engine.fuel();
        }
        return interrupted;
      },
    },
    keep: parts.keep,
    onRestored: parts.onRestored,
    fuel: SETUP_FUEL,
    heapTop: heapTopOf(image),
    kept: undefined,
    refused: undefined,
    lost: false,
  };
  const fuelLeft = (): number => (machine.holds(tenant) ? engine.fuel() : tenant.fuel);
  const evidence = (): Evidence => ({
    limits,
    fuel: fuelLeft(),
    interrupted,
    refused: tenant.refused,
    largestBodyRead: progress.largestBodyRead,
  });
  const spend = (units: number): void => {
    // NaN comes of a length that a spoiled engine tells.
    const left = engine.fuel() - (units > 0 ? units : 0);
    if (left > GRACE_FUEL) {
      engine.setFuel(left);
      return;
    }
    // What is over stays for telling where the run was; it is given once.
    fuelAtStop ??= GRACE_FUEL;
    engine.setFuel(Math.min(engine.fuel(), GRACE_FUEL));
    throw new StopRun(exceededCpu(limits));
  };
  const checkTime = (): void => {
    if (clock.elapsed() >= limits.wallMs) throw new StopRun(exceededWall(limits));
  };

  const values = createBorderValues(engine, tools, spend);
  const core = coreOps(
    {
      limits,
      bodies: request.bodies,
      expression,
      fuelLeft: () => engine.fuel() - GRACE_FUEL,
      cancel: calls.cancel,
      capture: parts.capture,
      judged: (ending) => judgeFailure(ending, evidence()),
      upstreamFault: calls.upstreamFault,
      takeBody: (id) => {
        for (const { takeBody } of parts.capabilities) {
          const body = takeBody?.(id);
          if (body !== undefined) return body;
        }
        return undefined;
      },
    },
    progress,
  );
  const answer = createBorder([{ name: "core", sync: core }, ...parts.capabilities], {
    engine,
    tools,
    values,
    calls,
    spend,
    checkTime,
  });

  const errorOf = (thrown: Value): GuestError =>
    guestError(describeThrown(engine, tools, thrown), expression);
  /** Where the script is that makes a host call: an error made now has its stack. */
  const here = (): GuestError | undefined => {
    const made = engine.call(tools.makeError, [engine.undefined, engine.undefined]);
    return made.ok ? errorOf(made.value) : undefined;
  };
  let ended: StopRun | undefined;
  door.call = (argumentCount, argumentsAt) => {
    // Telling where the run was runs code of the script's, which must not end it in another way.
    if (ended !== undefined) throw ended;
    try {
      return answer(argumentCount, argumentsAt);
    } catch (thrown) {
      if (!(thrown instanceof StopRun) || thrown.ending?.kind !== "exceeded") throw thrown;
      const { ending } = thrown;
      ended = thrown;
      const at = here();
      const error = ending.error ?? at;
      if (at === undefined || error === undefined) throw thrown;
      const { stack, line, column } = at;
      throw new StopRun({ ...ending, error: { ...error, stack, line, column } });
    }
  };
  /** The value, or the end of the run. */
  const unwrap = (completion: Completion): Value => {
    if (completion.ok && !interrupted) return completion.value;
    if (completion.ok) throw new StopRun(exceededCpu(limits));
    throw new StopRun(judgeFailure({ kind: "threw", error: errorOf(completion.error) }, evidence()));
  };
  /**
   * Does something in the run's own memory. What ends the run ends its hold of the machine at once, as the engine was
   * left in the middle of a call; only a run that is over by its own word, with an answer and no failure, is trusted.
   */
  const inside = (work: () => void): void => {
    try {
      machine.enter(tenant);
      if (tenant.lost) throw new StopRun(SANDBOX_FULL);
      work();
    } catch (thrown) {
      const done = thrown instanceof StopRun && thrown.ending === undefined;
      machine.leave(
        tenant,
        done && answerOf(progress)?.kind === "returned" && progress.failure === undefined,
      );
      throw thrown;
    }
  };

  const settleNext = (): boolean => {
    const next = calls.next();
    if (next === undefined) return false;
    checkTime();
    spend(calls.payable());
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
    if (interrupted) throw new StopRun(exceededCpu(limits));
  };

  return {
    begin: () =>
      inside(() => {
        seedRandom(engine, tools, request.seed);
        engine.setFuel(fuelLimit + GRACE_FUEL);
        begun = true;
        const main = image.script?.main;
        const input = values.toGuest(inputText(request.input));
        engine.free(unwrap(engine.call(start, main === undefined ? [input] : [input, main])));
      }),
    advance: () =>
      inside(() => {
        runJobs();
        while (settleNext()) runJobs();
      }),
    leave: () => machine.leave(tenant, false),
    evidence,
    fuelUsed: () => (begun ? fuelLimit + GRACE_FUEL - Math.max(0, fuelAtStop ?? fuelLeft()) : 0),
    heapUsed: () => (machine.holds(tenant) ? engine.heapTop() : tenant.heapTop) - HEAP_START,
    checkTime,
  };
};
