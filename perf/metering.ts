import { execFileSync } from "node:child_process";
import { ENGINE_RULES } from "../scripts/engine/engine-rules.ts";
import { readSource, rewriteEngine } from "../scripts/engine/engine-source.ts";
import { compileEngine } from "../scripts/engine/instance.ts";
import { geometricMean, measureWorkload, median } from "./metering/measure-workload.ts";
import { WORKLOADS } from "./metering/workloads.ts";

/**
 * What fuel costs: `node perf/metering.ts` runs the calibration's workloads in the engine and in the same engine without
 * charges, in turns, and compares their CPU time (docs/adr/0006-what-metering-costs.md). Writes nothing.
 */

/** What V8 inlines depends on what it has counted by then, so one process is luck. */
const PROCESSES = 5;
const WARM_UP_ROUNDS = 3;
const ROUNDS = 5;
const ONE_PROCESS = "--one-process";

/** Medians in ms, for each workload. */
interface Times {
  readonly metered: number;
  readonly unmetered: number;
}

const measureHere = (): readonly Times[] => {
  const source = readSource();
  const metered = compileEngine(rewriteEngine(source, ENGINE_RULES).module);
  const unmetered = compileEngine(rewriteEngine(source, { ...ENGINE_RULES, metered: false }).module);
  const once = (body: string): Times => ({
    metered: measureWorkload(metered, body).ms,
    unmetered: measureWorkload(unmetered, body).ms,
  });
  // V8 first runs wasm unoptimized.
  for (let round = 0; round < WARM_UP_ROUNDS; round += 1) for (const [, body] of WORKLOADS) once(body);
  return WORKLOADS.map(([, body]) => {
    const rounds = Array.from({ length: ROUNDS }, () => once(body));
    return {
      metered: median(rounds.map((round) => round.metered)),
      unmetered: median(rounds.map((round) => round.unmetered)),
    };
  });
};

const measureThere = (): readonly Times[] => {
  const told = execFileSync(process.execPath, [import.meta.filename, ONE_PROCESS], { encoding: "utf8" });
  const times: unknown = JSON.parse(told);
  if (!Array.isArray(times)) throw new Error("a process told no times");
  return times.map((each: unknown) => ({
    metered: Number(Reflect.get(Object(each), "metered")),
    unmetered: Number(Reflect.get(Object(each), "unmetered")),
  }));
};

const show = (processes: readonly (readonly Times[])[]): void => {
  const columns = ["unmetered ms", "metered ms", "ratio", "least", "most"].map((head) => head.padStart(13));
  console.log(`${"workload".padEnd(22)}${columns.join("")}`);
  const ratios = WORKLOADS.map(([name], place) => {
    const times = processes.flatMap((each) => each[place] ?? []);
    const all = times.map(({ metered, unmetered }) => metered / unmetered);
    const figures = [
      median(times.map(({ unmetered }) => unmetered)).toFixed(1),
      median(times.map(({ metered }) => metered)).toFixed(1),
      median(all).toFixed(2),
      Math.min(...all).toFixed(2),
      Math.max(...all).toFixed(2),
    ];
    console.log(name.padEnd(22) + figures.map((figure) => figure.padStart(13)).join(""));
    return median(all);
  });
  const cost = (geometricMean(ratios) - 1) * 100;
  console.log(
    `\nmetering costs ${cost.toFixed(1)} % at the geometric mean, each the median of ${PROCESSES} processes`,
  );
};

if (process.argv.includes(ONE_PROCESS)) {
  process.stdout.write(JSON.stringify(measureHere()));
} else {
  show(Array.from({ length: PROCESSES }, measureThere));
}
