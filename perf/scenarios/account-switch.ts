import { plainHit } from "./hits.ts";
import { scenario } from "./scenario.ts";
import { isOk, TRIVIAL } from "./steady-state.ts";

/** `steady_state` with a full restore before every run: the difference is what strangers to each other cost. */
export const accountSwitch = scenario({
  name: "account_switch",
  about: "a trivial script, each run of another account than the one before",
  source: TRIVIAL,
  hit: plainHit,
  isRight: isOk,
  accounts: 2,
});
