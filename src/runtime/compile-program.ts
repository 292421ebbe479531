import { exceededCpu } from "./exceeded.ts";
import { fuelForMs } from "./fuel.ts";
import { compileError, EXPRESSION_PREFIX, PROGRAM_FILE } from "./guest-error.ts";
import type { BaseImage, ScriptImage } from "./image.ts";
import { type Evidence, judgeFailure, judgeStop } from "./judge.ts";
import type { Machine } from "./machine.ts";
import type { Ending } from "./outcome.ts";
import type { RunRequest } from "./run.ts";
import { inSetUp } from "./set-up.ts";
import { StopRun } from "./stop-run.ts";
import { describeThrown } from "./thrown.ts";

/** What came of a compilation, and the fuel that it took: not a run's own, but its account's. */
export type Compiled = { readonly fuel: number } & (
  | { readonly ok: true; readonly script: ScriptImage }
  | { readonly ok: false; readonly ending: Ending }
);

/**
 * Compiles a program behind its prelude's image and takes what it added. No code of the user's runs: a module is only
 * registered and linked, an expression becomes a function that nobody has called. Under the run's own CPU limit, and on a
 * memory that was restored in full.
 */
export const compileProgram = (machine: Machine, base: BaseImage, request: RunRequest): Compiled => {
  const { limits, program, share } = request;
  const { engine } = machine;
  const expression = program.form === "expression";
  const fuelLimit = fuelForMs(limits.cpuMs);

  const compile = (): ScriptImage => {
    const source = expression ? `${EXPRESSION_PREFIX}${program.code}\n)` : program.code;
    const compiled = engine.evaluate(source, PROGRAM_FILE, expression ? "script" : "module");
    if (!compiled.ok) {
      const told = describeThrown(engine, base.anchors.tools, compiled.error);
      throw new StopRun({ kind: "threw", error: compileError(told, expression) });
    }
    if (!expression) engine.free(compiled.value);
    const main = expression ? compiled.value : undefined;
    return { blocks: machine.difference(), heapTop: engine.heapTop(), main };
  };

  const setUp = { image: { base, script: undefined }, account: share.account, fuel: fuelLimit };
  return inSetUp(machine, setUp, (tenant) => {
    const used = (): number => fuelLimit - Math.max(0, engine.fuel());
    try {
      const script = compile();
      return { ok: true, script, fuel: used() };
    } catch (thrown) {
      const fuel = engine.fuel();
      const { refused } = tenant;
      const evidence: Evidence = { limits, fuel, interrupted: false, refused, largestBodyRead: 0 };
      const ending = judgeStop(thrown, evidence) ?? exceededCpu(limits);
      return { ok: false, ending: judgeFailure(ending, evidence), fuel: used() };
    }
  });
};
