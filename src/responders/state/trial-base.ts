import type { KvPage, KvStore } from "../../runtime/index.ts";
import { type RunOfState, type RunStateDeps, stateOfRun } from "./run-state.ts";
import type { StateUsage } from "./state-store.ts";

/** What a trial writes over: reads of the real store, or of none for a responder that is not saved. */
export interface TrialBase {
  readonly reads: Pick<KvStore, "get" | "list" | "watch">;
  readonly usage: () => Promise<StateUsage>;
}

const NO_ENTRIES: KvPage = { kind: "page", entries: [], more: false };

/** The state of a responder that is saved. */
export const savedState = (deps: RunStateDeps, run: RunOfState): TrialBase => ({
  reads: stateOfRun(deps, run),
  usage: () => deps.stateOf(run.responderId).usage(),
});

/** The state of a responder that is not saved. */
export const NO_STATE: TrialBase = {
  reads: {
    get: () => Promise.resolve(null),
    list: () => Promise.resolve(NO_ENTRIES),
    // Only the trial itself could write something: it is asked first.
    watch: (_query, timeoutMs, signal) =>
      new Promise((resolve) => {
        const end = (): void => {
          clearTimeout(timer);
          resolve(NO_ENTRIES);
        };
        const timer = setTimeout(end, timeoutMs);
        signal.addEventListener("abort", end, { once: true });
      }),
  },
  usage: () => Promise.resolve({ entries: 0, bytes: 0 }),
};
