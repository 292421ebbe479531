import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { cryptoSuites, HELP } from "../../support/crypto/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const faults: unknown[] = [];
const runtime = createRuntime({
  module: await engineModule(),
  now: Date.now,
  onFault: (error) => faults.push(error),
});
const js = scriptEvaluator(scriptRunner(runtime));

describe("crypto.subtle in Node", () => {
  cryptoSuites((body) => js(`${HELP} ${body}`, { limits: { cpuMs: 10_000 } }));

  it("had no fault of the host", () => {
    expect(faults).toEqual([]);
  });
});
