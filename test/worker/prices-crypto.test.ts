import { describe, expect, it } from "vitest";
import { sealing, subtleCrypto } from "../../src/runtime/index.ts";
import { cryptoCases } from "../support/price-crypto-cases.ts";
import { FACTOR, priceMeter } from "../support/prices.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const measure = priceMeter(sandbox, () => [sealing, subtleCrypto]);
const cases = await cryptoCases();

describe("no call of crypto.subtle is dearer in time than its price", () => {
  it.each(cases.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect((await measure(one)).ratio).toBeLessThan(FACTOR);
  });

  it("whatever it is given", () => {
    expect(sandbox.faults).toEqual([]);
  });
});
