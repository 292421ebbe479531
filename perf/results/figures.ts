import { inOrder, percentile } from "./percentile.ts";

export const PEERS = [
  "isolated-vm",
  "worker-loader",
  "quickjs-emscripten",
  "quickjs-emscripten-module",
] as const;
export type PeerName = (typeof PEERS)[number];
export type Host = "node" | "workerd";

/** Times of single runs in Node, of the means of batches in workerd; in microseconds. */
export interface Timing {
  readonly p50Us: number;
  readonly p90Us: number;
  readonly p99Us: number;
  readonly maxUs: number;
  /** Runs done, over the wall time of all of them. */
  readonly perSecond: number;
  /** How many times the percentiles are of. */
  readonly samples: number;
}

export type PeerTiming = Pick<Timing, "p50Us" | "p99Us" | "perSecond">;
export type PeerTimings = Readonly<Partial<Record<PeerName, PeerTiming>>>;

/** What is exact: the same on every repeat. `peakMemoryBytes` is the most of any run. */
export interface Exact {
  readonly fuel: number;
  readonly peakMemoryBytes: number;
}

export interface ScenarioFigures extends Timing, Exact {
  readonly host: Host;
  readonly peers: PeerTimings;
  /** Of `parked`: how many answered as they should, the most asleep at one moment, and what all that slept took then. */
  readonly completed?: number;
  readonly asleep?: number;
  readonly keptBytes?: number;
  /** In workerd, of `burst` and `parked`: the most of the whole process, by `VmRSS`. */
  readonly residentBytes?: number;
}

/** A static responder's hits: the means of batches, in microseconds. */
export interface HitFigures {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly batches: number;
}

export type ByScenario<T> = Readonly<Record<string, T>>;

/** What `npm run perf -- --json FILE` writes. `scenarios` are the figures in Node, `workerd` those in workerd. */
export interface Results {
  readonly commit: string;
  readonly date: string;
  readonly cpu: string;
  readonly node: string;
  readonly scenarios: ByScenario<ScenarioFigures>;
  readonly workerd: ByScenario<ScenarioFigures>;
  /** Peers without figures, and why. */
  readonly absent: Readonly<Partial<Record<PeerName, string>>>;
  /** In Node: from the beginning of a run to a memory that is its own; `full` after another account's. */
  readonly restores: Readonly<Record<"short" | "full", Timing>>;
  /** The modules that a hit needs, evaluated in fresh processes. */
  readonly evaluation: { readonly host: "node"; readonly p50Ms: number; readonly maxMs: number };
  readonly hitPath: { readonly host: "workerd"; readonly scenarios: ByScenario<HitFigures> };
}

/** To whole microseconds, and whole runs a second. */
export const timingOf = (timesUs: readonly number[], runs: number, wallMs: number): Timing => {
  const sorted = inOrder(timesUs);
  const at = (share: number): number => Math.round(percentile(sorted, share));
  return {
    p50Us: at(0.5),
    p90Us: at(0.9),
    p99Us: at(0.99),
    maxUs: at(1),
    perSecond: Number(((runs * 1_000) / wallMs).toPrecision(4)),
    samples: sorted.length,
  };
};
