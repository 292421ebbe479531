import { describe, expect, it } from "vitest";
import engine from "../../build/engine.wasm";
import { createRuntime } from "../../src/runtime/index.ts";
import { cryptoSuites, HELP } from "../support/crypto/index.ts";
import { scriptEvaluator, scriptRunner } from "../support/run-script.ts";

const faults: unknown[] = [];
const js = scriptEvaluator(
  scriptRunner(createRuntime({ module: engine, now: Date.now, onFault: (error) => faults.push(error) })),
);

describe("crypto.subtle in workerd", () => {
  cryptoSuites((body) => js(`${HELP} ${body}`, { limits: { cpuMs: 10_000 } }));

  it("had no fault of the host", () => {
    expect(faults).toEqual([]);
  });
});
