import type { Histogram, MetricsSpan, MetricsView } from "./metrics-view.ts";

type Counted = Omit<MetricsSpan, "at">;

const sameBounds = (left: Histogram, right: Histogram): boolean =>
  left.bounds.length === right.bounds.length &&
  left.bounds.every((bound, place) => bound === right.bounds[place]);

/** Bounds change with a version only: of two that do not fit together, the first stands. */
const addHistogram = (left: Histogram, right: Histogram): Histogram =>
  sameBounds(left, right)
    ? { bounds: left.bounds, counts: left.counts.map((count, place) => count + (right.counts[place] ?? 0)) }
    : left;

const addOutcomes = (
  left: MetricsSpan["outcomes"],
  right: MetricsSpan["outcomes"],
): MetricsSpan["outcomes"] => {
  const sum: Record<string, number> = { ...left };
  for (const [name, count] of Object.entries(right)) sum[name] = (sum[name] ?? 0) + count;
  return sum;
};

const add = (left: Counted, right: Counted): Counted => ({
  hits: left.hits + right.hits,
  outcomes: addOutcomes(left.outcomes, right.outcomes),
  requestBytes: left.requestBytes + right.requestBytes,
  responseBytes: left.responseBytes + right.responseBytes,
  lost: left.lost + right.lost,
  wallMs: addHistogram(left.wallMs, right.wallMs),
  cpuMs: addHistogram(left.cpuMs, right.cpuMs),
  memoryBytes: addHistogram(left.memoryBytes, right.memoryBytes),
});

const addSpans = (left: readonly MetricsSpan[], right: readonly MetricsSpan[]): readonly MetricsSpan[] => {
  const spans = new Map(left.map((span) => [span.at, span]));
  for (const span of right) {
    const same = spans.get(span.at);
    spans.set(span.at, same === undefined ? span : { at: span.at, ...add(same, span) });
  }
  return [...spans.values()].toSorted((one, other) => one.at - other.at);
};

const later = (left: number | null, right: number | null): number | null =>
  left === null || right === null ? (left ?? right) : Math.max(left, right);

/** What happened at two responders, as if they were one. */
export const addMetrics = (left: MetricsView, right: MetricsView): MetricsView => ({
  totals: {
    ...add(left.totals, right.totals),
    lastHitAt: later(left.totals.lastHitAt, right.totals.lastHitAt),
  },
  minutes: addSpans(left.minutes, right.minutes),
  hours: addSpans(left.hours, right.hours),
  days: addSpans(left.days, right.days),
});
