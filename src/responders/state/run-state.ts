import type { TierLimits } from "../../accounts/index.ts";
import { OpError } from "../../runtime/index.ts";
import type { KvLimits, KvStore } from "../../runtime/index.ts";
import type { StateRules, StateStore } from "./state-store.ts";

export interface RunStateDeps {
  /** The responder's Durable Object `ScriptState`. */
  readonly stateOf: (responderId: string) => StateStore;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  /** For the operator: what went on in spite of a failure. */
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Whose run it is. `requestId` is no other run's. */
export interface RunOfState {
  readonly responderId: string;
  readonly requestId: string;
  readonly limits: TierLimits;
}

export const stateRules = ({ stateEntries, stateBytes }: TierLimits): StateRules => ({
  entries: stateEntries,
  bytes: stateBytes,
});

export const kvLimits = (limits: TierLimits): KvLimits => ({
  keyBytes: limits.stateKeyBytes,
  valueBytes: limits.stateValueBytes,
  ttlSeconds: limits.stateTtlSeconds,
  operations: limits.stateOperations,
});

/** What the platform says of a failure that is over by itself. */
const isTransient = (error: unknown): boolean =>
  error instanceof Error &&
  Reflect.get(error, "retryable") === true &&
  Reflect.get(error, "overloaded") !== true;

const UNAVAILABLE = "The state cannot be reached now. It is worth trying again.";

/**
 * A responder's own store, for one run of its script. Nothing is asked of the object before the script asks. All calls
 * go through one stub, which keeps their order; after a failure through a new one, as the old may be broken for good.
 */
export const stateOfRun = (deps: RunStateDeps, { responderId, requestId, limits }: RunOfState): KvStore => {
  const rules = stateRules(limits);
  let store: StateStore | undefined;
  let watches = 0;

  const ask = async <T>(work: (store: StateStore) => Promise<T>): Promise<T> => {
    try {
      return await work((store ??= deps.stateOf(responderId)));
    } catch (error) {
      store = undefined;
      throw error;
    }
  };
  const failed = (error: unknown): OpError => {
    deps.warn("a script's state could not be reached", { responderId, requestId, cause: String(error) });
    return new OpError("StateUnavailable", UNAVAILABLE);
  };
  const once = <T>(work: (store: StateStore) => Promise<T>): Promise<T> =>
    ask(work).catch((error: unknown) => Promise.reject(failed(error)));
  /** Asked again once: a read changes nothing. */
  const read = <T>(work: (store: StateStore) => Promise<T>): Promise<T> =>
    ask(work).catch((error: unknown) => (isTransient(error) ? once(work) : Promise.reject(failed(error))));
  /** Never asked again, as it may have been done; and seen through although the run may end without waiting for it. */
  const write = async <T>(work: (store: StateStore) => Promise<T>): Promise<T> => {
    const asked = once(work);
    deps.defer(asked.catch(() => undefined));
    return asked;
  };

  return {
    get: (key) => read((state) => state.get(key)),
    list: (query) => read((state) => state.list(query)),
    set: (given) => write((state) => state.set(given, rules)),
    increment: (addition) => write((state) => state.increment(addition, rules)),
    delete: async (key, condition) => (await write((state) => state.remove(key, condition))) === "deleted",
    watch: (query, timeoutMs, signal) => {
      watches += 1;
      const id = `${requestId}.${watches}`;
      const callOff = (): void => void store?.unwatch(id).catch(() => undefined);
      signal.addEventListener("abort", callOff, { once: true });
      // Not asked again: its time may be over.
      return once((state) => state.watch(id, query, timeoutMs)).finally(() =>
        signal.removeEventListener("abort", callOff),
      );
    },
  };
};
