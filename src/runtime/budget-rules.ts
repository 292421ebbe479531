import type { Share } from "./limits.ts";

/** What one isolate may hold at once (docs/adr/0007-shares-of-one-machine.md). */
export interface BudgetRules {
  /** Instances, images, kept blocks and captured bodies together. */
  readonly maxBytes: number;
  /** Must be free for a run to begin: room for the blocks of the one that it may displace. */
  readonly headroomBytes: number;
  /** What one account may hold of what instances and images leave: while another waits, and else. */
  readonly contestedShare: number;
  readonly aloneShare: number;
  /** Runs of one account, asleep or not, while another waits. */
  readonly contestedRuns: number;
  readonly maxRuns: number;
  readonly maxWaiting: number;
  readonly maxWaitMs: number;
  /** A waiter that has not asked for so long is gone: its request died, and nobody will take its place. */
  readonly staleMs: number;
}

export const ISOLATE_RULES: BudgetRules = {
  maxBytes: 96_000_000,
  headroomBytes: 2_000_000,
  contestedShare: 0.25,
  aloneShare: 0.75,
  contestedRuns: 32,
  maxRuns: 4_000,
  maxWaiting: 256,
  maxWaitMs: 3_000,
  staleMs: 1_000,
};

/** What the isolate holds that is no run's, in bytes. */
export interface BudgetDeps {
  /** Instances, and images that all runs need. */
  readonly heldByAll: () => number;
  /** What can be made again, and how to give it up: images of scripts. */
  readonly spare: () => number;
  readonly dropSpare: () => void;
}

/** Who asks for a place. `leaseMs`: how long the run can last; after it the place is free, whatever became of the run. */
export interface Claim {
  readonly share: Share;
  readonly leaseMs: number;
}

export type Decision =
  | { readonly kind: "enter" }
  | { readonly kind: "wait" }
  | { readonly kind: "refuse"; readonly reason: "share" | "full"; readonly retryAfterSeconds: number };
