import type { Exchange } from "./exchange.ts";
import type { NoticeRule, NoticeSent } from "../notifications/index.ts";
import type { MetricsView } from "./metrics-view.ts";

/** What a responder keeps at most. */
export interface KeepRules {
  /** Exchanges; pinned ones are not among them. */
  readonly keep: number;
  /** Heads and bodies of all that is kept, pinned ones included. */
  readonly maxBytes: number;
}

/** What came of one hit, for the journal: whether or not it is kept, it counts. */
export interface Entry {
  readonly exchange: Exchange;
  /** What the script wished: counted and not kept. With `keep: 0` not even counted, but told of. */
  readonly kept: boolean;
  readonly rules: KeepRules;
  /** Exchanges before this one that this isolate could not record. */
  readonly lost: number;
  /** Whether somebody is to be told of it; `null`: nobody is. */
  readonly notify: Notify | null;
}

/** Of a hit whose responder notifies: by which rule, and what the hit itself does not say. */
export interface Notify {
  readonly responderId: string;
  readonly rule: NoticeRule;
  /** How many hooks it has come through. */
  readonly hops: number;
}

/** Which exchanges. An absent field takes all. */
export interface ExchangeFilter {
  readonly status?: number;
  /** The first digit of the status. */
  readonly statusClass?: number;
  readonly method?: string;
  /** A kind (`exceeded`), a kind and its detail (`exceeded.cpu`), or `failed`: all that did not succeed. */
  readonly outcome?: string;
  /** Inclusive and exclusive, in ms since the epoch. */
  readonly since?: number;
  readonly until?: number;
  /** A phrase that URL, a header or a text body holds, whatever its case. */
  readonly q?: string;
}

/** Newest first, by arrival. Bodies longer than `bodyBytes` are left out (their sizes stay). */
export interface ListQuery {
  readonly filter: ExchangeFilter;
  readonly limit: number;
  /** Older than this exchange. */
  readonly before?: string;
  readonly bodyBytes: number;
}

export interface Listing {
  /** May be fewer than `limit`, or none, although there is more: a page ends early rather than grow too large or take too long. */
  readonly items: readonly Exchange[];
  readonly more: boolean;
  /** The id that the next page is `before`; absent when there is none. A search may have looked further than its last item. */
  readonly next?: string;
}

/** Oldest first, by the order of recording; bodies over `FOLLOWED_BODY_BYTES` are left out. */
export interface Following {
  readonly items: readonly Exchange[];
  /** `after` is no longer known: there may be some between. */
  readonly gap: boolean;
  /** The last exchange that was looked at, whether or not the filter took it: where to go on. Absent when there was none. */
  readonly seen?: string;
}

/** What a watcher is shown of a body at once. */
export const FOLLOWED_BODY_BYTES = 64 * 1024;

/** One responder's journal: a Durable Object, seen from outside. Every verb may reject when the object is not to be had. */
export interface JournalLog {
  readonly record: (entry: Entry) => Promise<void>;
  readonly list: (query: ListQuery) => Promise<Listing>;
  /** Whole, with its bodies. */
  readonly read: (id: string) => Promise<Exchange | null>;
  /**
   * What was recorded after this exchange, or anything new when `after` is undefined; waits up to `waitMs` for the
   * first. Of those, what the filter takes.
   */
  readonly follow: (
    after: string | undefined,
    filter: ExchangeFilter,
    limit: number,
    waitMs: number,
  ) => Promise<Following>;
  readonly pin: (id: string, pinned: boolean) => Promise<boolean>;
  /** `false`: it is not there. */
  readonly remove: (id: string) => Promise<boolean>;
  /** Everything but the counters; pinned ones too. */
  readonly clear: () => Promise<void>;
  readonly metrics: () => Promise<MetricsView>;
  /** Notifications, newest first. */
  readonly notices: () => Promise<readonly NoticeSent[]>;
  /** The responder is gone. */
  readonly erase: () => Promise<void>;
}
