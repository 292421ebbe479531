import { createLru } from "../../lib/lru.ts";
import type { Resolved, SecretGrant } from "./load.ts";

export interface ResolverDeps {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  readonly load: (accountId: string, grant: SecretGrant) => Promise<Resolved>;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

export interface Resolver {
  /** The only way to plaintext. From memory, without I/O, for 60 s after a load. Never rejects. */
  readonly resolve: (accountId: string, grant: SecretGrant) => Promise<Resolved>;
  /** After a change made in this isolate: it holds here at once. */
  readonly forget: (accountId: string) => void;
}

/** With the 5 s that a route table is believed this stays within the 65 s of a change. */
const KEPT_MS = 60_000;
/** How long to wait for a load that another request began: if that one was cancelled, its promise may never settle. */
const FLIGHT_WAIT_MS = 500;
const KEPT_BYTES = 8 * 1024 * 1024;
/** Of an entry, and of each secret in it besides its value, roughly. */
const OVERHEAD_BYTES = 512;

const NOTHING: Resolved = { kind: "granted", secrets: [] };
const UNREADABLE: Resolved = {
  kind: "unopened",
  names: [],
  reason: "The secrets could not be read from the database just now. Try again.",
};

interface Entry {
  readonly resolved: Resolved;
  readonly until: number;
}

/** A load under way. `overtaken`: a change came between, so that what it read is not to be remembered. */
interface Flight {
  readonly key: string;
  overtaken: boolean;
}

/** Ids hold no space, so that no two grants share a key and an account's keys begin alike. */
const accountPart = (accountId: string): string => `${accountId} `;
const keyOf = (accountId: string, grant: SecretGrant): string =>
  accountPart(accountId) + (grant.mode === "all" ? "all" : grant.ids.join(" "));

const bytesOf = (resolved: Resolved): number =>
  resolved.kind === "granted"
    ? resolved.secrets.reduce((sum, { value }) => sum + 2 * value.length + OVERHEAD_BYTES, OVERHEAD_BYTES)
    : resolved.names.length * OVERHEAD_BYTES + OVERHEAD_BYTES;

export const createResolver = (deps: ResolverDeps): Resolver => {
  const entries = createLru<Entry>(KEPT_BYTES);
  /** The load that others may join. */
  const joinable = new Map<string, Promise<Resolved>>();
  const underWay = new Set<Flight>();

  /** Plaintext whose time is over goes, also of grants that nobody asks for any more. */
  const sweep = (now: number): void => {
    for (const key of entries.keys()) {
      if ((entries.get(key)?.until ?? 0) <= now) entries.remove(key);
    }
  };

  const load = async (key: string, accountId: string, grant: SecretGrant): Promise<Resolved> => {
    const flight: Flight = { key, overtaken: false };
    underWay.add(flight);
    const readAt = deps.now();
    sweep(readAt);
    try {
      const resolved = await deps.load(accountId, grant);
      if (!flight.overtaken) entries.set(key, { resolved, until: readAt + KEPT_MS }, bytesOf(resolved));
      return resolved;
    } finally {
      underWay.delete(flight);
    }
  };

  /** Begins a load that others may join, and sees it to its end even if its own request goes away. */
  const takeOff = (key: string, accountId: string, grant: SecretGrant): Promise<Resolved> => {
    const flight = load(key, accountId, grant).finally(() => {
      if (joinable.get(key) === flight) joinable.delete(key);
    });
    joinable.set(key, flight);
    deps.defer(flight.catch(() => undefined));
    return flight;
  };

  const joinOrLoad = async (key: string, accountId: string, grant: SecretGrant): Promise<Resolved> => {
    const flight = joinable.get(key);
    if (flight === undefined) return takeOff(key, accountId, grant);
    const landed = await Promise.race([flight.catch(() => undefined), deps.sleep(FLIGHT_WAIT_MS)]);
    return landed ?? takeOff(key, accountId, grant);
  };

  return {
    resolve: async (accountId, grant) => {
      if (grant.mode === "selected" && grant.ids.length === 0) return NOTHING;
      const key = keyOf(accountId, grant);
      const entry = entries.get(key);
      if (entry !== undefined && entry.until > deps.now()) return entry.resolved;
      try {
        return await joinOrLoad(key, accountId, grant);
      } catch (cause) {
        deps.warn("secrets could not be read", { accountId, cause: String(cause) });
        return UNREADABLE;
      }
    },
    forget: (accountId) => {
      const own = accountPart(accountId);
      for (const key of entries.keys()) if (key.startsWith(own)) entries.remove(key);
      // A load from before the change may still end: nobody who comes from now on gets what it read.
      for (const key of joinable.keys()) if (key.startsWith(own)) joinable.delete(key);
      for (const flight of underWay) if (flight.key.startsWith(own)) flight.overtaken = true;
    },
  };
};
