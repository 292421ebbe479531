import { PEERS, type Results, type ScenarioFigures } from "./figures.ts";
import { ratiosOf } from "./worth-recording.ts";

const MB = 1_000_000;

const micros = (us: number): string => (us < 100_000 ? `${us} µs` : `${(us / 1_000).toFixed(0)} ms`);

const row = (name: string, figures: ScenarioFigures): string => {
  const { p50Us, p90Us, p99Us, maxUs, perSecond, fuel, peakMemoryBytes } = figures;
  const times = [p50Us, p90Us, p99Us, maxUs].map((us) => micros(us).padStart(11)).join("");
  const exact = `${fuel.toLocaleString("en").padStart(14)}${(peakMemoryBytes / MB).toFixed(2).padStart(9)}`;
  return `  ${name.padEnd(16)}${times}${String(perSecond).padStart(10)}${exact}`;
};

const HEADING = `  ${"".padEnd(16)}${["p50", "p90", "p99", "max"].map((name) => name.padStart(11)).join("")}${"a second".padStart(10)}${"fuel".padStart(14)}${"MB".padStart(9)}`;

const asides = (name: string, figures: ScenarioFigures): readonly string[] => {
  const { completed, asleep, keptBytes, residentBytes } = figures;
  const told = [
    completed === undefined ? [] : [`${completed} completed`],
    asleep === undefined ? [] : [`${asleep} asleep at once`],
    keptBytes === undefined ? [] : [`${(keptBytes / MB).toFixed(1)} MB kept`],
    residentBytes === undefined
      ? []
      : [`${(residentBytes / MB).toFixed(0)} MB resident in the whole process`],
  ].flat();
  return told.length === 0 ? [] : [`  ${name} (${figures.host}): ${told.join(", ")}`];
};

const host = (title: string, scenarios: Results["scenarios"]): readonly string[] => [
  title,
  HEADING,
  ...Object.entries(scenarios).map(([name, figures]) => row(name, figures)),
  ...Object.entries(scenarios).flatMap(([name, figures]) => asides(name, figures)),
  "",
];

const wallPerRun = (figures: ScenarioFigures): string => micros(Math.round(1_000_000 / figures.perSecond));

/** Whether scripts that wait disturb each other: what one takes of the wall time, alone and among 64. */
const crowd = ({ scenarios }: Results): readonly string[] => {
  const { proxy_request: alone, burst: among } = scenarios;
  if (alone === undefined || among === undefined) return [];
  return [
    `A script that awaits, wall time a run (Node): alone ${wallPerRun(alone)}, among 64 ${wallPerRun(among)}`,
    "",
  ];
};

/** How many times longer each peer takes at p50, on the host that both ran on. */
const peers = (results: Results): readonly string[] => {
  const ratios = [...ratiosOf(results)].map(
    ([name, ratio]) => `  ${name.padEnd(44)}${ratio.toFixed(1).padStart(7)}`,
  );
  const absent = PEERS.flatMap((name) => {
    const reason = results.absent[name];
    return reason === undefined ? [] : [`  ${name} is absent: ${reason}`];
  });
  return ["Peers: how many times the product's p50 they take", ...ratios, ...absent, ""];
};

/** The whole result as text for a terminal. */
export const showResults = (results: Results, budgetOf: (name: string) => number): string => {
  const { restores, evaluation, hitPath } = results;
  return [
    "",
    `${results.cpu}, Node ${results.node}, commit ${results.commit}`,
    "",
    ...host("Node: single runs", results.scenarios),
    ...host("workerd: means of batches of at least 50 ms", results.workerd),
    ...crowd(results),
    ...peers(results),
    "Restores (Node), from the beginning of a run to a memory of its own",
    `  the same account's next run: p50 ${restores.short.p50Us} µs, p99 ${restores.short.p99Us} µs`,
    `  another account's: p50 ${restores.full.p50Us} µs, p99 ${restores.full.p99Us} µs`,
    "",
    "Around the sandbox",
    `  modules that a hit needs, evaluated (Node): p50 ${evaluation.p50Ms.toFixed(1)} ms, max ${evaluation.maxMs.toFixed(1)} ms; budget ${budgetOf("hitModuleEvaluationMs")} ms`,
    ...Object.entries(hitPath.scenarios).map(([name, { p50Us, p99Us, batches }]) => {
      const budget = name.includes("binding")
        ? "the binding is simulated locally"
        : `budget ${budgetOf("staticHitMicros")} µs at p50`;
      return `  ${name} (workerd, ${batches} batches): p50 ${p50Us.toFixed(0)} µs, p99 ${p99Us.toFixed(0)} µs; ${budget}`;
    }),
    "",
  ].join("\n");
};
