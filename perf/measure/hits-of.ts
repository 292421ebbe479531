import { DISTINCT, type PerfHit, type Scenario } from "../scenarios/index.ts";

/** The hits of a scenario, made ahead and used in turn: making them is nobody's work that is measured. */
export const hitsOf = <T>({ hit }: Scenario, made: (hit: PerfHit) => T): ((at: number) => T) => {
  const ring = Array.from({ length: DISTINCT }, (_, at) => made(hit(at)));
  return (at) => {
    const found = ring[at % DISTINCT];
    if (found === undefined) throw new Error("hits are counted from 0");
    return found;
  };
};
