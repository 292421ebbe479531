import type { Program } from "../../src/scripts/index.ts";
import type { ByScenario, Exact } from "../results/figures.ts";
import { type Scenario, SCENARIOS } from "../scenarios/index.ts";
import { productLots } from "./lots.ts";
import { createProduct } from "./product.ts";

/** Any moment will do, as long as it is the same one: a script that reads the clock reads as many digits each time. */
const NOW = 1_800_000_000_000;
/** As many as show whether runs at once disturb each other's count. */
const AT_ONCE = 8;
/** With two accounts in turn, the third run is the first that finds its own account's script again. */
const LOTS = 3;

const exactOf = async (module: WebAssembly.Module, scenario: Scenario, program: Program): Promise<Exact> => {
  const nextTurn = () => new Promise((resolve) => setImmediate(resolve));
  const product = createProduct({ module, now: () => NOW, nextTurn });
  const quick = { ...scenario, runsAtOnce: Math.min(scenario.runsAtOnce, AT_ONCE), sleepMs: null };
  const lot = productLots(product, quick, program, () => 0);
  const first = (await lot(0)).exact;
  for (let from = 1; from < LOTS; from += 1) {
    const { exact } = await lot(from * quick.runsAtOnce);
    if (exact.fuel !== first.fuel) {
      throw new Error(
        `the fuel of ${scenario.name} is not the same on every repeat: ${first.fuel}, then ${exact.fuel}. ` +
          "Something that a run must not see (a clock, randomness, another run) reaches it.",
      );
    }
  }
  return first;
};

/** What every scenario costs, exactly: seed and clock fixed, nothing of the machine in it. */
export const measureFuel = async (
  module: WebAssembly.Module,
  programs: ReadonlyMap<string, Program>,
): Promise<ByScenario<Exact>> => {
  const exact: Record<string, Exact> = {};
  for (const scenario of SCENARIOS) {
    const program = programs.get(scenario.name);
    if (program === undefined) throw new Error(`no program for ${scenario.name}`);
    exact[scenario.name] = await exactOf(module, scenario, program);
  }
  return exact;
};
