import { changeOf, compareFuel, lastOf } from "./compare.ts";
import { PEERS } from "./figures.ts";
import type { HistoryLine, Recorded } from "./history.ts";

/** A ratio moves by chance; by more than this it is told. */
const RATIO_MOVE = 0.05;

const HOSTS = ["scenarios", "workerd"] as const;

/** How many times longer a peer takes at p50, by `scenario / peer`; each on the host that both ran on. */
export const ratiosOf = (line: HistoryLine): ReadonlyMap<string, number> => {
  const ratios = new Map<string, number>();
  const note = (scenario: string, { p50Us: own, peers }: Recorded, ofHost: readonly string[]): void => {
    for (const peer of PEERS) {
      const theirs = peers[peer]?.p50Us;
      if (theirs !== undefined && own !== undefined && own > 0 && ofHost.includes(peer)) {
        ratios.set(`${scenario} / ${peer}`, theirs / own);
      }
    }
  };
  for (const host of HOSTS) {
    const ofHost = PEERS.filter((peer) => (peer === "worker-loader") === (host === "workerd"));
    for (const [name, figures] of Object.entries(line[host])) note(name, figures, ofHost);
  }
  return ratios;
};

/** Why this line belongs into the history; nothing, when all is as the history has it already. */
export const reasonsToRecord = (line: HistoryLine, history: readonly HistoryLine[]): readonly string[] => {
  const before = history.at(-1);
  if (before === undefined) return ["it is the first"];
  const { rises, differs, unrecorded, gone } = compareFuel(line.scenarios, before.scenarios);
  const fuel = [
    ...[...rises, ...differs].map(
      ({ scenario, before: was, after }) => `fuel of ${scenario}: ${was} → ${after}`,
    ),
    ...unrecorded.map((name) => `${name} is new`),
    ...gone.map((name) => `${name} is gone`),
  ];
  const sameCpu = lastOf(history, line.cpu);
  if (sameCpu === undefined) return [...fuel, `it is the first of ${line.cpu}`];
  const ratiosBefore = ratiosOf(sameCpu);
  const moved = [...ratiosOf(line)].flatMap(([name, after]) => {
    const was = ratiosBefore.get(name);
    if (was === undefined) return [`${name} is new`];
    const moves = Math.abs(changeOf({ before: was, after })) > RATIO_MOVE;
    return moves ? [`${name}: ${was.toFixed(1)} → ${after.toFixed(1)} times`] : [];
  });
  return [...fuel, ...moved];
};
