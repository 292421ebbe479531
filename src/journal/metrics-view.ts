/** How a histogram's buckets are bounded, each "up to and including"; what is above the last is in one more. */
export interface Histogram {
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
}

/** What happened in one span of time: a minute, an hour or a day, in UTC. */
export interface MetricsSpan {
  /** Its beginning, in ms since the epoch. */
  readonly at: number;
  readonly hits: number;
  /** Hits by the name of their outcome (`returned`, `exceeded.cpu`, …), `static` among them. */
  readonly outcomes: Readonly<Record<string, number>>;
  readonly requestBytes: number;
  readonly responseBytes: number;
  /** Exchanges that could not be recorded. */
  readonly lost: number;
  readonly wallMs: Histogram;
  readonly cpuMs: Histogram;
  readonly memoryBytes: Histogram;
}

/** Oldest first; spans without a hit are left out. Minutes of the last 2 h, hours of 7 days, days of 90. */
export interface MetricsView {
  readonly totals: Omit<MetricsSpan, "at"> & { readonly lastHitAt: number | null };
  readonly minutes: readonly MetricsSpan[];
  readonly hours: readonly MetricsSpan[];
  readonly days: readonly MetricsSpan[];
}
