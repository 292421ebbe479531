import type { RunView } from "../responders/index.ts";
import { type RuledHit, wantsToKnow } from "../notifications/index.ts";
import type { Answered } from "./answered.ts";
import { hasFailed } from "./exchange.ts";
import type { Entry, Notify } from "./journal-log.ts";

/** Whether a hit is one that somebody wants to know of. */
export const notifyOf = ({ responder, hit }: Answered, view: RunView): Notify | null => {
  const { id, notify: rule } = responder;
  if (rule === null || !wantsToKnow(rule, hasFailed(view))) return null;
  return { responderId: id, rule, hops: hit.hops };
};

/** What is counted for a notice of these. */
export const ruledHits = (entries: readonly Entry[]): readonly RuledHit[] =>
  entries.flatMap(({ exchange, kept, notify }) =>
    notify === null
      ? []
      : [{ ...notify, id: exchange.id, at: exchange.at, failed: hasFailed(exchange.run), kept }],
  );
