import { describe, expect, it } from "vitest";
import { type JobsDeps, runScheduled } from "../../../src/jobs/scheduled.ts";
import type { JobEvent } from "../../../src/telemetry/index.ts";

const witnessed = (more: Partial<JobsDeps>) => {
  const events: JobEvent[] = [];
  const errors: unknown[] = [];
  const published: string[] = [];
  const deps: JobsDeps = {
    now: () => 0,
    purgeAnswers: async () => 2,
    finishDeletions: async () => 1,
    emptyDeparted: async () => 3,
    rewrapSecrets: async () => 4,
    listLagging: async () => ["acc_1", "acc_2"],
    publishRoutes: async (id) => {
      published.push(id);
    },
    logEvent: (event) => events.push(event),
    logError: (where, error) => errors.push([where, String(error)]),
    ...more,
  };
  return { deps, events, errors, published };
};

describe("the cron", () => {
  it("publishes what lags, finishes deletions, rewraps secrets and drops old answers", async () => {
    const { deps, events, published } = witnessed({});
    await runScheduled(deps);
    expect(published).toEqual(["acc_1", "acc_2"]);
    expect(events.map(({ job, outcome, count }) => [job, outcome, count])).toEqual([
      ["publish-routes", "done", 2],
      ["finish-deletions", "done", 1],
      ["empty-departed", "done", 3],
      ["rewrap-secrets", "done", 4],
      ["purge-answers", "done", 2],
    ]);
  });

  it("goes on after a job that failed, and logs why", async () => {
    const { deps, events, errors } = witnessed({
      finishDeletions: async () => {
        throw new Error("D1 is away");
      },
    });
    await runScheduled(deps);
    expect(events.map(({ outcome, count }) => [outcome, count])).toEqual([
      ["done", 2],
      ["failed", null],
      ["done", 3],
      ["done", 4],
      ["done", 2],
    ]);
    expect(errors).toEqual([["finish-deletions", "Error: D1 is away"]]);
  });
});
