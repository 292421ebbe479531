import type { HistoryLine, Recorded } from "../../../perf/results/history.ts";

export const recorded = (figures: Partial<Recorded> = {}): Recorded => ({
  fuel: 1_000,
  peakMemoryBytes: 1_000_000,
  p50Us: 100,
  p90Us: 110,
  p99Us: 200,
  maxUs: 300,
  perSecond: 5_000,
  samples: 1_000,
  peers: {},
  ...figures,
});

export const lineOf = (
  scenarios: HistoryLine["scenarios"],
  rest: Partial<Omit<HistoryLine, "scenarios">> = {},
): HistoryLine => ({
  commit: "0123456789abcdef",
  date: "2026-11-22T12:00:00.000Z",
  cpu: "A CPU",
  scenarios,
  workerd: {},
  ...rest,
});
