import { Buffer } from "node:buffer";
import { expect } from "vitest";
import type { HeapClass, Limits, Outcome, Runtime } from "../../src/runtime/index.ts";
import type { Sandbox } from "./sandbox.ts";
import { spray } from "./spray.ts";
import { CANARY, createWatch, type Watch } from "./watch.ts";
import { workerSandbox } from "./worker-engine.ts";

/**
 * One hostile script. `code` is the body of an async function that is the whole script (or a module, with its own
 * `export`); `ends` begins the way `toldEnd` tells its ending: "returned 5", "threw TypeError", "exceeded cpu".
 */
export type Attack = readonly [name: string, code: string, ends: string, limits?: Partial<Limits>];

/** How scripts are run here: on the test's own prelude, or on the product's. */
export interface Stage {
  readonly run: (
    runtime: Runtime,
    code: string,
    account: string,
    limits: Partial<Limits>,
  ) => Promise<Outcome>;
  /** A script that begins with these statements and then is the code: the body of an async function, or a whole module. */
  readonly script: (first: string, code: string) => string;
  /** What the script answered, as text. */
  readonly answered: (outcome: Outcome & { readonly kind: "returned" }) => string;
  /** Answers with what it finds of its world, so that it tells of any difference. */
  readonly witness: string;
}

export interface Room {
  readonly sandbox: Sandbox;
  readonly watch: Watch;
  /** Runs the attack twice, and after each proves that the next run has nothing of it. Gives the first one's outcome. */
  readonly prove: (attack: Attack) => Promise<Outcome>;
  /** The next run, of this account, finds and answers what the first run of a new runtime does. */
  readonly expectClean: (account: string) => Promise<void>;
  readonly run: (code: string, account: string, limits?: Partial<Limits>) => Promise<Outcome>;
}

export const toldEnd = (stage: Stage, outcome: Outcome): string => {
  switch (outcome.kind) {
    case "returned":
      return `returned ${stage.answered(outcome)}`;
    case "threw":
      return `threw ${outcome.error.name}: ${outcome.error.message}`;
    case "exceeded":
      return `exceeded ${outcome.limit}`;
    case "unusable":
      return `unusable ${outcome.reason}`;
    case "unavailable":
      return `unavailable ${outcome.reason}`;
    default:
      return outcome satisfies never;
  }
};

const BEGINNING = 1_700_000_000_000;

/** Stands still until it is let go: the prelude's image holds the time at which it was made. */
const createClock = () => {
  let since: number | undefined;
  return {
    now: () => BEGINNING + (since === undefined ? 0 : Date.now() - since),
    letGo: () => {
      since ??= Date.now();
    },
  };
};

/** All of an outcome but its times. */
const timeless = ({ wallMs: _wallMs, logs, ...rest }: Outcome): object => ({
  ...rest,
  logs: logs.map(({ level, text }) => [level, text]),
});

const figuresOf = ({ fuel, peakMemoryBytes, hostCalls, suspensions, logsDropped }: Outcome): object => ({
  fuel,
  peakMemoryBytes,
  hostCalls,
  suspensions,
  logsDropped,
});

let attacks = 0;

export const cleanRoom = async (stage: Stage, heapMb: HeapClass = 10): Promise<Room> => {
  const clean = { how: "full", differsAt: null, canary: false };
  const clock = createClock();
  const watch = createWatch();
  const sandbox = workerSandbox(clock.now, { onRestored: watch.onRestored });
  const run: Room["run"] = (code, account, limits = {}) =>
    stage.run(sandbox.runtime, code, account, { heapMb, ...limits });

  let pristine = Buffer.alloc(0);
  const untouched = workerSandbox(() => BEGINNING, {
    onRestored: (memory) => {
      pristine = Buffer.from(memory);
    },
  });
  const expected = timeless(await stage.run(untouched.runtime, stage.witness, "first", { heapMb }));
  expect(expected).toMatchObject({ kind: "returned" });
  watch.compareWith(pristine);

  const expectClean = async (account: string, how: "short" | "full" = "full"): Promise<void> => {
    const outcome = await run(stage.witness, account);
    expect(watch.found()).toEqual({ ...clean, how });
    expect(timeless(outcome)).toEqual(expected);
    expect(sandbox.faults.splice(0)).toEqual([]);
  };
  await expectClean("witness");
  // Compiled ahead for this account too: only a run that begins from an image of its script is restored in short.
  await expectClean("hostile");
  clock.letGo();

  return {
    sandbox,
    watch,
    run,
    expectClean,
    prove: async ([_name, code, ends, limits]) => {
      attacks += 1;
      const script = stage.script(spray(CANARY + attacks), code);
      const hostile = (): Promise<Outcome> => run(script, "hostile", limits);
      const first = await hostile();
      const told = toldEnd(stage, first);
      expect(told.startsWith(ends) ? ends : told).toBe(ends);
      // In turn one that is known, whose script has an image, and one that is not, whose script is compiled now.
      await expectClean(attacks % 2 === 0 ? "witness" : `witness-${attacks}`);
      const second = await hostile();
      expect(toldEnd(stage, second)).toBe(told);
      // Where V8's own stack ends, and not the engine's, or the clock ends it, no two runs are alike.
      if (!/exceeded (stack|wall)/.test(told)) expect(figuresOf(second)).toEqual(figuresOf(first));
      await expectClean("hostile", second.kind === "returned" ? "short" : "full");
      return first;
    },
  };
};
