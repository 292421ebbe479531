import { isRecord, isWhole, parseJson } from "../../../responders/index.ts";
import { outcomeName } from "../../exchange.ts";
import type { Entry } from "../../journal-log.ts";
import type { Histogram } from "../../metrics-view.ts";

/** Never changed for a span that is stored: a histogram of other bounds is begun anew. */
export const WALL_MS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 30_000, 60_000];
export const CPU_MS = [0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 250, 500, 1_000, 2_500, 5_000, 10_000];
const MIB = 1024 * 1024;
export const MEMORY_BYTES = [
  MIB / 16,
  MIB / 8,
  MIB / 4,
  MIB / 2,
  MIB,
  2 * MIB,
  4 * MIB,
  6 * MIB,
  8 * MIB,
  10 * MIB,
  16 * MIB,
  24 * MIB,
  32 * MIB,
];

/** What is counted of the hits of one span. The counts of a histogram are one more than its bounds. */
export interface Figures {
  readonly hits: number;
  readonly outcomes: Readonly<Record<string, number>>;
  readonly requestBytes: number;
  readonly responseBytes: number;
  readonly lost: number;
  readonly wallMs: readonly number[];
  readonly cpuMs: readonly number[];
  readonly memoryBytes: readonly number[];
  /** 0 for none. */
  readonly lastHitAt: number;
}

const zeros = (bounds: readonly number[]): readonly number[] => [...bounds, 0].map(() => 0);

export const NO_FIGURES: Figures = {
  hits: 0,
  outcomes: {},
  requestBytes: 0,
  responseBytes: 0,
  lost: 0,
  wallMs: zeros(WALL_MS),
  cpuMs: zeros(CPU_MS),
  memoryBytes: zeros(MEMORY_BYTES),
  lastHitAt: 0,
};

const counted = (counts: readonly number[], bounds: readonly number[], value: number): readonly number[] => {
  const found = bounds.findIndex((bound) => value <= bound);
  const bucket = found < 0 ? bounds.length : found;
  return counts.map((count, index) => (index === bucket ? count + 1 : count));
};

/** Endings without a run. */
const NOT_RUN: ReadonlySet<string> = new Set(["static", "unavailable", "forwarded", "upstream-failed"]);

/** What was not run has no figures of a run, and is in no histogram: a hook that was run costs fuel, and is. */
const wasRun = ({ outcome, fuel }: Entry["exchange"]["run"]): boolean =>
  fuel > 0 || !NOT_RUN.has(outcome.kind);

export const addEntry = (figures: Figures, { exchange, lost }: Entry): Figures => {
  const { run, request, response, at } = exchange;
  const name = outcomeName(run);
  const ran = wasRun(run);
  return {
    hits: figures.hits + 1,
    outcomes: { ...figures.outcomes, [name]: (figures.outcomes[name] ?? 0) + 1 },
    requestBytes: figures.requestBytes + request.body.size,
    responseBytes: figures.responseBytes + response.body.size,
    lost: figures.lost + lost,
    wallMs: ran ? counted(figures.wallMs, WALL_MS, run.wallMs) : figures.wallMs,
    cpuMs: ran ? counted(figures.cpuMs, CPU_MS, run.cpuMs) : figures.cpuMs,
    memoryBytes: ran ? counted(figures.memoryBytes, MEMORY_BYTES, run.peakMemoryBytes) : figures.memoryBytes,
    lastHitAt: Math.max(figures.lastHitAt, at),
  };
};

const readCounts = (value: unknown, bounds: readonly number[]): readonly number[] =>
  Array.isArray(value) && value.length === bounds.length + 1 && value.every(isWhole) ? value : zeros(bounds);

const wholeOf = (value: unknown): number => (isWhole(value) ? value : 0);

/** Figures as they were stored; what another version wrote otherwise counts as nothing. */
export const readFigures = (text: string): Figures => {
  const value = parseJson(text);
  if (!isRecord(value)) return NO_FIGURES;
  const outcomes = isRecord(value["outcomes"]) ? Object.entries(value["outcomes"]) : [];
  return {
    hits: wholeOf(value["hits"]),
    outcomes: Object.fromEntries(outcomes.map(([name, count]) => [name, wholeOf(count)])),
    requestBytes: wholeOf(value["requestBytes"]),
    responseBytes: wholeOf(value["responseBytes"]),
    lost: wholeOf(value["lost"]),
    wallMs: readCounts(value["wallMs"], WALL_MS),
    cpuMs: readCounts(value["cpuMs"], CPU_MS),
    memoryBytes: readCounts(value["memoryBytes"], MEMORY_BYTES),
    lastHitAt: wholeOf(value["lastHitAt"]),
  };
};

/** As it is shown, with its bounds. */
export const histogram = (bounds: readonly number[], counts: readonly number[]): Histogram => ({
  bounds,
  counts,
});
