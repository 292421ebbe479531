import { plainHit } from "./hits.ts";
import { AWAITING, isDelivered } from "./proxy-request.ts";
import { scenario, type Scenario } from "./scenario.ts";

/** `proxy_request` by so many at once: each is swapped out while it waits, since the next wants the instance. */
const burstOf = (name: string, runsAtOnce: number): Scenario =>
  scenario({
    name,
    about: `${runsAtOnce} at once, each awaiting one host call`,
    source: AWAITING,
    hit: plainHit,
    isRight: isDelivered,
    runsAtOnce,
  });

export const burst = burstOf("burst", 64);
export const burstOf8 = burstOf("burst_8", 8);
