import type { Program } from "../../src/scripts/index.ts";
import { mergeCold } from "../measure/cold.ts";
import { readMeasured, readTiming } from "../measure/read-measured.ts";
import type { Measured } from "../measure/singles.ts";
import type { Timing } from "../results/figures.ts";
import { type Scenario, scenarioNamed } from "../scenarios/index.ts";
import { startChild } from "./child.ts";

const FILE = "perf/hosts/node-product.ts";
const COLD_PROCESSES = 11;

/** The product in Node. */
export interface NodeHost {
  readonly measure: (scenario: Scenario) => Promise<Measured>;
  readonly restores: () => Promise<Readonly<Record<"short" | "full", Timing>>>;
  readonly end: () => void;
}

const measureCold = async (scenario: string, program: Program | null): Promise<Measured> => {
  const measured: Measured[] = [];
  for (let process = 0; process < COLD_PROCESSES; process += 1) {
    const child = startChild(FILE);
    try {
      measured.push(readMeasured(await child.ask({ what: "runs", scenario, program })));
    } finally {
      child.end();
    }
  }
  return mergeCold(measured);
};

/** One process for all scenarios but the cold ones, as an isolate lives on, too. */
export const startNode = (programs: ReadonlyMap<string, Program>): NodeHost => {
  const child = startChild(FILE);
  const ask = (what: "runs" | "restores", { name }: Scenario): Promise<unknown> =>
    child.ask({ what, scenario: name, program: programs.get(name) ?? null });
  return {
    measure: async (scenario) =>
      scenario.cold
        ? measureCold(scenario.name, programs.get(scenario.name) ?? null)
        : readMeasured(await ask("runs", scenario)),
    restores: async () => ({
      short: readTiming(await ask("restores", scenarioNamed("steady_state"))),
      full: readTiming(await ask("restores", scenarioNamed("account_switch"))),
    }),
    end: child.end,
  };
};
