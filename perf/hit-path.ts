import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "./hosts/bundle-worker.ts";
import type { HitFigures } from "./results/figures.ts";
import { percentile } from "./results/percentile.ts";

const isFigures = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number");

/** Runs `hit-worker.ts` in workerd: the percentiles of its batches' means, by scenario. */
export const measureHitPath = async (): Promise<Readonly<Record<string, HitFigures>>> => {
  const { script } = await bundleWorker("perf/hit-worker.ts");
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script,
      compatibilityDate: "2026-08-04",
      d1Databases: ["DB"],
      kvNamespaces: ["ROUTES"],
      ratelimits: { RATE: { namespace_id: "1", simple: { limit: 100_000_000, period: 60 } } },
    }),
  );
  try {
    const response = await miniflare.dispatchFetch("http://localhost/");
    const told: unknown = await response.json();
    if (typeof told !== "object" || told === null) throw new Error("the worker told nothing");
    return Object.fromEntries(
      Object.entries(told).map(([name, means]: [string, unknown]) => {
        if (!isFigures(means)) throw new Error(`no figures for ${name}`);
        const at = (share: number): number => Math.round(percentile(means, share));
        return [name, { p50Us: at(0.5), p99Us: at(0.99), batches: means.length }];
      }),
    );
  } finally {
    await miniflare.dispose();
  }
};
