import type { Share } from "../runtime/index.ts";
import type { CompileDeps } from "./compile.ts";
import type { CompiledUnit, Linked, LoadScript, ScriptRef } from "./compiled.ts";

export interface LinkInput {
  /** A source of its own, or a script of the library, which `load` is asked for first. */
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

/**
 * Makes one program of a script and all that it imports, and lets the engine check it.
 * The user's mistakes are an answer; throws `AppError` only when there is no room for the run.
 */
export const link = (_deps: CompileDeps, _input: LinkInput): Promise<Linked> => {
  throw new Error("not yet");
};
