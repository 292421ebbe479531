import {
  createRuntime,
  type Limits,
  type Outcome,
  random,
  type RunRequest,
  type RuntimeDeps,
  timers,
} from "../../src/runtime/index.ts";
import { testPrelude } from "./test-prelude.ts";

export const TEST_LIMITS: Limits = {
  heapMb: 10,
  cpuMs: 250,
  wallMs: 5_000,
  hostCalls: 256,
  hostCallsInFlight: 32,
  timers: 100,
  answerBodyBytes: 10 * 1024 * 1024,
  answerHeadBytes: 64 * 1024,
  logBytes: 64 * 1024,
  logLines: 1_000,
};

export interface Trial extends Partial<Omit<RunRequest, "limits" | "program">> {
  readonly limits?: Partial<Limits>;
  readonly form?: RunRequest["program"]["form"];
}

let accounts = 0;

export const requestOf = (code: string, { limits, form, ...rest }: Trial = {}): RunRequest => ({
  prelude: testPrelude,
  program: { form: form ?? "module", code },
  input: {},
  bodies: [],
  grants: [timers, random],
  share: {
    account: `test-${(accounts += 1)}`,
    unit: "unit",
    runsPerAccount: 100,
    runsPerUnit: 100,
    cpuMsPer10s: null,
  },
  seed: new Uint8Array(16),
  ...rest,
  limits: { ...TEST_LIMITS, ...limits },
});

export interface Sandbox {
  /** Runs a module to its end. */
  readonly run: (code: string, trial?: Trial) => Promise<Outcome>;
  /** Runs an expression, as `value`'s JSON or the whole outcome where it did not return. */
  readonly value: (expression: string, trial?: Trial) => Promise<unknown>;
  readonly runtime: ReturnType<typeof createRuntime>;
  readonly faults: unknown[];
}

export const valueOf = (outcome: Outcome): unknown =>
  outcome.kind === "returned" ? Reflect.get(Object(outcome.answer.head), "value") : outcome;

/** What a test may look at of the runtime's inside. */
export type Watching = Pick<RuntimeDeps, "onRestored">;

export const sandboxOf = (
  module: WebAssembly.Module,
  now: () => number = Date.now,
  watching: Watching = {},
): Sandbox => {
  const faults: unknown[] = [];
  const runtime = createRuntime({ module, now, onFault: (error) => faults.push(error), ...watching });
  const run = (code: string, trial?: Trial) => runtime.run(requestOf(code, trial)).end;
  return {
    run,
    value: async (expression, trial) => valueOf(await run(expression, { form: "expression", ...trial })),
    runtime,
    faults,
  };
};
