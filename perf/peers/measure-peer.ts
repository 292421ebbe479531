import { serve } from "../hosts/serve.ts";
import { hitsOf } from "../measure/hits-of.ts";
import { assertRight, type RunLot } from "../measure/lots.ts";
import { measureSingles } from "../measure/singles.ts";
import type { Ran, Scenario } from "../scenarios/index.ts";
import { type GlueHit, glueHit, needsTimer } from "./glue.ts";

export interface PeerRun {
  readonly ran: Ran;
  /** Frees what the run took: after the answer, as the product restores after it. Throughput pays for it. */
  readonly dispose: () => void;
}

/** One run on nothing used before: `timer` when the script awaits. */
export type RunPeer = (source: string, hit: GlueHit, timer: boolean) => Promise<PeerRun>;

const clock = (): number => performance.now();
const NO_FIGURES = { exact: { fuel: 0, peakMemoryBytes: 0 }, asleep: 0, keptBytes: undefined };

const lotsOf = (run: RunPeer, scenario: Scenario): RunLot => {
  const hitAt = hitsOf(scenario, glueHit);
  const timer = needsTimer(scenario.source);
  return async (at) => {
    const hit = hitAt(at);
    const begun = clock();
    const { ran, dispose } = await run(scenario.source, hit, timer);
    const us = (clock() - begun) * 1_000;
    dispose();
    assertRight(scenario, ran, at);
    return { timesUs: [us], ...NO_FIGURES };
  };
};

/** Makes this process measure a peer by the same scenarios, times and rules as the product. */
export const servePeer = (run: RunPeer): void =>
  serve((scenario) => measureSingles(scenario, lotsOf(run, scenario), clock));
