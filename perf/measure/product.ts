import { TIER_LIMITS } from "../../src/accounts/index.ts";
import { utf8 } from "../../src/lib/bytes.ts";
import { type Capability, createRuntime, type Runtime, timers } from "../../src/runtime/index.ts";
import { createExecute, type Executed, type Program, type ScriptInput } from "../../src/scripts/index.ts";
import type { Exact } from "../results/figures.ts";
import type { PerfHit, Ran, Scenario } from "../scenarios/index.ts";
import { hitsOf } from "./hits-of.ts";

export interface ProductDeps {
  /** `build/engine.wasm`, compiled. */
  readonly module: WebAssembly.Module;
  readonly now: () => number;
  /** Ends on the next turn of the event loop: what a host call takes at least. */
  readonly nextTurn: () => Promise<unknown>;
  /** A run's memory is its own from now on. */
  readonly onRestored?: (memory: Uint8Array, how: "short" | "full") => void;
}

export interface ProductRun {
  /** When the sender has its answer. */
  readonly answer: Promise<Ran>;
  readonly end: Promise<Exact>;
}

/** The product's own way from a hit to an answer, without edge and routing. */
export interface Product {
  /** What begins run number `at`; all that is not the product's work is done before. */
  readonly prepare: (scenario: Scenario, program: Program) => (at: number) => ProductRun;
  /** Scripts that wait for a timer now. */
  readonly asleep: () => number;
  readonly stats: Runtime["stats"];
}

/** An account that may have everything, on the heap that most have. */
const LIMITS = { ...TIER_LIMITS.ultimate, heapMb: 10 } as const;
const SEED = new Uint8Array(16);
const NOTHING = new Uint8Array(0);

const ranOf = ({ outcome, answer }: Executed): Ran => {
  const ending = outcome.kind === "exceeded" ? `exceeded ${outcome.limit}` : outcome.kind;
  if (answer === null || answer.kind === "none" || answer.kind === "forward") {
    const why = "error" in outcome ? utf8(`${outcome.error?.name}: ${outcome.error?.message}`) : NOTHING;
    return { ending, status: 0, body: why };
  }
  const { status = 200, body } = answer;
  return { ending, status, body: body instanceof Uint8Array ? body : NOTHING };
};

const throwFault = (error: unknown): void => {
  throw error;
};

/** As the edge captures it. */
const inputOf = ({ method, url, headers, body }: PerfHit): ScriptInput => {
  const { pathname, search } = new URL(url);
  return {
    requestId: "exc_00000000000000000000000000",
    method,
    url,
    path: pathname,
    rawQuery: search === "" ? null : search.slice(1),
    headers,
    body,
    client: { ip: null },
    params: {},
    responder: { id: "rsp_0", name: "Perf" },
  };
};

export const createProduct = ({ nextTurn, ...deps }: ProductDeps): Product => {
  const runtime = createRuntime({ ...deps, onFault: throwFault });
  let asleep = 0;

  const counted = (call: () => Promise<unknown>) => async (): Promise<null> => {
    asleep += 1;
    await call();
    asleep -= 1;
    return null;
  };
  const nextTurnTimer: Capability = {
    name: "next turn",
    async: { timer: { price: () => 0, call: counted(nextTurn) } },
  };
  const real = timers.async?.["timer"];
  if (real === undefined) throw new Error("the capability of timers has no timer");
  const realTimer: Capability = {
    name: "counted timers",
    async: {
      timer: { price: real.price, call: (argument, signal) => counted(() => real.call(argument, signal))() },
    },
  };

  return {
    prepare: (scenario, program) => {
      const inputAt = hitsOf(scenario, inputOf);
      const limits = { ...LIMITS, ...scenario.limits };
      const timer = scenario.sleepMs === null ? nextTurnTimer : realTimer;
      const execute = createExecute({
        // Of two ops of one name the first is taken: the harness's timer, instead of the one that every script has.
        run: (request) => runtime.run({ ...request, grants: [timer, ...request.grants] }),
        randomBytes: () => SEED,
      });
      const shares = Array.from({ length: scenario.accounts }, (_, index) => ({
        account: `acc_${index}`,
        unit: `rsp_${index}`,
        runsPerAccount: limits.runsPerAccount,
        runsPerUnit: limits.runsPerResponder,
        cpuMsPer10s: limits.cpuMsPer10s,
      }));
      return (at) => {
        const [share] = shares.slice(at % shares.length);
        if (share === undefined) throw new Error("a scenario has at least one account");
        const execution = execute({ program, input: inputAt(at), limits, share, seed: SEED });
        const answer = async (): Promise<Ran> => ranOf(await execution.answer);
        const end = async (): Promise<Exact> => {
          const { fuel, peakMemoryBytes } = await execution.end;
          return { fuel, peakMemoryBytes };
        };
        return { answer: answer(), end: end() };
      };
    },
    asleep: () => asleep,
    stats: runtime.stats,
  };
};
