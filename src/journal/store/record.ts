import { countForNotice } from "../../notifications/index.ts";
import type { Entry } from "../journal-log.ts";
import { ruledHits } from "../notify.ts";
import { fit } from "./fit.ts";
import { countEntries } from "./metrics/spans.ts";
import { type Counts, retain } from "./retain.ts";
import { readRules, writeRules } from "./tables.ts";
import { isKept, writeExchange } from "./write.ts";

const recordOne = (sql: SqlStorage, before: Counts, { exchange, rules }: Entry): Counts => {
  const fitted = fit(exchange, rules.maxBytes);
  const failed = writeExchange(sql, fitted);
  const counts = {
    ...before,
    kept: before.kept + 1,
    failed: before.failed + (failed ? 1 : 0),
    bytes: before.bytes + fitted.bytes,
  };
  return retain(sql, counts, rules);
};

/** All of these or, when it throws, none: the caller's transaction. Returns what is kept afterwards. */
export const recordEntries = (
  sql: SqlStorage,
  before: Counts,
  entries: readonly Entry[],
  now: number,
): Counts => {
  // A call that is made again, because nobody knew how the first one ended, must not count twice.
  const fresh = entries.filter(({ exchange }) => !isKept(sql, exchange.id));
  let counts = before;
  for (const entry of fresh) if (entry.kept) counts = recordOne(sql, counts, entry);
  const last = fresh.at(-1);
  if (last === undefined) return counts;
  countForNotice(sql, ruledHits(fresh), now);
  const counted = fresh.filter(({ rules: { keep } }) => keep > 0);
  if (counted.length > 0) countEntries(sql, counted, now);
  const rules = readRules(sql);
  if (rules.maxBytes !== last.rules.maxBytes) writeRules(sql, { ...rules, maxBytes: last.rules.maxBytes });
  return counts;
};
