import type { Claim, Decision } from "./budget-rules.ts";
import type { Budget } from "./budget.ts";

/** A run's place in the isolate, held from `enter` to `leave`. */
export interface Place {
  /** Its kept blocks are so many bytes from now on; `false` when there is no room for them. */
  readonly keep: (bytes: number) => boolean;
  /** It has captured so many bytes more, or fewer. */
  readonly capture: (bytes: number) => boolean;
  /** Frees the place and charges the account for its CPU. */
  readonly leave: (cpuMs: number) => void;
}

export type Admission =
  | { readonly kind: "place"; readonly place: Place }
  | Exclude<Decision, { kind: "enter" | "wait" }>;

export interface Admissions {
  readonly enter: (claim: Claim) => Promise<Admission>;
}

/**
 * How often a waiter asks by itself. It is woken when a place becomes free, but by another request's code, and a
 * promise that another request was to settle may never be, when that one dies.
 */
const ASK_EVERY_MS = 100;

/** The queue before the sandbox: the budget decides, this waits. */
export const createAdmissions = (budget: Budget, now: () => number): Admissions => {
  const woken = new Set<() => void>();
  let ids = 0;

  const wakeAll = (): void => {
    for (const wake of woken) wake();
  };
  const pause = (): Promise<void> =>
    new Promise((resolve) => {
      const finish = (): void => {
        woken.delete(finish);
        clearTimeout(timer);
        resolve();
      };
      const timer = setTimeout(finish, ASK_EVERY_MS);
      woken.add(finish);
    });
  const placeOf = (id: number): Place => ({
    keep: (bytes) => budget.keep(id, bytes),
    capture: (bytes) => budget.capture(id, bytes),
    leave: (cpuMs) => {
      budget.leave(id, cpuMs, now());
      wakeAll();
    },
  });

  return {
    enter: async (claim) => {
      const id = (ids += 1);
      let decision = budget.arrive(id, claim, now());
      while (decision.kind === "wait") {
        await pause();
        decision = budget.ask(id, now());
      }
      if (decision.kind === "enter") return { kind: "place", place: placeOf(id) };
      // Whoever leaves the queue may have stood before others.
      wakeAll();
      return decision;
    },
  };
};
