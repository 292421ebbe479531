import { AppError } from "../lib/errors.ts";
import type { NoticeSent } from "../notifications/index.ts";
import type { HeaderPairs } from "../lib/headers.ts";
import type { Exchange, KeptRequest, KeptResponse } from "./exchange.ts";
import type { Entry, ExchangeFilter, Following, JournalLog, Listing, ListQuery } from "./journal-log.ts";
import type { MetricsView } from "./metrics-view.ts";
import type { KeptLegRequest, KeptLegResponse, KeptUpstream } from "./upstream.ts";
import type { Pinning } from "./store/pin.ts";

/** Of what crosses from an object, the platform's types do not know a pair from a list. */
type Shipped<Kept extends { readonly headers: HeaderPairs }> = Omit<Kept, "headers"> & {
  readonly headers: readonly (readonly string[])[];
};
type ShippedExchange = Omit<Exchange, "request" | "response" | "upstream"> & {
  readonly request: Shipped<KeptRequest>;
  readonly response: Shipped<KeptResponse>;
  readonly upstream: ShippedUpstream | null;
};
type ShippedUpstream = Omit<KeptUpstream, "request" | "response"> & {
  readonly request: Shipped<KeptLegRequest>;
  readonly response: Shipped<KeptLegResponse> | null;
};
type ShippedItems<Answer extends { readonly items: readonly Exchange[] }> = Omit<Answer, "items"> & {
  readonly items: readonly ShippedExchange[];
};

/** The Durable Object `Journal` as its stub has it. */
export interface JournalStub {
  readonly record: (entry: Entry) => Promise<void>;
  readonly list: (query: ListQuery) => Promise<ShippedItems<Listing>>;
  readonly read: (id: string) => Promise<ShippedExchange | null>;
  readonly follow: (
    after: string | undefined,
    filter: ExchangeFilter,
    limit: number,
    waitMs: number,
  ) => Promise<ShippedItems<Following>>;
  readonly pin: (id: string, pinned: boolean) => Promise<Pinning>;
  readonly remove: (id: string) => Promise<boolean>;
  readonly clear: () => Promise<void>;
  readonly metrics: () => Promise<MetricsView>;
  readonly notices: () => Promise<readonly NoticeSent[]>;
  readonly erase: () => Promise<void>;
}

const pairsOf = (headers: readonly (readonly string[])[]): HeaderPairs =>
  headers.map(([name = "", value = ""]) => [name, value]);

const unpackedUpstream = ({ request, response, ...rest }: ShippedUpstream): KeptUpstream => ({
  ...rest,
  request: { ...request, headers: pairsOf(request.headers) },
  response: response && { ...response, headers: pairsOf(response.headers) },
});

const unpacked = (shipped: ShippedExchange): Exchange => ({
  ...shipped,
  request: { ...shipped.request, headers: pairsOf(shipped.request.headers) },
  response: { ...shipped.response, headers: pairsOf(shipped.response.headers) },
  upstream: shipped.upstream && unpackedUpstream(shipped.upstream),
});

/** What crosses from the object are values; its refusals become errors here: `over-limit` when too much is pinned. */
export const journalLogOf = (stub: JournalStub): JournalLog => ({
  record: (entry) => stub.record(entry),
  list: async (query) => {
    const listing = await stub.list(query);
    return { ...listing, items: listing.items.map(unpacked) };
  },
  read: async (id) => {
    const shipped = await stub.read(id);
    return shipped && unpacked(shipped);
  },
  follow: async (after, filter, limit, waitMs) => {
    const following = await stub.follow(after, filter, limit, waitMs);
    return { ...following, items: following.items.map(unpacked) };
  },
  pin: async (id, pinned) => {
    const pinning = await stub.pin(id, pinned);
    if (pinning !== "full") return pinning === "done";
    const most = "1,000 exchanges, or half of the journal's bytes";
    throw new AppError("over-limit", `Too much is pinned already: ${most}. Unpin others first.`);
  },
  remove: (id) => stub.remove(id),
  clear: () => stub.clear(),
  metrics: () => stub.metrics(),
  notices: () => stub.notices(),
  erase: () => stub.erase(),
});
