import { fieldOf, jsonOf, plainHit } from "./hits.ts";
import { type Ran, scenario } from "./scenario.ts";

export const TRIVIAL = "export default () => ({ body: { ok: true } });\n";

export const isOk = (ran: Ran): boolean => fieldOf(jsonOf(ran), "ok") === true;

export const steadyState = scenario({
  name: "steady_state",
  about: "a trivial script, run after run",
  source: TRIVIAL,
  hit: plainHit,
  isRight: isOk,
  peers: true,
});
