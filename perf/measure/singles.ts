import { type Exact, type Timing, timingOf } from "../results/figures.ts";
import type { Scenario } from "../scenarios/index.ts";
import type { Clock, Lot, RunLot } from "./lots.ts";

/** How long a scenario is run. At least one lot is measured, however long it takes. */
export interface Plan {
  /** Wasm and JavaScript run unoptimized at first; 0 is no warm-up. */
  readonly warmUpMs: number;
  readonly measureMs: number;
}

export const planOf = ({ sleepMs }: Scenario): Plan =>
  sleepMs === null ? { warmUpMs: 800, measureMs: 2_500 } : { warmUpMs: 0, measureMs: sleepMs };

/** What a host found out about the product in one scenario. */
export interface Measured extends Timing, Exact {
  readonly completed: number;
  readonly asleep: number;
  readonly keptBytes?: number;
}

export const measuredOf = (lots: readonly Lot[], timing: Timing): Measured => {
  const kept = lots.flatMap(({ keptBytes }) => keptBytes ?? []);
  return {
    ...timing,
    fuel: Math.max(...lots.map(({ exact }) => exact.fuel)),
    peakMemoryBytes: Math.max(...lots.map(({ exact }) => exact.peakMemoryBytes)),
    // Of the worst lot: every one must do.
    completed: Math.min(...lots.map(({ timesUs }) => timesUs.length)),
    asleep: Math.min(...lots.map(({ asleep }) => asleep)),
    ...(kept.length === 0 ? {} : { keptBytes: Math.max(...kept) }),
  };
};

/** Percentiles of single runs: for a clock that is fine enough. */
export const measureSingles = async (
  scenario: Scenario,
  lot: RunLot,
  clock: Clock,
  plan: Plan = planOf(scenario),
): Promise<Measured> => {
  let at = 0;
  const next = (): Promise<Lot> => {
    at += scenario.runsAtOnce;
    return lot(at);
  };
  const warm = clock() + plan.warmUpMs;
  while (clock() < warm) await next();
  const lots: Lot[] = [];
  const begun = clock();
  do lots.push(await next());
  while (clock() - begun < plan.measureMs);
  const times = lots.flatMap(({ timesUs }) => timesUs);
  return measuredOf(lots, timingOf(times, times.length, clock() - begun));
};

/** Less than this, and the clock's whole milliseconds would show. */
const BATCH_MS = 50;

/** Percentiles of the means of batches: for workerd's clock. A burst's time is its share of the wall time. */
export const measureBatches = async (
  scenario: Scenario,
  lot: RunLot,
  clock: Clock,
  plan: Plan = planOf(scenario),
): Promise<Measured> => {
  let at = 0;
  const next = (): Promise<Lot> => {
    at += scenario.runsAtOnce;
    return lot(at);
  };
  const warm = clock() + plan.warmUpMs;
  while (clock() < warm) await next();
  const lots: Lot[] = [];
  const means: number[] = [];
  const begun = clock();
  do {
    const from = clock();
    let runs = 0;
    do {
      const done = await next();
      runs += done.timesUs.length;
      lots.push(done);
    } while (clock() - from < BATCH_MS);
    means.push(((clock() - from) * 1_000) / runs);
  } while (clock() - begun < plan.measureMs);
  const runs = lots.reduce((sum, { timesUs }) => sum + timesUs.length, 0);
  return measuredOf(lots, timingOf(means, runs, clock() - begun));
};
