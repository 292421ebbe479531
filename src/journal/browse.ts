import type { Principal } from "../accounts/index.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeFilter, Following, Listing } from "./journal-log.ts";
import { noExchange, ownJournal, type OwnJournalDeps } from "./own-journal.ts";

/** What a list shows of a body at once; longer ones are read alone. */
export const LISTED_BODY_BYTES = 16 * 1024;

export interface ExchangePage {
  readonly filter: ExchangeFilter;
  readonly limit: number;
  /** Older than this exchange. */
  readonly before: string | undefined;
}

/** A page, newest first. */
export const listExchanges = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  { filter, limit, before }: ExchangePage,
): Promise<Listing> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  const older = before === undefined ? {} : { before };
  return ask((log) => log.list({ filter, limit, bodyBytes: LISTED_BODY_BYTES, ...older }));
};

export interface FollowRequest {
  readonly filter: ExchangeFilter;
  readonly limit: number;
  /** Newer than this exchange; `undefined`: than anything that is there. */
  readonly after: string | undefined;
  /** For the first of them, in ms. */
  readonly waitMs: number;
}

/** What comes next, oldest first. */
export const followExchanges = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  { filter, limit, after, waitMs }: FollowRequest,
): Promise<Following> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  return ask((log) => log.follow(after, filter, limit, waitMs));
};

/** Whole, with its bodies. */
export const readExchange = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  id: string,
): Promise<Exchange> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  const exchange = await ask((log) => log.read(id));
  if (exchange === null) throw noExchange();
  return exchange;
};

/** A pinned exchange stays, whatever comes after it. `over-limit` when too much is pinned. */
export const pinExchange = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  id: string,
  pinned: boolean,
): Promise<void> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:write");
  if (!(await ask((log) => log.pin(id, pinned)))) throw noExchange();
};

/** Pinned or not. */
export const deleteExchange = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  id: string,
): Promise<void> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:write");
  if (!(await ask((log) => log.remove(id)))) throw noExchange();
};

/** All exchanges, pinned ones too; the figures stay. */
export const clearExchanges = async (
  deps: OwnJournalDeps,
  principal: Principal,
  responderId: string,
): Promise<void> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:write");
  await ask((log) => log.clear());
};
