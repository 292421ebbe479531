import type { EngineHooks } from "./engine-imports.ts";
import { HEAP_START } from "./engine-layout.ts";
import { SETUP_FUEL } from "./fuel.ts";
import type { RunImage } from "./image.ts";
import { heapTopOf } from "./image.ts";
import type { Tenant } from "./machine.ts";
import { EngineFault } from "./stop-run.ts";

const fault = (what: string) => (): never => {
  throw new EngineFault(what);
};

/** A clock that stands still and no host: what an image holds is the same wherever it is made. */
const NOTHING: Omit<EngineHooks, "resize"> = {
  now: () => 0,
  sinceStart: () => 0,
  call: fault("a host call while an image is made"),
  mustStop: () => false,
};

/** No account's: whoever comes before or after it has the memory restored in full. */
const SET_UP = "set-up";

/** The host's own work on a memory, before a run: `account` is whose code it compiles, if any. */
export const setUpTenant = (image: RunImage, account = SET_UP, fuel = SETUP_FUEL): Tenant => ({
  account,
  image,
  hooks: NOTHING,
  keep: () => false,
  fuel,
  heapTop: Math.max(HEAP_START, heapTopOf(image)),
  kept: undefined,
  refused: undefined,
  lost: false,
});
