import { accountSwitch } from "./account-switch.ts";
import { burst, burstOf8 } from "./burst.ts";
import { coldStart } from "./cold-start.ts";
import { cpuKill } from "./cpu-kill.ts";
import { largeBody } from "./large-body.ts";
import { library, libraryFlat } from "./library.ts";
import { memoryKill } from "./memory-kill.ts";
import { parked } from "./parked.ts";
import { proxyRequest } from "./proxy-request.ts";
import { responderLike } from "./responder-like.ts";
import type { Scenario } from "./scenario.ts";
import { steadyState } from "./steady-state.ts";

export { DISTINCT } from "./hits.ts";
export type { PerfHit, Ran, Scenario } from "./scenario.ts";

/** All that is measured, in the order in which it is shown. */
export const SCENARIOS: readonly Scenario[] = [
  coldStart,
  steadyState,
  accountSwitch,
  responderLike,
  library,
  libraryFlat,
  largeBody,
  proxyRequest,
  burstOf8,
  burst,
  parked,
  memoryKill,
  cpuKill,
];

export const scenarioNamed = (name: string): Scenario => {
  const found = SCENARIOS.find((each) => each.name === name);
  if (found === undefined) throw new Error(`There is no scenario ${name}.`);
  return found;
};
