import { engineModule } from "../../test/support/node-engine.ts";
import { measureCold } from "../measure/cold.ts";
import { productLots } from "../measure/lots.ts";
import { createProduct } from "../measure/product.ts";
import { measureRestores } from "../measure/restores.ts";
import { measureSingles } from "../measure/singles.ts";
import { serve } from "./serve.ts";

const clock = (): number => performance.now();
const deps = {
  module: await engineModule(),
  now: Date.now,
  nextTurn: () => new Promise((resolve) => setImmediate(resolve)),
};

/** The product in a process of its own, in Node, whose clock is fine enough for single runs. */
serve(async (scenario, { what, program }) => {
  if (program === null) throw new Error("the product runs compiled scripts");
  if (what === "restores") return measureRestores(deps, scenario, program, clock);
  if (scenario.cold) return measureCold(deps, scenario, program, clock);
  const product = createProduct(deps);
  return measureSingles(scenario, productLots(product, scenario, program, clock), clock);
});
