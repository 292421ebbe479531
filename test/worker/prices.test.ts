import { describe, expect, it } from "vitest";
import { base64Codec, encoding, random, sealing, timers, url } from "../../src/runtime/index.ts";
import { PLAIN_CASES } from "../support/price-cases.ts";
import { FACTOR, priceMeter } from "../support/prices.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const measure = priceMeter(sandbox, () => [base64Codec, encoding, random, sealing, timers, url]);

describe("no host call is dearer in time than its price", () => {
  it.each(PLAIN_CASES.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect((await measure(one)).ratio).toBeLessThan(FACTOR);
  });

  it("whatever it is given", () => {
    expect(sandbox.faults).toEqual([]);
  });
});
