import { compileEngine } from "../scripts/engine/instance.ts";
import { ENGINE_RULES } from "../scripts/engine/engine-rules.ts";
import { readSource, rewriteEngine } from "../scripts/engine/engine-source.ts";
import { geometricMean, measureWorkload, median } from "./metering/measure-workload.ts";
import { WORKLOADS } from "./metering/workloads.ts";

/**
 * What fuel costs: `node perf/metering.ts` runs the calibration's workloads in the engine and in the same engine without
 * charges, in turns, and compares their CPU time (docs/adr/0006-what-metering-costs.md). Writes nothing.
 */

const WARM_UP_ROUNDS = 3;
const ROUNDS = 9;

const source = readSource();
const metered = compileEngine(rewriteEngine(source, ENGINE_RULES).module);
const unmetered = compileEngine(rewriteEngine(source, { ...ENGINE_RULES, metered: false }).module);

// V8 first runs wasm unoptimized.
for (let round = 0; round < WARM_UP_ROUNDS; round += 1) {
  for (const [, body] of WORKLOADS) for (const module of [metered, unmetered]) measureWorkload(module, body);
}

const ratios: number[] = [];
console.log(
  `${"workload".padEnd(22)}${"unmetered ms".padStart(14)}${"metered ms".padStart(12)}${"ratio".padStart(8)}`,
);
for (const [name, body] of WORKLOADS) {
  const rounds = Array.from({ length: ROUNDS }, () => ({
    metered: measureWorkload(metered, body).ms,
    unmetered: measureWorkload(unmetered, body).ms,
  }));
  const meteredMs = median(rounds.map((round) => round.metered));
  const unmeteredMs = median(rounds.map((round) => round.unmetered));
  const ratio = meteredMs / unmeteredMs;
  ratios.push(ratio);
  console.log(
    name.padEnd(22) +
      unmeteredMs.toFixed(1).padStart(14) +
      meteredMs.toFixed(1).padStart(12) +
      ratio.toFixed(2).padStart(8),
  );
}
console.log(`\nmetering costs ${((geometricMean(ratios) - 1) * 100).toFixed(1)} % at the geometric mean`);
