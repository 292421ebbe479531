import { fromUtf8 } from "../../src/lib/bytes.ts";
import type { Program } from "../../src/scripts/index.ts";
import type { Exact } from "../results/figures.ts";
import type { Ran, Scenario } from "../scenarios/index.ts";
import type { Product } from "./product.ts";

/** Of one lot of runs that were begun at once. */
export interface Lot {
  /** From the beginning of the lot to each answer, without what the script slept. */
  readonly timesUs: readonly number[];
  /** What the product tells of its runs, at most; zeros of a peer. */
  readonly exact: Exact;
  readonly asleep: number;
  readonly keptBytes: number | undefined;
}

/** Runs number `from` and those after it. */
export type RunLot = (from: number) => Promise<Lot>;

/** Milliseconds, as fine as the host has them. */
export type Clock = () => number;

/** Throws for a run that did not do its work. */
export const assertRight = ({ name, isRight }: Scenario, ran: Ran, at: number): void => {
  if (isRight(ran, at)) return;
  const told = fromUtf8(ran.body.slice(0, 200));
  throw new Error(`a run of ${name} ended as ${ran.ending}, status ${ran.status}: ${told}`);
};

/** When the most scripts sleep: late, and before the first wakes. */
const LOOK_AT = 0.9;

const whileAsleep = async <T>(sleepMs: number, look: () => T): Promise<T> => {
  await new Promise((resolve) => setTimeout(resolve, sleepMs * LOOK_AT));
  return look();
};

/** A lot of the product's. Of scripts that sleep, those that fail are counted out; of others, one that fails is an error. */
export const productLots = (product: Product, scenario: Scenario, program: Program, clock: Clock): RunLot => {
  const { sleepMs } = scenario;
  const begin = product.prepare(scenario, program);
  return async (from) => {
    const begun = clock();
    const timesUs: number[] = [];
    const runOne = async (at: number): Promise<Exact> => {
      const { answer, end } = begin(at);
      const ran = await answer;
      const us = (clock() - begun - (sleepMs ?? 0)) * 1_000;
      if (sleepMs === null) assertRight(scenario, ran, at);
      if (scenario.isRight(ran, at)) timesUs.push(us);
      return end;
    };
    const runs = Array.from({ length: scenario.runsAtOnce }, (_, index) => runOne(from + index));
    const looked =
      sleepMs === null
        ? undefined
        : await whileAsleep(sleepMs, () => ({ asleep: product.asleep(), ...product.stats() }));
    const all = await Promise.all(runs);
    return {
      timesUs,
      exact: {
        fuel: Math.max(...all.map(({ fuel }) => fuel)),
        peakMemoryBytes: Math.max(...all.map(({ peakMemoryBytes }) => peakMemoryBytes)),
      },
      asleep: looked?.asleep ?? 0,
      keptBytes: looked?.keptBytes,
    };
  };
};
