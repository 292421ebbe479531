import type { Entry } from "../../journal-log.ts";
import type { MetricsSpan, MetricsView } from "../../metrics-view.ts";
import { numberOf, type Row, textOf } from "../tables.ts";
import {
  addEntry,
  CPU_MS,
  type Figures,
  histogram,
  MEMORY_BYTES,
  NO_FIGURES,
  readFigures,
  WALL_MS,
} from "./figures.ts";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

/** How long a span is, and how far back they are kept. */
const RESOLUTIONS = [
  { span: "minute", length: MINUTE, keptFor: 2 * HOUR },
  { span: "hour", length: HOUR, keptFor: 7 * DAY },
  { span: "day", length: DAY, keptFor: 90 * DAY },
] as const;
type Resolution = (typeof RESOLUTIONS)[number];

/** All that there ever was, in the one row of its kind. */
const TOTAL = "total";

const readSpan = (sql: SqlStorage, span: string, at: number): Figures | undefined => {
  const [row]: readonly Row[] = sql
    .exec("SELECT figures FROM spans WHERE span = ? AND at = ?", span, at)
    .toArray();
  return row && readFigures(textOf(row, "figures"));
};

const writeSpan = (sql: SqlStorage, span: string, at: number, figures: Figures): void => {
  sql.exec(
    "INSERT OR REPLACE INTO spans (span, at, figures) VALUES (?, ?, ?)",
    span,
    at,
    JSON.stringify(figures),
  );
};

/** The first span that is still kept. */
const oldestKept = ({ length, keptFor }: Resolution, now: number): number =>
  Math.floor((now - keptFor) / length) * length + length;

const count = (sql: SqlStorage, resolution: Resolution, entries: readonly Entry[], now: number): void => {
  const { span, length } = resolution;
  const touched = new Map<number, Figures>();
  let isNew = false;
  for (const entry of entries) {
    const at = Math.floor(entry.exchange.at / length) * length;
    let figures = touched.get(at) ?? readSpan(sql, span, at);
    isNew ||= figures === undefined;
    figures = addEntry(figures ?? NO_FIGURES, entry);
    touched.set(at, figures);
  }
  for (const [at, figures] of touched) writeSpan(sql, span, at, figures);
  if (isNew) sql.exec("DELETE FROM spans WHERE span = ? AND at < ?", span, oldestKept(resolution, now));
};

/** Counts hits in every resolution: one row read and written for each span that they lie in. */
export const countEntries = (sql: SqlStorage, entries: readonly Entry[], now: number): void => {
  for (const resolution of RESOLUTIONS) count(sql, resolution, entries, now);
  const total = entries.reduce(addEntry, readSpan(sql, TOTAL, 0) ?? NO_FIGURES);
  writeSpan(sql, TOTAL, 0, total);
};

const shown = (figures: Figures): Omit<MetricsSpan, "at"> => ({
  hits: figures.hits,
  outcomes: figures.outcomes,
  requestBytes: figures.requestBytes,
  responseBytes: figures.responseBytes,
  lost: figures.lost,
  wallMs: histogram(WALL_MS, figures.wallMs),
  cpuMs: histogram(CPU_MS, figures.cpuMs),
  memoryBytes: histogram(MEMORY_BYTES, figures.memoryBytes),
});

const shownSpan = (at: number, figures: Figures): MetricsSpan => ({ at, ...shown(figures) });

const spansOf = (sql: SqlStorage, resolution: Resolution, now: number): readonly MetricsSpan[] =>
  sql
    .exec(
      "SELECT at, figures FROM spans WHERE span = ? AND at >= ? ORDER BY at",
      resolution.span,
      oldestKept(resolution, now),
    )
    .toArray()
    .map((row) => shownSpan(numberOf(row, "at"), readFigures(textOf(row, "figures"))));

export const NO_METRICS: MetricsView = {
  totals: { ...shown(NO_FIGURES), lastHitAt: null },
  minutes: [],
  hours: [],
  days: [],
};

export const readMetrics = (sql: SqlStorage, now: number): MetricsView => {
  const total = readSpan(sql, TOTAL, 0) ?? NO_FIGURES;
  const [minute, hour, day] = RESOLUTIONS;
  return {
    totals: { ...shown(total), lastHitAt: total.lastHitAt === 0 ? null : total.lastHitAt },
    minutes: spansOf(sql, minute, now),
    hours: spansOf(sql, hour, now),
    days: spansOf(sql, day, now),
  };
};
