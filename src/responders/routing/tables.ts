import { createLru } from "../../lib/lru.ts";
import { readRoutes, revisionOf } from "./read-routes.ts";
import type { RouteTable } from "./routes.ts";
import { compileTable } from "./table.ts";
import type { Table } from "./table.ts";

export type Lookup =
  | { readonly kind: "found"; readonly table: Table }
  | { readonly kind: "unknown" }
  /** Neither KV nor the database answered, and nothing is remembered. */
  | { readonly kind: "unreadable" };

export interface TablesDeps {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  /** The text of `routes:{handle}`. */
  readonly readCached: (handle: string) => Promise<string | null>;
  /** From the database; `undefined` for a handle that no account has. */
  readonly readTruth: (handle: string) => Promise<RouteTable | undefined>;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Tables {
  /** Never rejects. */
  readonly find: (handle: string) => Promise<Lookup>;
  /** A table just built from the database by a change made in this isolate: holds here at once. */
  readonly accept: (source: RouteTable) => void;
  /** The account is gone: its handle is unknown here at once. */
  readonly forget: (handle: string) => void;
}

/** How long this isolate believes its memory. */
const FRESH_MS = 5_000;
/** How far past that it is still better than no answer, when neither KV nor the database can be read. */
const STALE_MS = 60_000;
/** How long to wait for a load that another request began: if that one was cancelled, its promise may never settle. */
const FLIGHT_WAIT_MS = 500;
const TABLE_BYTES = 16 * 1024 * 1024;
/** A compiled route in memory, roughly: trie nodes and the strings of its responder. */
const ROUTE_BYTES = 1_024;
const MANY_HANDLES = 10_000;

interface Entry {
  readonly table: Table;
  freshUntil: number;
}

/** Drops the oldest beyond `MANY_HANDLES`: a flood of made-up handles must not fill the isolate. */
const put = <Value>(map: Map<string, Value>, key: string, value: Value): void => {
  map.delete(key);
  map.set(key, value);
  for (const oldest of map.keys()) {
    if (map.size <= MANY_HANDLES) break;
    map.delete(oldest);
  }
};

/**
 * Route tables by handle: memory for 5 s, else KV, else the database, with one load at a time for a handle.
 * A handle never goes back to a lower revision than this isolate has seen, so that a change made here holds at once
 * although KV may show the old table for a minute. Reading writes nothing to KV.
 */
export const createTables = (deps: TablesDeps): Tables => {
  const entries = createLru<Entry>(TABLE_BYTES);
  const unknownUntil = new Map<string, number>();
  const floors = new Map<string, number>();
  const flights = new Map<string, Promise<Lookup>>();

  const remember = (source: RouteTable): Table => {
    const { handle } = source.account;
    const table = compileTable(source);
    // One that is larger than all the room is kept too, alone: reading megabytes for each hit would cost more.
    const bytes = Math.min((source.responders.length + 1) * ROUTE_BYTES, TABLE_BYTES);
    put(floors, handle, Math.max(source.revision, floors.get(handle) ?? 0));
    unknownUntil.delete(handle);
    entries.set(handle, { table, freshUntil: deps.now() + FRESH_MS }, bytes);
    return table;
  };

  /** KV's table, unless it is missing, broken or older than what was seen here. */
  const cached = async (handle: string): Promise<Table | undefined> => {
    try {
      const text = await deps.readCached(handle);
      if (text === null) return undefined;
      const floor = floors.get(handle) ?? 0;
      const revision = revisionOf(text);
      const entry = entries.get(handle);
      if (entry !== undefined && revision === entry.table.revision && revision >= floor) {
        entry.freshUntil = deps.now() + FRESH_MS;
        return entry.table;
      }
      if (revision !== undefined && revision < floor) return undefined;
      const source = readRoutes(text);
      if (source?.account.handle === handle) return remember(source);
      deps.warn("routes in KV are not readable", { handle });
    } catch (cause) {
      deps.warn("routes could not be read from KV", { handle, cause: String(cause) });
    }
    return undefined;
  };

  const load = async (handle: string): Promise<Lookup> => {
    const table = await cached(handle);
    if (table !== undefined) return { kind: "found", table };
    const floor = floors.get(handle) ?? 0;
    const source = await deps.readTruth(handle);
    const entry = entries.get(handle);
    const newest = floors.get(handle) ?? 0;
    // Read before a change that was made here meanwhile, or from a replica that lags behind one.
    const isOld = source === undefined ? newest > floor : source.revision < newest;
    if (isOld && entry !== undefined) return { kind: "found", table: entry.table };
    // Deleted here meanwhile: what was read before must not bring it back.
    const isForgotten = newest === Number.POSITIVE_INFINITY;
    if (source !== undefined && !isForgotten) return { kind: "found", table: remember(source) };
    entries.remove(handle);
    put(unknownUntil, handle, deps.now() + FRESH_MS);
    return { kind: "unknown" };
  };

  /** Begins a load that others may join, and sees it to its end even if its own request goes away. */
  const takeOff = (handle: string): Promise<Lookup> => {
    const flight = load(handle).finally(() => {
      if (flights.get(handle) === flight) flights.delete(handle);
    });
    flights.set(handle, flight);
    deps.defer(flight.catch(() => undefined));
    return flight;
  };

  const joinOrLoad = async (handle: string): Promise<Lookup> => {
    const flight = flights.get(handle);
    if (flight === undefined) return takeOff(handle);
    const landed = await Promise.race([flight.catch(() => undefined), deps.sleep(FLIGHT_WAIT_MS)]);
    return landed ?? takeOff(handle);
  };

  return {
    find: async (handle) => {
      const now = deps.now();
      const entry = entries.get(handle);
      if (entry !== undefined && entry.freshUntil > now) return { kind: "found", table: entry.table };
      if ((unknownUntil.get(handle) ?? 0) > now) return { kind: "unknown" };
      try {
        return await joinOrLoad(handle);
      } catch (cause) {
        const last = entries.get(handle);
        const isUsable = last !== undefined && last.freshUntil + STALE_MS >= deps.now();
        deps.warn("routes can be read neither from KV nor from the database", {
          handle,
          isUsable,
          cause: String(cause),
        });
        return isUsable ? { kind: "found", table: last.table } : { kind: "unreadable" };
      }
    },
    accept: (source) => {
      const floor = floors.get(source.account.handle) ?? 0;
      if (source.revision >= floor) remember(source);
    },
    forget: (handle) => {
      entries.remove(handle);
      put(floors, handle, Number.POSITIVE_INFINITY);
      put(unknownUntil, handle, deps.now() + FRESH_MS);
    },
  };
};
