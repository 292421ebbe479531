import type { Program } from "../../src/scripts/index.ts";
import { type Timing, timingOf } from "../results/figures.ts";
import type { Scenario } from "../scenarios/index.ts";
import type { Clock } from "./lots.ts";
import { createProduct, type ProductDeps } from "./product.ts";

const WARM_UP = 2_000;
const RUNS = 4_000;

/**
 * From a run's beginning to a memory that is its own: the restore, and all that comes before it. Of the kind of restore
 * that the scenario's runs need; one of the other kind among them is an error.
 */
export const measureRestores = async (
  deps: ProductDeps,
  scenario: Scenario,
  program: Program,
  clock: Clock,
): Promise<Timing> => {
  const wanted = scenario.accounts > 1 ? "full" : "short";
  let restoredAt = 0;
  let how = "none";
  const product = createProduct({
    ...deps,
    onRestored: (_memory, kind) => {
      restoredAt = clock();
      how = kind;
    },
  });
  const begin = product.prepare(scenario, program);
  const times: number[] = [];
  for (let at = 0; at < WARM_UP + RUNS; at += 1) {
    const begun = clock();
    await begin(at).end;
    if (at < WARM_UP) continue;
    if (how !== wanted)
      throw new Error(`a run of ${scenario.name} began by a ${how} restore, not a ${wanted} one`);
    times.push((restoredAt - begun) * 1_000);
  }
  return timingOf(times, times.length, times.reduce((sum, us) => sum + us, 0) / 1_000);
};
