import type { Principal } from "../accounts/index.ts";
import type { SavedResponder } from "../responders/index.ts";
import {
  clearExchanges,
  deleteExchange,
  type ExchangePage,
  followExchanges,
  type FollowRequest,
  listExchanges,
  pinExchange,
  readExchange,
} from "./browse.ts";
import { everyExchange } from "./every-exchange.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeFilter, Following, Listing } from "./journal-log.ts";
import { ownJournal } from "./own-journal.ts";
import type { MetricsView } from "./metrics-view.ts";
import { type AccountMetrics, type MetricsDeps, readAccountMetrics, readMetrics } from "./read-metrics.ts";
import { type Replayed, type ReplayDeps, replayOne, type ReplayRequest } from "./replay.ts";
import { type ReplayedMany, replayMany, type ReplayManyRequest } from "./replay-many.ts";
import {
  openTail,
  openTailSocket,
  type SocketDeps,
  type Tail,
  type TailDeps,
  type TailRequest,
} from "./tail.ts";
import { toResponder, type ToResponderDeps } from "./to-responder.ts";
import { createStats, type Stats, type StatsDeps } from "./stats.ts";

export type JournalDeps = MetricsDeps & StatsDeps & TailDeps & SocketDeps & ReplayDeps & ToResponderDeps;

/** What the owner of a responder may do with its journal. Another account's is as good as none: `not-found`. */
export interface Journals {
  readonly list: (principal: Principal, responderId: string, page: ExchangePage) => Promise<Listing>;
  readonly follow: (principal: Principal, responderId: string, request: FollowRequest) => Promise<Following>;
  /** Whole, oldest first. */
  readonly every: (
    principal: Principal,
    responderId: string,
    filter: ExchangeFilter,
  ) => Promise<AsyncIterable<Exchange>>;
  readonly read: (principal: Principal, responderId: string, id: string) => Promise<Exchange>;
  readonly pin: (principal: Principal, responderId: string, id: string, pinned: boolean) => Promise<void>;
  readonly delete: (principal: Principal, responderId: string, id: string) => Promise<void>;
  readonly clear: (principal: Principal, responderId: string) => Promise<void>;
  readonly replay: (
    principal: Principal,
    responderId: string,
    id: string,
    request: ReplayRequest,
  ) => Promise<Replayed>;
  readonly replayMany: (
    principal: Principal,
    responderId: string,
    request: ReplayManyRequest,
  ) => Promise<ReplayedMany>;
  /** A disabled responder that answers as this exchange was answered. */
  readonly toResponder: (principal: Principal, responderId: string, id: string) => Promise<SavedResponder>;
  /** That the responder is the principal's own, and its journal may be read. */
  readonly assertMine: (principal: Principal, responderId: string) => Promise<void>;
  readonly tail: (principal: Principal, responderId: string, request: TailRequest) => Promise<Tail>;
  /** The answer to an upgrade. */
  readonly tailSocket: (principal: Principal, responderId: string, request: TailRequest) => Promise<Response>;
  readonly metrics: (principal: Principal, responderId: string) => Promise<MetricsView>;
  readonly accountMetrics: (principal: Principal) => Promise<AccountMetrics>;
  /** Of a responder that is known to be the caller's. `null`: not to be had now. */
  readonly stats: (responderId: string) => Promise<Stats | null>;
}

export const createJournals = (deps: JournalDeps): Journals => ({
  list: (principal, responderId, page) => listExchanges(deps, principal, responderId, page),
  follow: (principal, responderId, request) => followExchanges(deps, principal, responderId, request),
  every: (principal, responderId, filter) => everyExchange(deps, principal, responderId, filter),
  read: (principal, responderId, id) => readExchange(deps, principal, responderId, id),
  pin: (principal, responderId, id, pinned) => pinExchange(deps, principal, responderId, id, pinned),
  delete: (principal, responderId, id) => deleteExchange(deps, principal, responderId, id),
  clear: (principal, responderId) => clearExchanges(deps, principal, responderId),
  replay: (principal, responderId, id, request) => replayOne(deps, principal, responderId, id, request),
  replayMany: (principal, responderId, request) => replayMany(deps, principal, responderId, request),
  toResponder: (principal, responderId, id) => toResponder(deps, principal, responderId, id),
  assertMine: async (principal, responderId) => {
    await ownJournal(deps, principal, responderId, "journal:read");
  },
  tail: (principal, responderId, request) => openTail(deps, principal, responderId, request),
  tailSocket: (principal, responderId, request) => openTailSocket(deps, principal, responderId, request),
  metrics: (principal, responderId) => readMetrics(deps, principal, responderId),
  accountMetrics: (principal) => readAccountMetrics(deps, principal),
  stats: createStats(deps),
});
