import { createServer } from "node:http";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { bundleWorker } from "./hosts/bundle-worker.ts";
import { percentile } from "./results/percentile.ts";

/** What forwarding adds to a direct fetch, and what hooks do (`forwarding-worker.ts`). Run with `node perf/forwarding.ts`. */
const WAYS = ["direct", "forwarded", "hooked"] as const;

const isFigures = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.every((each) => typeof each === "number");

const origin = createServer((_request, response) => {
  response.writeHead(200, { "content-type": "application/json" });
  response.end('{"id":1,"name":"A thing","price":"0.00","tags":["a","b"]}');
});
await new Promise<void>((resolve) => origin.listen(0, "127.0.0.1", resolve));
const address = origin.address();
if (address === null || typeof address === "string") throw new Error("the origin has no port");

const { script, wasm } = await bundleWorker("perf/forwarding-worker.ts");
const miniflare = new Miniflare(
  convertV4MiniflareOptions({
    modules: [
      { type: "ESModule", path: "worker.mjs", contents: script },
      ...wasm.map(({ name, bytes }) => ({ type: "CompiledWasm" as const, path: name, contents: bytes })),
    ],
    compatibilityDate: "2026-08-04",
    d1Databases: ["DB"],
    kvNamespaces: ["ROUTES"],
    bindings: { ORIGIN: `http://127.0.0.1:${address.port}` },
  }),
);
try {
  const response = await miniflare.dispatchFetch("http://localhost/");
  const text = await response.text();
  if (!response.ok) throw new Error(text);
  const told: Readonly<Record<string, unknown>> = JSON.parse(text);
  const sorted = (name: string): readonly number[] => {
    const means = told[name];
    if (!isFigures(means)) throw new Error(`no figures for ${name}`);
    return means.toSorted((one, other) => one - other);
  };
  const direct = percentile(sorted("direct"), 0.5);
  console.log("a request, in µs     p10     p50     p99   added (p50)");
  for (const name of WAYS) {
    const at = (share: number): number => percentile(sorted(name), share);
    const shown = [at(0.1), at(0.5), at(0.99), at(0.5) - direct].map((figure) =>
      figure.toFixed(0).padStart(8),
    );
    console.log(`${name.padEnd(16)}${shown.join("")}`);
  }
} finally {
  await miniflare.dispose();
  origin.close();
}
