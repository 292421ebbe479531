import type { Principal } from "../accounts/index.ts";
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
import type { Exchange } from "./exchange.ts";
import type { Following, Listing } from "./journal-log.ts";
import type { OwnJournalDeps } from "./own-journal.ts";

export type JournalDeps = OwnJournalDeps;

/** What the owner of a responder may do with its journal. Another account's is as good as none: `not-found`. */
export interface Journals {
  readonly list: (principal: Principal, responderId: string, page: ExchangePage) => Promise<Listing>;
  readonly follow: (principal: Principal, responderId: string, request: FollowRequest) => Promise<Following>;
  readonly read: (principal: Principal, responderId: string, id: string) => Promise<Exchange>;
  readonly pin: (principal: Principal, responderId: string, id: string, pinned: boolean) => Promise<void>;
  readonly delete: (principal: Principal, responderId: string, id: string) => Promise<void>;
  readonly clear: (principal: Principal, responderId: string) => Promise<void>;
}

export const createJournals = (deps: JournalDeps): Journals => ({
  list: (principal, responderId, page) => listExchanges(deps, principal, responderId, page),
  follow: (principal, responderId, request) => followExchanges(deps, principal, responderId, request),
  read: (principal, responderId, id) => readExchange(deps, principal, responderId, id),
  pin: (principal, responderId, id, pinned) => pinExchange(deps, principal, responderId, id, pinned),
  delete: (principal, responderId, id) => deleteExchange(deps, principal, responderId, id),
  clear: (principal, responderId) => clearExchanges(deps, principal, responderId),
});
