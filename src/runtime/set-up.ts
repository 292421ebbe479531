import type { EngineHooks } from "./engine-imports.ts";
import { HEAP_START } from "./engine-layout.ts";
import { SETUP_FUEL } from "./fuel.ts";
import { heapTopOf, type RunImage } from "./image.ts";
import { SANDBOX_FULL } from "./exceeded.ts";
import type { Machine, Tenant } from "./machine.ts";
import { EngineFault, StopRun } from "./stop-run.ts";

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

export interface SetUp {
  readonly image: RunImage;
  /** Whose code is compiled, if any is. */
  readonly account?: string;
  readonly fuel?: number;
}

/**
 * The host's own work on a memory that was restored in full, before a run. What it leaves is trusted by nobody.
 * `work` is given the tenant, which knows whether memory was refused. Throws `StopRun` when the isolate is full.
 */
export const inSetUp = <T>(
  machine: Machine,
  { image, account = SET_UP, fuel = SETUP_FUEL }: SetUp,
  work: (tenant: Tenant) => T,
): T => {
  const tenant: Tenant = {
    account,
    confidential: false,
    image,
    hooks: NOTHING,
    keep: () => false,
    onRestored: () => undefined,
    fuel,
    heapTop: Math.max(HEAP_START, heapTopOf(image)),
    kept: undefined,
    refused: undefined,
    lost: false,
  };
  machine.distrust();
  machine.enter(tenant);
  if (tenant.lost) throw new StopRun(SANDBOX_FULL);
  try {
    return work(tenant);
  } finally {
    machine.leave(tenant, false);
  }
};
