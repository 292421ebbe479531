import { describe, expect, it } from "vitest";
import { base64Codec, encoding, random, sealing, timers, url } from "../../src/runtime/index.ts";
import page from "../../docs/host-door.md?raw";
import { PLAIN_CASES } from "../support/price-cases.ts";
import { FACTOR, priceMeter } from "../support/prices.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const measure = priceMeter(sandbox, () => [base64Codec, encoding, random, sealing, timers, url]);

describe("no host call is dearer in time than its price", () => {
  it.each(PLAIN_CASES.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect((await measure(one)).ratio).toBeLessThan(FACTOR);
  });

  it("of all that the page of the host door names", () => {
    const named = [...page.matchAll(/^\|(?: \w+ \|)? `([a-z0-9-]+)`/gm)].map(([, op]) => op);
    const measured = new Set(PLAIN_CASES.map(({ name }) => name.split(",")[0]));
    // `done` does nothing; those with keys, requests and secrets are measured beside; those of `kv` work in another object;
    // a hit is forwarded once, at the price of a `fetch`, and so can't be repeated until the clock tells.
    const http = ["fetch", "fetch-bytes", "stream-bytes", "stream-clone", "stream-cancel"];
    const forward = ["forward", "forward-bytes"];
    const elsewhere = [
      "done",
      "subtle",
      "seal",
      "kv",
      "kv-bytes",
      ...http,
      ...forward,
      "secret",
      "secret-basic",
    ];
    expect(named.length).toBeGreaterThan(20);
    expect(named.filter((op) => op !== undefined && !measured.has(op))).toEqual(elsewhere);
  });

  it("whatever it is given", () => {
    expect(sandbox.faults).toEqual([]);
  });
});
