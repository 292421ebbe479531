import type { HistoryLine, Recorded } from "./history.ts";

/** By how much a figure may be worse than the recorded one before somebody is told. */
const TOLERATED = { p50Us: 0.15, p99Us: 0.2, perSecond: 0.15, peakMemoryBytes: 0.25 } as const;
/** Fuel has no noise; this is room for a change that is meant. */
const FUEL_RISE = 0.02;

const WORDS = {
  p50Us: "p50, µs",
  p99Us: "p99, µs",
  perSecond: "runs a second",
  peakMemoryBytes: "peak memory, bytes",
} as const;
const METRICS = ["p50Us", "p99Us", "perSecond", "peakMemoryBytes"] as const;

export interface Change {
  readonly scenario: string;
  readonly what: string;
  readonly before: number;
  readonly after: number;
}

export interface FuelVerdict {
  /** More than may be: errors. */
  readonly rises: readonly Change[];
  /** Others that are not as recorded. */
  readonly differs: readonly Change[];
  /** Names that are measured and not recorded, and the other way round. */
  readonly unrecorded: readonly string[];
  readonly gone: readonly string[];
}

/** Finer than any limit, coarser than what binary fractions get wrong: 10.5 is 5 % more than 10, and not more than that. */
const GRAIN = 1e9;

/** A share: 0.1 is 10 % more than before. */
export const changeOf = ({ before, after }: Pick<Change, "before" | "after">): number => {
  if (before === after) return 0;
  return before === 0 ? Number.POSITIVE_INFINITY : Math.round((after / before - 1) * GRAIN) / GRAIN;
};

export const compareFuel = (
  now: HistoryLine["scenarios"],
  recorded: HistoryLine["scenarios"],
): FuelVerdict => {
  const changes = Object.entries(now).flatMap(([scenario, { fuel: after }]): Change[] => {
    const before = recorded[scenario]?.fuel;
    return before === undefined || before === after ? [] : [{ scenario, what: "fuel", before, after }];
  });
  const isRise = (change: Change): boolean => changeOf(change) > FUEL_RISE;
  return {
    rises: changes.filter(isRise),
    differs: changes.filter((change) => !isRise(change)),
    unrecorded: Object.keys(now).filter((name) => !Object.hasOwn(recorded, name)),
    gone: Object.keys(recorded).filter((name) => !Object.hasOwn(now, name)),
  };
};

const compareScenario = (scenario: string, now: Recorded, recorded: Recorded): readonly Change[] =>
  METRICS.flatMap((metric): Change[] => {
    const [before, after] = [recorded[metric], now[metric]];
    if (before === undefined || after === undefined) return [];
    const change = { scenario, what: WORDS[metric], before, after };
    const worse = metric === "perSecond" ? -changeOf(change) : changeOf(change);
    return worse > TOLERATED[metric] ? [change] : [];
  });

/** What became worse by more than noise explains: worth a look, not an error. */
export const compareTimes = (now: HistoryLine, recorded: HistoryLine): readonly Change[] =>
  (["scenarios", "workerd"] as const).flatMap((host) =>
    Object.entries(now[host]).flatMap(([name, figures]) => {
      const before = recorded[host][name];
      return before === undefined
        ? []
        : compareScenario(host === "workerd" ? `${name} (workerd)` : name, figures, before);
    }),
  );

/** The last line that has times of this CPU. */
export const lastOf = (history: readonly HistoryLine[], cpu: string): HistoryLine | undefined =>
  history.findLast(
    (line) =>
      line.cpu === cpu && Object.values(line.scenarios).some((figures) => figures.p50Us !== undefined),
  );
