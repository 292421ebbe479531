import { randomBytes } from "node:crypto";
import { grantHit } from "../src/responders/grants/hit-grants.ts";
import { prepareRun } from "../src/responders/grants/run-secrets.ts";
import type { Hit } from "../src/responders/index.ts";
import type { GrantedSecret } from "../src/secrets/index.ts";
import { createResolver } from "../src/secrets/resolving/resolve.ts";
import { percentile } from "./results/percentile.ts";

/**
 * What a hit on a warm isolate pays for its grants, before its script runs: resolving, placeholders, powers. No I/O is
 * in it. Run with `node perf/grants.ts`; each figure is the mean of a batch of 100.
 */
const BATCH = 100;
const BATCHES = 500;
const WARM_UP = 50;

const secretsOf = (count: number): readonly GrantedSecret[] =>
  Array.from({ length: count }, (_, index) => ({
    id: `sec_${String(index).padStart(26, "0")}`,
    name: `SECRET_${index}`,
    version: 1,
    value: randomBytes(24).toString("base64url"),
    hosts: ["api.example.com"],
    places: ["header:authorization"],
  }));

const HIT: Hit = {
  requestId: "exc_1",
  receivedAt: 0,
  hops: 0,
  method: "POST",
  url: "https://perf.example.com/events",
  path: "/events",
  rawQuery: null,
  headers: [["content-type", "application/json"]],
  body: null,
  client: { ip: null },
};

const measure = async (count: number, mode: "all" | "selected"): Promise<readonly number[]> => {
  const secrets = secretsOf(count);
  const { resolve } = createResolver({
    now: Date.now,
    sleep: () => new Promise(() => undefined),
    defer: () => undefined,
    load: async () => ({ kind: "granted", secrets }),
    warn: () => undefined,
  });
  const deps = {
    now: Date.now,
    resolveSecrets: resolve,
    touchSecrets: () => undefined,
    randomBytes: (bytes: number) => crypto.getRandomValues(new Uint8Array(bytes)),
  };
  const routed = { mode, ids: mode === "all" ? [] : secrets.map(({ id }) => id), reveal: false };
  const means: number[] = [];
  for (let batch = -WARM_UP; batch < BATCHES; batch += 1) {
    const begun = performance.now();
    for (let at = 0; at < BATCH; at += 1) {
      prepareRun(deps, "acc_1", await grantHit(deps, "acc_1", routed), HIT);
    }
    if (batch >= 0) means.push(((performance.now() - begun) * 1_000) / BATCH);
  }
  return means.toSorted((one, other) => one - other);
};

console.log("grants of a hit, warm, in µs    p50     p99");
for (const [count, mode] of [
  [1, "selected"],
  [3, "selected"],
  [20, "selected"],
  [20, "all"],
  [200, "all"],
] as const) {
  const means = await measure(count, mode);
  const figure = (share: number): string => percentile(means, share).toFixed(1).padStart(8);
  console.log(`${String(count).padStart(4)} secrets, ${mode.padEnd(10)}${figure(0.5)}${figure(0.99)}`);
}
