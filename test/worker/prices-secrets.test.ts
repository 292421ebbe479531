import { describe, expect, it } from "vitest";
import { SECRET_CASES, secretGrants } from "../support/price-secret-cases.ts";
import { FACTOR, priceMeter } from "../support/prices.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const measure = priceMeter(sandbox, await secretGrants());

describe("nothing that is done with secrets is dearer in time than its price", () => {
  it.each(SECRET_CASES.map((one) => [one.name, one] as const))("%s", async (_, one) => {
    expect((await measure(one)).ratio).toBeLessThan(FACTOR);
  });

  it("whatever it is given", () => {
    expect(sandbox.faults).toEqual([]);
  });
});
