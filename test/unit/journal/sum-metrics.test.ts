import { describe, expect, it } from "vitest";
import type { Histogram, MetricsSpan, MetricsView } from "../../../src/journal/metrics-view.ts";
import { NO_METRICS } from "../../../src/journal/store/metrics/spans.ts";
import { addMetrics } from "../../../src/journal/sum-metrics.ts";

const histogram = (...counts: readonly number[]): Histogram => ({ bounds: [1, 2], counts });

const span = (at: number, hits: number, outcomes: Record<string, number>): MetricsSpan => ({
  at,
  hits,
  outcomes,
  requestBytes: hits * 10,
  responseBytes: hits * 100,
  lost: hits,
  wallMs: histogram(hits, 0, 0),
  cpuMs: histogram(0, hits, 0),
  memoryBytes: histogram(0, 0, hits),
});

const view = (minutes: readonly MetricsSpan[], lastHitAt: number | null): MetricsView => {
  const { at: _, ...totals } = span(0, 1, { static: 1 });
  return { totals: { ...totals, lastHitAt }, minutes, hours: [], days: minutes };
};

describe("the figures of two responders", () => {
  it("are added, span by span", () => {
    const sum = addMetrics(
      view([span(60, 1, { static: 1 }), span(180, 2, { threw: 2 })], 5),
      view([span(120, 4, { static: 4 }), span(180, 3, { threw: 1, "exceeded.cpu": 2 })], 9),
    );
    expect(sum.minutes).toEqual([
      span(60, 1, { static: 1 }),
      span(120, 4, { static: 4 }),
      span(180, 5, { threw: 3, "exceeded.cpu": 2 }),
    ]);
    expect(sum.days).toEqual(sum.minutes);
    expect(sum.totals).toMatchObject({ hits: 2, outcomes: { static: 2 }, requestBytes: 20, lastHitAt: 9 });
  });

  it("are the same with nothing added", () => {
    const one = view([span(60, 1, { static: 1 })], null);
    expect(
      addMetrics(one, { ...NO_METRICS, totals: { ...one.totals, hits: 0, lastHitAt: 3 } }).minutes,
    ).toEqual(one.minutes);
    expect(addMetrics(one, view([], null)).totals.lastHitAt).toBeNull();
    expect(addMetrics(view([], 7), one).totals.lastHitAt).toBe(7);
  });

  it("stay apart where their histograms have other bounds", () => {
    const one = view([], 1);
    const other = view([], 1);
    const wallMs = { bounds: [1, 3], counts: [5, 5, 5] };
    const sum = addMetrics(one, { ...other, totals: { ...other.totals, wallMs } });
    expect(sum.totals.wallMs).toEqual(histogram(1, 0, 0));
    expect(sum.totals.cpuMs).toEqual(histogram(0, 2, 0));
  });
});
