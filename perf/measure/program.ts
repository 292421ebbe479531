import { createRuntime, type Runtime } from "../../src/runtime/index.ts";
import { compile, type CompiledUnit, link, type LoadScript, type Program } from "../../src/scripts/index.ts";
import { type Scenario, SCENARIOS } from "../scenarios/index.ts";

const SHARE = { account: "acc_0", unit: "compiler", runsPerAccount: 1, runsPerUnit: 1, cpuMsPer10s: null };

const compileOne = async (runtime: Runtime, name: string, source: string): Promise<CompiledUnit> => {
  const compiled = await compile(runtime, { source, language: "js", share: SHARE });
  if (compiled.kind === "compiled") return compiled.unit;
  throw new Error(`the script of ${name} is refused: ${compiled.errors[0]?.message}`);
};

const programOf = async (runtime: Runtime, { name, source, library }: Scenario): Promise<Program> => {
  const units = new Map<string, CompiledUnit>();
  for (const [imported, text] of Object.entries(library)) {
    units.set(imported, await compileOne(runtime, `${name}/${imported}`, text));
  }
  const load: LoadScript = (imported) => {
    const unit = units.get(imported);
    return Promise.resolve(unit && { scriptId: imported, name: imported, version: 1, unit });
  };
  const main = await compileOne(runtime, name, source);
  const linked = await link(runtime, { main, as: "responder", load, share: SHARE });
  if (linked.kind === "linked") return linked.program;
  throw new Error(`the script of ${name} is refused: ${linked.errors[0]?.message}`);
};

/** What a save makes of each scenario's script, by its name: hits run that, and not the text itself. */
export const compileScenarios = async (module: WebAssembly.Module): Promise<ReadonlyMap<string, Program>> => {
  const runtime = createRuntime({ module, now: Date.now });
  const programs = new Map<string, Program>();
  for (const scenario of SCENARIOS) programs.set(scenario.name, await programOf(runtime, scenario));
  return programs;
};
