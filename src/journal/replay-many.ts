import type { Principal } from "../accounts/index.ts";
import type { Differences } from "./difference.ts";
import { outcomeName } from "./exchange.ts";
import type { ExchangeFilter } from "./journal-log.ts";
import { type Ask, ownJournal } from "./own-journal.ts";
import { openReplay, type ReplayDeps, type ReplayRequest } from "./replay.ts";

export type ReplayManyRequest = ReplayRequest & {
  readonly filter: ExchangeFilter;
  /** Of the newest that the filter takes. */
  readonly limit: number;
};

/** One of several. `problem` says why it could not be replayed; it is then neither the same nor different. */
export interface ReplayedInShort {
  readonly id: string;
  readonly same: boolean;
  readonly difference: Differences;
  readonly uncompared: readonly string[];
  /** The name of the new outcome; `null` when nothing was run here. */
  readonly outcome: string | null;
  readonly problem: string | null;
}

export interface ReplayedMany {
  /** In the order in which they were recorded. */
  readonly items: readonly ReplayedInShort[];
  readonly totals: {
    readonly same: number;
    readonly different: number;
    readonly unfit: number;
    /** There was no time for these, the newest. */
    readonly left: number;
  };
}

const PAGE = 200;
/** A filter that takes next to nothing of a large journal is not followed to its end. */
const MOST_PAGES = 60;
/** What one call may take, so that its answer comes before somebody in between gives up waiting. */
const BUDGET_MS = 20_000;
/** Half of what the platform gives one call. */
const BUDGET_CPU_MS = 15_000;
const MOST_DIFFERENCES = 20;

const NO_DIFFERENCE: Differences = { items: [], more: 0 };

/** The newest that the filter takes, oldest first; replays are none of a sender's. */
const selectIds = async (ask: Ask, filter: ExchangeFilter, limit: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  let before: string | undefined;
  for (let page = 0; page < MOST_PAGES && ids.length < limit; page += 1) {
    const older = before === undefined ? {} : { before };
    const { items, next } = await ask((log) => log.list({ filter, limit: PAGE, bodyBytes: 0, ...older }));
    for (const { id, replayOf } of items) if (replayOf === null) ids.push(id);
    if (next === undefined) break;
    before = next;
  }
  return ids.slice(0, limit).toReversed();
};

/** Would the responder answer them the same now? One after the other, in their order. */
export const replayMany = async (
  deps: ReplayDeps,
  principal: Principal,
  responderId: string,
  { filter, limit, ...request }: ReplayManyRequest,
): Promise<ReplayedMany> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:replay");
  const again = await openReplay(deps, principal, responderId, request, MOST_DIFFERENCES);
  const ids = await selectIds(ask, filter, limit);
  const endsAt = deps.now() + BUDGET_MS;
  let cpuMs = 0;

  const replay = async (id: string): Promise<ReplayedInShort> => {
    const exchange = await ask((log) => log.read(id));
    const replayed =
      exchange === null ? { unfit: "The journal has dropped it meanwhile." } : await again(exchange);
    if ("unfit" in replayed) {
      const problem = replayed.unfit;
      return { id, same: false, difference: NO_DIFFERENCE, uncompared: [], outcome: null, problem };
    }
    const { difference, uncompared, run } = replayed;
    cpuMs += run?.cpuMs ?? 0;
    const same = difference.items.length === 0;
    return { id, same, difference, uncompared, outcome: run && outcomeName(run), problem: null };
  };

  const items: ReplayedInShort[] = [];
  for (const id of ids) {
    if (deps.now() >= endsAt || cpuMs >= BUDGET_CPU_MS) break;
    items.push(await replay(id));
  }
  const unfit = items.filter(({ problem }) => problem !== null).length;
  const same = items.filter((item) => item.same).length;
  const totals = { same, different: items.length - same - unfit, unfit, left: ids.length - items.length };
  return { items, totals };
};
