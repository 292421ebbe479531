import { lastOf } from "../results/compare.ts";
import { PEERS } from "../results/figures.ts";
import type { HistoryLine, Recorded } from "../results/history.ts";
import { type Bar, barChart } from "./bars.ts";
import { escapeHtml } from "./escape.ts";
import { showFigure, type Unit } from "./figure.ts";
import { lineChart, type Point, type Series } from "./line-chart.ts";
import { STYLE } from "./style.ts";

type Metric = Exclude<keyof Recorded, "peers" | "samples">;

/** `everywhere`: the same on every machine, so that lines of all are shown. */
const METRICS: readonly (readonly [metric: Metric, title: string, unit: Unit, everywhere: boolean])[] = [
  ["p50Us", "p50", "µs", false],
  ["p90Us", "p90", "µs", false],
  ["p99Us", "p99", "µs", false],
  ["maxUs", "max", "µs", false],
  ["perSecond", "throughput", "a second", false],
  ["fuel", "fuel", "fuel", true],
  ["peakMemoryBytes", "peak memory", "bytes", true],
  ["completed", "completed", "runs", false],
  ["keptBytes", "kept while asleep", "bytes", false],
  ["residentBytes", "the whole process", "bytes", false],
];
const HOSTS = [
  { key: "scenarios", kind: "node", name: "Node" },
  { key: "workerd", kind: "workerd", name: "workerd" },
] as const;

export interface ReportInput {
  readonly history: readonly HistoryLine[];
  /** Scenarios in the order in which they are shown, with a line about each. Others follow, by name alone. */
  readonly about: ReadonlyMap<string, string>;
}

const pointsOf = (
  history: readonly HistoryLine[],
  host: (typeof HOSTS)[number],
  scenario: string,
  metric: Metric,
  unit: Unit,
  cpu: string | undefined,
): readonly Point[] =>
  history.flatMap((line, at) => {
    const value = line[host.key][scenario]?.[metric];
    if (value === undefined || (cpu !== undefined && line.cpu !== cpu)) return [];
    const figure = showFigure(value, unit);
    return [
      {
        at,
        value,
        label: `${figure} · ${host.name} · ${line.date.slice(0, 10)} · ${line.commit.slice(0, 12)}`,
      },
    ];
  });

const charts = (history: readonly HistoryLine[], scenario: string, cpu: string): string =>
  METRICS.map(([metric, title, unit, everywhere]) => {
    const series = HOSTS.map((host): Series => ({
      name: host.name,
      kind: host.kind,
      points: pointsOf(history, host, scenario, metric, unit, everywhere ? undefined : cpu),
    }));
    // What is exact is the same on both hosts: two lines on top of each other would say it twice.
    return lineChart(title, unit, history.length, everywhere ? series.slice(0, 1) : series);
  }).join("\n");

const bars = (last: HistoryLine | undefined, scenario: string): string =>
  HOSTS.map(({ key, kind, name }) => {
    const figures = last?.[key][scenario];
    if (figures?.p50Us === undefined) return "";
    const ofHost = PEERS.filter((peer) => (peer === "worker-loader") === (kind === "workerd"));
    const peers = ofHost.flatMap((peer): Bar[] => {
      const timing = figures.peers[peer];
      return timing === undefined ? [] : [{ name: peer, value: timing.p50Us, own: false }];
    });
    return barChart(`Peers at p50, ${name}`, [
      { name: "hookwright", value: figures.p50Us, own: true },
      ...peers,
    ]);
  }).join("\n");

const namesIn = ({ history, about }: ReportInput): readonly string[] => {
  const recorded = new Set(history.flatMap(({ scenarios }) => Object.keys(scenarios)));
  const known = [...about.keys()].filter((name) => recorded.has(name));
  return [...known, ...[...recorded].filter((name) => !about.has(name))];
};

const page = (head: string, sections: string): string => `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<title>Hookwright: performance</title><style>${STYLE}</style></head>
<body><h1>Hookwright: performance</h1>
${head}
${sections}
</body></html>
`;

/** One page that needs nothing but itself. */
export const reportPage = (input: ReportInput): string => {
  const { history, about } = input;
  const newest = history.at(-1);
  if (newest === undefined)
    return page("<p>Nothing is recorded yet: <code>npm run perf</code> does it.</p>", "");
  const names = namesIn(input);
  // Of the machine that was last timed.
  const timed = history.findLast((line) => lastOf([line], line.cpu) !== undefined) ?? newest;
  const links = names.map((name) => `<a href="#${escapeHtml(name)}">${escapeHtml(name)}</a>`).join(" ");
  const head = `<p>${history.length} lines, the last of ${escapeHtml(newest.date.slice(0, 10))}. Times and throughput are
those of ${escapeHtml(timed.cpu)} only; fuel and memory are of every machine. Point at a dot to see its commit.</p><nav>${links}</nav>`;
  const sections = names.map(
    (
      name,
    ) => `<section id="${escapeHtml(name)}"><h2>${escapeHtml(name)}</h2><p>${escapeHtml(about.get(name) ?? "")}</p>
<div class="charts">${bars(timed, name)}
${charts(history, name, timed.cpu)}</div></section>`,
  );
  return page(head, sections.join("\n"));
};
