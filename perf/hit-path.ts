import { join } from "node:path";
import { build } from "esbuild";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { ROOT } from "../scripts/prepare.ts";

export interface Figures {
  readonly p50Us: number;
  readonly p99Us: number;
  readonly batches: number;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * share))] ?? Number.NaN;

const isFigures = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number");

/** Runs `hit-worker.ts` in workerd: the percentiles of its batches' means, by scenario. */
export const measureHitPath = async (): Promise<Readonly<Record<string, Figures>>> => {
  const bundled = await build({
    entryPoints: [join(ROOT, "perf", "hit-worker.ts")],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    external: ["cloudflare:*", "node:*"],
    loader: { ".wasm": "empty" },
  });
  const miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script: bundled.outputFiles[0]?.text ?? "",
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
        return [name, { p50Us: at(means, 0.5), p99Us: at(means, 0.99), batches: means.length }];
      }),
    );
  } finally {
    await miniflare.dispose();
  }
};
