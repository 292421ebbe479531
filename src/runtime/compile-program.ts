import { exceededCpu } from "./exceeded.ts";
import { fuelForMs } from "./fuel.ts";
import { compileError, EXPRESSION_PREFIX, PROGRAM_FILE } from "./guest-error.ts";
import type { BaseImage, ScriptImage } from "./image.ts";
import { type Evidence, judgeFailure, judgeStop } from "./judge.ts";
import type { Machine } from "./machine.ts";
import type { Ending } from "./outcome.ts";
import type { RunRequest } from "./run.ts";
import { setUpTenant } from "./set-up.ts";
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
  const tenant = setUpTenant({ base, script: undefined }, share.account, fuelLimit);
  const evidence = (): Evidence => ({
    limits,
    fuel: engine.fuel(),
    interrupted: false,
    refused: tenant.refused,
    largestBodyRead: 0,
  });

  const compile = (): ScriptImage => {
    const source = expression ? `${EXPRESSION_PREFIX}${program.code}\n)` : program.code;
    const compiled = engine.evaluate(source, PROGRAM_FILE, expression ? "script" : "module");
    if (!compiled.ok) {
      const error = compileError(describeThrown(engine, base.anchors.tools, compiled.error), expression);
      throw new StopRun(judgeFailure({ kind: "threw", error }, evidence()));
    }
    if (!expression) engine.free(compiled.value);
    return {
      blocks: machine.difference(),
      heapTop: engine.heapTop(),
      main: expression ? compiled.value : undefined,
    };
  };

  machine.distrust();
  machine.enter(tenant);
  try {
    const script = compile();
    return { ok: true, script, fuel: fuelLimit - engine.fuel() };
  } catch (thrown) {
    const ending = judgeStop(thrown, evidence()) ?? exceededCpu(limits);
    return { ok: false, ending, fuel: fuelLimit - Math.max(0, engine.fuel()) };
  } finally {
    machine.leave(tenant, false);
  }
};
