import { FUEL_PER_MS } from "../src/runtime/index.ts";
import { ENGINE_RULES } from "../scripts/engine/engine-rules.ts";
import { readSource, rewriteEngine } from "../scripts/engine/engine-source.ts";
import { compileEngine } from "../scripts/engine/instance.ts";
import { geometricMean, measureWorkload, median } from "./metering/measure-workload.ts";
import { WORKLOADS } from "./metering/workloads.ts";

/**
 * Units of fuel in a millisecond of CPU, over workloads of different kinds: what `FUEL_PER_MS` is set by.
 * Run with `node perf/calibrate.ts` on a machine that does nothing else; docs/adr/0006-what-metering-costs.md says how it is read.
 */

const WARM_UP_ROUNDS = 3;
const ROUNDS = 7;

const module = compileEngine(rewriteEngine(readSource(), ENGINE_RULES).module);
const whole = (rate: number): string => Math.round(rate).toLocaleString("en");

// V8 first runs wasm unoptimized.
for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
  for (const [, body] of WORKLOADS) measureWorkload(module, body);
}

const rates: number[] = [];
console.log(
  `${"workload".padEnd(22)}${"ms".padStart(9)}${"M units".padStart(10)}${"units/ms".padStart(12)}   of FUEL_PER_MS`,
);
for (const [name, body] of WORKLOADS) {
  const rounds = Array.from({ length: ROUNDS }, () => measureWorkload(module, body));
  const fuels = new Set(rounds.map(({ fuel }) => fuel));
  const [fuel = Number.NaN] = fuels;
  if (fuels.size > 1) throw new Error(`${name} took other fuel on a repeat: ${[...fuels].join(", ")}`);
  const ms = median(rounds.map((round) => round.ms));
  const rate = fuel / ms;
  rates.push(rate);
  console.log(
    `${name.padEnd(22)}${ms.toFixed(1).padStart(9)}${(fuel / 1e6).toFixed(2).padStart(10)}` +
      `${whole(rate).padStart(12)}   ${(rate / FUEL_PER_MS).toFixed(2)}`,
  );
}
const least = Math.min(...rates);
const most = Math.max(...rates);
console.log(
  `\nFUEL_PER_MS ${whole(FUEL_PER_MS)}; geometric mean ${whole(geometricMean(rates))}, least ${whole(least)}, ` +
    `most ${whole(most)}, middle of the extremes ${whole(Math.sqrt(least * most))}`,
);
console.log(
  `a budget of 100 ms lasts ${((100 * FUEL_PER_MS) / most).toFixed(0)} to ${((100 * FUEL_PER_MS) / least).toFixed(0)} ms here`,
);
