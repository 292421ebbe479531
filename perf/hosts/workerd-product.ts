import engine from "../../build/engine.wasm";
import { readProgram } from "../../src/scripts/index.ts";
import { measureCold } from "../measure/cold.ts";
import { productLots } from "../measure/lots.ts";
import { createProduct } from "../measure/product.ts";
import { measureBatches, measureSingles } from "../measure/singles.ts";
import { scenarioNamed } from "../scenarios/index.ts";
import { createNextTurn } from "./next-turn.ts";

/** Whole milliseconds, as all clocks are in workerd. */
const clock = (): number => Date.now();

const measure = async (question: unknown) => {
  const scenario = scenarioNamed(String(Reflect.get(Object(question), "scenario")));
  const program = readProgram(Reflect.get(Object(question), "program"));
  if (program === undefined) throw new Error(`no program for ${scenario.name}`);
  const deps = { module: engine, now: Date.now, nextTurn: createNextTurn() };
  if (scenario.cold) return measureCold(deps, scenario, program, clock);
  const lot = productLots(createProduct(deps), scenario, program, clock);
  // Runs that sleep for seconds need no batches: a millisecond more or less does not show.
  return scenario.sleepMs === null
    ? measureBatches(scenario, lot, clock)
    : measureSingles(scenario, lot, clock);
};

export default {
  fetch: async (request: Request): Promise<Response> => Response.json(await measure(await request.json())),
};
