import { plainHit } from "./hits.ts";
import { scenario } from "./scenario.ts";
import { isOk, TRIVIAL } from "./steady-state.ts";

/** What the first hit of an isolate pays: the engine, the prelude, its image, and the run. */
export const coldStart = scenario({
  name: "cold_start",
  about: "the first run of a process",
  source: TRIVIAL,
  hit: plainHit,
  isRight: isOk,
  cold: true,
});
