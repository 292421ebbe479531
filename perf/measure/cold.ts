import type { Program } from "../../src/scripts/index.ts";
import { timingOf } from "../results/figures.ts";
import type { Scenario } from "../scenarios/index.ts";
import { type Clock, productLots } from "./lots.ts";
import { createProduct, type ProductDeps } from "./product.ts";
import { type Measured, measuredOf } from "./singles.ts";

/** The first run of this process, if nothing of the product has run in it: with the making of the runtime. */
export const measureCold = async (
  deps: ProductDeps,
  scenario: Scenario,
  program: Program,
  clock: Clock,
): Promise<Measured> => {
  const begun = clock();
  const product = createProduct(deps);
  const madeMs = clock() - begun;
  const lot = await productLots(product, scenario, program, clock)(0);
  const times = lot.timesUs.map((us) => us + madeMs * 1_000);
  return measuredOf([lot], oneAfterTheOther(times));
};

const oneAfterTheOther = (timesUs: readonly number[]) =>
  timingOf(timesUs, timesUs.length, timesUs.reduce((sum, us) => sum + us, 0) / 1_000);

/** What several processes measured, as one. */
export const mergeCold = ([first, ...others]: readonly Measured[]): Measured => {
  if (first === undefined) throw new Error("no process measured anything");
  const times = [first, ...others].map(({ maxUs }) => maxUs);
  return { ...first, ...oneAfterTheOther(times) };
};
