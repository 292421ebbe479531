import type { Principal } from "../accounts/index.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeFilter, Following } from "./journal-log.ts";
import { ownBodies } from "./upstream.ts";
import { BEGINNING, type Ask, ownJournal, type OwnJournalDeps } from "./own-journal.ts";

const PAGE = 100;

const isCut = ({ request, response, upstream }: Exchange): boolean =>
  [request.body, response.body, ...ownBodies(upstream)].some(({ omitted }) => omitted === true);

/** With the bodies that were too long for the page; one that is dropped in between is left out. */
const wholes = async function* (ask: Ask, items: readonly Exchange[]): AsyncGenerator<Exchange, undefined> {
  for (const exchange of items) {
    const whole = isCut(exchange) ? await ask((log) => log.read(exchange.id)) : exchange;
    if (whole !== null) yield whole;
  }
};

/**
 * Every exchange that the filter takes and that is there now, whole, oldest first, read while it is asked for: one page
 * is in memory, and of long bodies one exchange. The first page is read before this resolves, so that what is refused is
 * refused before anything is answered.
 */
export const everyExchange = async (
  deps: OwnJournalDeps & { readonly now: () => number },
  principal: Principal,
  responderId: string,
  given: ExchangeFilter,
): Promise<AsyncIterable<Exchange>> => {
  const ask = await ownJournal(deps, principal, responderId, "journal:read");
  // What arrives while somebody reads is not of the selection, or it would have no end.
  const filter = { ...given, until: Math.min(given.until ?? Number.POSITIVE_INFINITY, deps.now() + 1) };
  const after = (id: string): Promise<Following> => ask((log) => log.follow(id, filter, PAGE, 0));
  const first = await after(BEGINNING);

  const walk = async function* (): AsyncGenerator<Exchange, undefined> {
    let at = BEGINNING;
    let page = first;
    for (;;) {
      yield* wholes(ask, page.items);
      const { seen } = page;
      if (seen === undefined || seen === at) return;
      at = seen;
      page = await after(at);
    }
  };
  return walk();
};
