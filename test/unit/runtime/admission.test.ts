import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createAdmissions } from "../../../src/runtime/admission.ts";
import { type Claim, ISOLATE_RULES } from "../../../src/runtime/budget-rules.ts";
import { createBudget } from "../../../src/runtime/budget.ts";

const claim = (account: string): Claim => ({
  share: { account, unit: "u", runsPerAccount: 50, runsPerUnit: 50, cpuMsPer10s: null },
  leaseMs: 60_000,
});

const queue = () => {
  const budget = createBudget(
    { ...ISOLATE_RULES, maxRuns: 1 },
    { heldByAll: () => 0, spare: () => 0, dropSpare: () => undefined },
  );
  return { budget, admissions: createAdmissions(budget, Date.now) };
};

const enter = async (admissions: ReturnType<typeof queue>["admissions"], account: string) => {
  const admission = await admissions.enter(claim(account));
  if (admission.kind !== "place") throw new Error("no place");
  return admission.place;
};

describe("the queue before the sandbox", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("wakes a waiter when a place becomes free, without waiting for its own timer", async () => {
    const { admissions } = queue();
    const first = await enter(admissions, "a");
    const second = enter(admissions, "b");
    first.leave(0);
    const place = await second;
    expect(vi.getTimerCount()).toBe(0);
    place.leave(0);
  });

  it("lets a waiter find a place by itself, when the run that held it died without a word", async () => {
    const { admissions, budget } = queue();
    await enter(admissions, "a");
    await vi.advanceTimersByTimeAsync(58_000);
    const second = enter(admissions, "b");
    await vi.advanceTimersByTimeAsync(2_100);
    (await second).leave(0);
    expect(budget.counts()).toMatchObject({ running: 0, waiting: 0, capturedBytes: 0 });
  });

  it("sends a waiter away after three seconds, and keeps no timer", async () => {
    const { admissions, budget } = queue();
    const first = await enter(admissions, "a");
    const second = admissions.enter(claim("b"));
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await second).toMatchObject({ kind: "refuse", reason: "full" });
    expect(vi.getTimerCount()).toBe(0);
    first.leave(0);
    expect(budget.counts().running).toBe(0);
  });

  it("gives every one of many waiters its turn", async () => {
    const { admissions } = queue();
    const order: number[] = [];
    const runs = Array.from({ length: 20 }, async (_, index) => {
      const place = await enter(admissions, `a${index % 4}`);
      order.push(index);
      await Promise.resolve();
      place.leave(0);
    });
    await vi.advanceTimersByTimeAsync(1_000);
    await Promise.all(runs);
    expect(order.toSorted((a, b) => a - b)).toEqual(Array.from({ length: 20 }, (_, index) => index));
    // After the first, accounts take turns: no account twice in a row while others wait.
    const accounts = order.slice(0, 16).map((index) => index % 4);
    expect(accounts.every((account, at) => at === 0 || account !== accounts[at - 1])).toBe(true);
  });
});
