import { createRuntime } from "../../src/runtime/index.ts";
import { compile, type Program } from "../../src/scripts/index.ts";
import { SCENARIOS } from "../scenarios/index.ts";

const SHARE = { account: "acc_0", unit: "compiler", runsPerAccount: 1, runsPerUnit: 1, cpuMsPer10s: null };

/** What a save makes of each scenario's script, by its name: hits run that, and not the text itself. */
export const compileScenarios = async (module: WebAssembly.Module): Promise<ReadonlyMap<string, Program>> => {
  const runtime = createRuntime({ module, now: Date.now });
  const programs = new Map<string, Program>();
  for (const { name, source } of SCENARIOS) {
    const compiled = await compile(runtime, { source, language: "js", share: SHARE });
    if (compiled.kind === "refused") {
      throw new Error(`the script of ${name} is refused: ${compiled.errors[0]?.message}`);
    }
    programs.set(name, compiled.program);
  }
  return programs;
};
