import type { Share } from "../runtime/index.ts";
import { CHECK_PRELUDE } from "./check-prelude.ts";
import type { Program, ScriptFault } from "./compiled.ts";
import { faultIn } from "./linking/graph.ts";
import { OWN_FILE, placeIn } from "./positions.ts";
import { type CompileDeps, runForSave, TOO_LARGE } from "./run-for-save.ts";

const CHECK_MS = 250;

/** What only the engine itself refuses: the program is compiled as a hit would, and not run. */
export const checkByEngine = async (
  deps: CompileDeps,
  { form, code, parts }: Program,
  share: Share,
): Promise<ScriptFault | undefined> => {
  const outcome = await runForSave(deps, {
    prelude: CHECK_PRELUDE,
    program: { form, code },
    input: null,
    heapMb: 10,
    cpuMs: CHECK_MS,
    share,
  });
  if (outcome.kind === "returned") return undefined;
  const tooLarge = faultIn(OWN_FILE, null, TOO_LARGE);
  if (outcome.kind === "exceeded") return tooLarge;
  if (outcome.kind !== "threw") throw new Error(`The engine's check failed: ${outcome.kind}`);
  const { name, message, line } = outcome.error;
  // Its own parser calls itself too.
  if (name !== "SyntaxError") return tooLarge;
  const place = line === null ? null : placeIn(parts, line, 1);
  const fault = faultIn(place?.file ?? OWN_FILE, place, `The engine does not accept this: ${message}`);
  // Its columns mostly do not hold (measured).
  return { ...fault, column: null };
};
