import { type Principal, requireScope } from "../accounts/index.ts";
import type { MetricsView } from "./metrics-view.ts";
import { askJournal, ownJournal, type OwnJournalDeps } from "./own-journal.ts";
import { NO_METRICS } from "./store/metrics/spans.ts";
import { addMetrics } from "./sum-metrics.ts";

/** How many journals one call asks: a Worker has a bound on what it sends, and an account may have 10,000 responders. */
const MOST_ASKED = 200;
const ASKED_AT_ONCE = 20;

export interface MetricsDeps extends OwnJournalDeps {
  /** Ids, newest first, and how many there are in all. */
  readonly listResponders: (
    accountId: string,
    most: number,
  ) => Promise<{ readonly ids: readonly string[]; readonly all: number }>;
}

export const readMetrics = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
): Promise<MetricsView> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  return ask((log) => log.metrics());
};

export interface AccountMetrics extends MetricsView {
  /** Of how many the figures are, of how many there are. */
  readonly responders: { readonly counted: number; readonly all: number };
}

/** The sum over the account's responders. One that cannot be reached now is left out, and not counted. */
export const readAccountMetrics = async (
  { listResponders, logOf }: MetricsDeps,
  principal: Principal,
): Promise<AccountMetrics> => {
  requireScope(principal, "journal:read");
  const { ids, all } = await listResponders(principal.account.id, MOST_ASKED);
  let sum = NO_METRICS;
  let counted = 0;
  for (let start = 0; start < ids.length; start += ASKED_AT_ONCE) {
    const asked = ids.slice(start, start + ASKED_AT_ONCE).map((id) =>
      askJournal(
        () => logOf(id),
        (log) => log.metrics(),
      ),
    );
    for (const answer of await Promise.allSettled(asked)) {
      if (answer.status === "rejected") continue;
      sum = addMetrics(sum, answer.value);
      counted += 1;
    }
  }
  return { ...sum, responders: { counted, all } };
};
