import type { Db, Kv } from "../../storage/index.ts";
import { buildRoutes, type Built } from "./build.ts";
import { writeRoutes } from "./read-routes.ts";
import { markPublished } from "./store.ts";
import type { Tables } from "./tables.ts";

export interface PublishDeps {
  readonly db: Db;
  readonly kv: Kv;
  readonly tables: Tables;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  readonly defer: (work: Promise<unknown>) => void;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Publisher {
  /**
   * Makes a change hold: here before this resolves, elsewhere once KV has it and the caches there ran out (65 s).
   * Never rejects: what KV refuses, the cron publishes, and the change itself is already in the database.
   */
  readonly publish: (accountId: string) => Promise<void>;
  /** The cron's way: waits for KV as well. `false` when KV did not take it. */
  readonly publishNow: (accountId: string) => Promise<boolean>;
}

/** Waits after a refused put, in ms; their number also bounds a flight when changes follow each other without end. */
const BACKOFF_MS = [1_100, 2_200, 4_400, 8_800, 0] as const;
/** `waitUntil` ends after 30 s: a publish that began before that is dead, whatever it left behind. */
const ABANDONED_MS = 30_000;

/** One publish of an account at a time in this isolate: KV takes one write a second for each key. */
interface Flight {
  readonly startedAt: number;
  /** Another change was committed meanwhile. */
  again: boolean;
  /** The revision that KV took last. */
  put: number | undefined;
}

export const createPublisher = (deps: PublishDeps): Publisher => {
  const flights = new Map<string, Flight>();

  /** Reads the database and holds the table in this isolate, or forgets it. KV comes later: no answer waits for it. */
  const refresh = async (accountId: string): Promise<Built> => {
    const built = await buildRoutes(deps.db, { accountId });
    if (built.kind === "deleted") deps.tables.forget(built.handle);
    if (built.kind === "built") deps.tables.accept(built.table);
    return built;
  };

  /**
   * Puts what the database has just now, then looks whether it has gone on meanwhile. KV has no compare-and-set: of two
   * isolates that put at once the older may come last, and it is then the one that finds itself behind and puts again.
   */
  const putUntilCurrent = async (accountId: string, flight: Flight): Promise<boolean> => {
    for (const pause of BACKOFF_MS) {
      const current = await refresh(accountId);
      if (current.kind === "missing") return true;
      if (current.kind === "deleted") return deps.kv.deleteRoutes(current.handle);
      const { revision, account } = current.table;
      if (revision === flight.put) return true;
      if (await deps.kv.tryPutRoutes(account.handle, writeRoutes(current.table))) {
        flight.put = revision;
        if ((await markPublished(deps.db, accountId, revision)) <= revision) return true;
      } else {
        await deps.sleep(pause);
      }
    }
    deps.warn("KV did not take a route table", { accountId });
    return false;
  };

  const fly = async (accountId: string): Promise<boolean> => {
    const other = flights.get(accountId);
    if (other !== undefined && deps.now() - other.startedAt < ABANDONED_MS) {
      other.again = true;
      return true;
    }
    const flight: Flight = { startedAt: deps.now(), again: false, put: undefined };
    flights.set(accountId, flight);
    try {
      let done = await putUntilCurrent(accountId, flight);
      while (flight.again) {
        flight.again = false;
        done = await putUntilCurrent(accountId, flight);
      }
      return done;
    } catch (cause) {
      deps.warn("routes could not be published", { accountId, cause: String(cause) });
      return false;
    } finally {
      if (flights.get(accountId) === flight) flights.delete(accountId);
    }
  };

  return {
    publish: async (accountId) => {
      try {
        await refresh(accountId);
      } catch (cause) {
        deps.warn("a change could not be taken over at once", { accountId, cause: String(cause) });
      }
      deps.defer(fly(accountId));
    },
    publishNow: fly,
  };
};
