import { describe, expect, it } from "vitest";
import { HTTP_CASES, httpGrants } from "../support/price-http-cases.ts";
import { FACTOR, priceMeter } from "../support/prices.ts";
import { workerSandbox } from "../support/worker-engine.ts";

describe.each([
  ["without secrets", false],
  ["with secrets to be looked for", true],
])("no request is dearer in time than its price, %s", (_, hasSecrets) => {
  const sandbox = workerSandbox();
  const measure = priceMeter(sandbox, httpGrants(hasSecrets));
  it.each(HTTP_CASES.map((one) => [one.name, one] as const))("%s", async (_name, one) => {
    expect((await measure(one)).ratio).toBeLessThan(FACTOR);
  });

  it("whatever it is given", () => {
    expect(sandbox.faults).toEqual([]);
  });
});
