import type { Program } from "../../src/scripts/index.ts";
import { mergeCold } from "../measure/cold.ts";
import { readMeasured } from "../measure/read-measured.ts";
import type { Measured } from "../measure/singles.ts";
import type { Scenario } from "../scenarios/index.ts";
import { bundleWorker } from "./bundle-worker.ts";
import { startWorkerd, type Workerd } from "./workerd.ts";

const FILE = "perf/hosts/workerd-product.ts";
const COLD_PROCESSES = 5;

/** The product in workerd. */
export interface WorkerdHost {
  readonly measure: (scenario: Scenario) => Promise<Measured & { readonly residentBytes?: number }>;
  readonly end: () => Promise<void>;
}

/** One workerd for all scenarios, but where a process of its own is measured: cold ones, and those that fill it. */
export const createWorkerdHost = async (programs: ReadonlyMap<string, Program>): Promise<WorkerdHost> => {
  const bundled = await bundleWorker(FILE);
  let kept: Workerd | undefined;
  const ask = async (workerd: Workerd, { name }: Scenario): Promise<Measured> =>
    readMeasured(await workerd.ask({ what: "runs", scenario: name, program: programs.get(name) ?? null }));
  const apart = async (scenario: Scenario): Promise<Measured & { readonly residentBytes?: number }> => {
    const workerd = await startWorkerd(bundled);
    try {
      const measured = await ask(workerd, scenario);
      const residentBytes = workerd.residentBytes();
      return residentBytes === undefined ? measured : { ...measured, residentBytes };
    } finally {
      await workerd.end();
    }
  };
  const cold = async (scenario: Scenario): Promise<Measured> => {
    const all: Measured[] = [];
    for (let process = 0; process < COLD_PROCESSES; process += 1) all.push(await apart(scenario));
    return mergeCold(all);
  };
  return {
    measure: async (scenario) => {
      if (scenario.cold) return cold(scenario);
      if (scenario.runsAtOnce > 1) return apart(scenario);
      kept ??= await startWorkerd(bundled);
      return ask(kept, scenario);
    },
    end: async () => {
      await kept?.end();
    },
  };
};
