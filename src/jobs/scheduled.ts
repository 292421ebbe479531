import type { JobEvent } from "../telemetry/index.ts";

/** Accounts whose routes one tick publishes at most: KV takes them one after the other. */
const PUBLISHED_AT_ONCE = 100;

export interface JobsDeps {
  readonly now: () => number;
  /** Deletes answers kept for an `Idempotency-Key` for longer than 24 hours; returns how many rows. */
  readonly purgeAnswers: (now: number) => Promise<number>;
  /** Returns how many accounts are wholly gone. */
  readonly finishDeletions: () => Promise<number>;
  /** Empties Durable Objects of deleted responders; returns of how many. */
  readonly emptyDeparted: () => Promise<number>;
  /** Goes on with a rotation of master keys, when there is one; returns how many secrets it wrapped anew. */
  readonly rewrapSecrets: () => Promise<number>;
  /** Accounts whose last change of routes KV has not taken. */
  readonly listLagging: (limit: number) => Promise<readonly string[]>;
  readonly publishRoutes: (accountId: string) => Promise<void>;
  readonly logEvent: (event: JobEvent) => void;
  readonly logError: (where: string, error: unknown) => void;
}

interface Job {
  readonly name: string;
  /** Returns how many things it dealt with. */
  readonly work: () => Promise<number>;
}

const jobsOf = (deps: JobsDeps): readonly Job[] => [
  {
    name: "publish-routes",
    work: async () => {
      const lagging = await deps.listLagging(PUBLISHED_AT_ONCE);
      for (const accountId of lagging) await deps.publishRoutes(accountId);
      return lagging.length;
    },
  },
  { name: "finish-deletions", work: () => deps.finishDeletions() },
  { name: "empty-departed", work: () => deps.emptyDeparted() },
  { name: "rewrap-secrets", work: () => deps.rewrapSecrets() },
  { name: "purge-answers", work: () => deps.purgeAnswers(deps.now()) },
];

/** The cron's tick: every job, one after the other; one that fails is logged and does not keep the others. */
export const runScheduled = async (deps: JobsDeps): Promise<void> => {
  for (const job of jobsOf(deps)) {
    const startedAt = deps.now();
    const ended = (outcome: JobEvent["outcome"], count: number | null): void => {
      deps.logEvent({ kind: "job", job: job.name, outcome, count, durationMs: deps.now() - startedAt });
    };
    try {
      ended("done", await job.work());
    } catch (error) {
      deps.logError(job.name, error);
      ended("failed", null);
    }
  }
};
