import type { Share } from "../runtime/index.ts";
import { checkByEngine } from "./check-by-engine.ts";
import type { CompiledUnit, Linked, LoadScript, Program, ScriptFault, ScriptRef } from "./compiled.ts";
import { checkHandlers, handlersOf } from "./linking/check-handlers.ts";
import { checkImports } from "./linking/check-imports.ts";
import { createExports } from "./linking/exports.ts";
import { faultIn, type Graph, loadGraph, TOO_MUCH_CODE } from "./linking/graph.ts";
import { createJoin } from "./linking/join.ts";
import { mergeFacts } from "./linking/merge-facts.ts";
import { nameBindings } from "./linking/names.ts";
import { firstPart } from "./positions.ts";
import type { CompileDeps } from "./run-for-save.ts";

export interface LinkInput {
  /** A source of its own, or a script of the library, which `load` is asked for. */
  readonly main: CompiledUnit | ScriptRef;
  /** A responder needs a handler; a script that is only saved need not have one. */
  readonly as: "responder" | "library";
  /** Whether `onResponse` has a response to look at. */
  readonly hasUpstream?: boolean;
  /** For a version that is about to be saved, it gives that one for the latest. */
  readonly load: LoadScript;
  /** Who pays for the run. */
  readonly share: Share;
}

const refused = (...errors: readonly ScriptFault[]): Linked => ({ kind: "refused", errors });

/** One program of all modules, or why there is none. */
const join = (graph: Graph, { as, hasUpstream = false }: LinkInput): Program | readonly ScriptFault[] => {
  const { main, modules } = graph;
  const { file, unit } = main;
  const exports = createExports();
  const faults = checkImports(graph, exports);
  if (faults.length > 0) return faults;
  const handlers = handlersOf(main, exports);
  const unusable = as === "responder" ? checkHandlers(main, handlers, hasUpstream) : [];
  if (unusable.length > 0) return unusable;
  const { form, code, map } = unit;
  if (modules.length === 1) return { form, handlers, code, parts: [firstPart(file, map)] };
  const joined = createJoin(graph, exports, nameBindings(graph, exports))(handlers);
  if (joined !== "too-large") return { form, handlers, ...joined };
  return [faultIn(file, unit.imports[0] ?? null, TOO_MUCH_CODE)];
};

/**
 * Makes one program of a script and all that it imports, and lets the engine check it.
 * The user's mistakes are an answer; throws `AppError` only when there is no room for the run.
 */
export const link = async (deps: CompileDeps, input: LinkInput): Promise<Linked> => {
  const loaded = await loadGraph(input.main, input.load);
  if (loaded.kind === "refused") return loaded;
  const { graph } = loaded;
  const program = join(graph, input);
  if (!("code" in program)) return refused(...program);
  const fault = await checkByEngine(deps, program, input.share);
  if (fault !== undefined) return refused(fault);
  return { kind: "linked", program, uses: graph.uses, facts: mergeFacts(graph) };
};
