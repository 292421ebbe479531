import type { Db } from "../../storage/index.ts";
import type { StateStore } from "../state/state-store.ts";
import { forgetDeparted, listDeparted, markTried } from "./store.ts";

export interface EmptyDeps {
  readonly db: Db;
  readonly now: () => number;
  readonly stateOf: (responderId: string) => Pick<StateStore, "erase">;
  readonly eraseJournal: (responderId: string) => Promise<void>;
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** Calls at once; each empties one object. */
const AT_ONCE = 20;
/** In one go: a Worker has a bound on what it sends in one call. */
const IN_ONE_GO = 300;

const emptyOne = async (deps: EmptyDeps, id: string): Promise<boolean> => {
  try {
    await Promise.all([deps.stateOf(id).erase(), deps.eraseJournal(id)]);
    return true;
  } catch (cause) {
    deps.warn("a deleted responder's objects were not emptied", { responderId: id, cause: String(cause) });
    return false;
  }
};

/**
 * Empties the Durable Objects of responders that are gone. What an object refuses stays noted, and the cron tries again.
 * Returns how many are done. Rejects only when the database does.
 */
export const emptyObjects = async (deps: EmptyDeps, ids: readonly string[]): Promise<number> => {
  let emptied = 0;
  for (let start = 0; start < ids.length; start += AT_ONCE) {
    const some = ids.slice(start, start + AT_ONCE);
    const done = await Promise.all(some.map((id) => emptyOne(deps, id)));
    const gone = some.filter((_, index) => done[index] === true);
    await forgetDeparted(deps.db, gone);
    await markTried(
      deps.db,
      some.filter((_, index) => done[index] !== true),
      deps.now(),
    );
    emptied += gone.length;
  }
  return emptied;
};

/** The cron's part: some of those that are still noted, whoever deleted them. */
export const emptyDeparted = async (deps: EmptyDeps): Promise<number> =>
  emptyObjects(deps, await listDeparted(deps.db, IN_ONE_GO));
