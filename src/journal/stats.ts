import { createLru } from "../lib/lru.ts";
import type { JournalLog } from "./journal-log.ts";
import { within } from "./patience.ts";

/** What a responder shows of its figures. */
export interface Stats {
  readonly hits: number;
  readonly lastHitAt: number | null;
}

export interface StatsDeps {
  readonly logOf: (responderId: string) => JournalLog;
  readonly now: () => number;
}

/** Well under the minute that stats may be old, and enough to spare the journal of a responder that is looked at all the time. */
const FRESH_MS = 10_000;
/** Stats are an extra: nobody waits longer for them. */
const PATIENCE_MS = 2_000;
const MOST_REMEMBERED = 1_000;

/** Stats of responders, remembered in this isolate. `null`: not to be had now. */
export const createStats = ({ logOf, now }: StatsDeps): ((responderId: string) => Promise<Stats | null>) => {
  const remembered = createLru<Stats & { readonly until: number }>(MOST_REMEMBERED);
  return async (responderId) => {
    const known = remembered.get(responderId);
    if (known !== undefined && now() < known.until) return { hits: known.hits, lastHitAt: known.lastHitAt };
    const metrics = await within(logOf(responderId).metrics(), PATIENCE_MS).catch(() => undefined);
    if (metrics === undefined) return null;
    const { hits, lastHitAt } = metrics.totals;
    remembered.set(responderId, { hits, lastHitAt, until: now() + FRESH_MS }, 1);
    return { hits, lastHitAt };
  };
};
