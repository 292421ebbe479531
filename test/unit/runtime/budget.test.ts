import { describe, expect, it } from "vitest";
import { type BudgetRules, type Claim, createBudget } from "../../../src/runtime/budget.ts";

const RULES: BudgetRules = {
  maxRuns: 3,
  maxRunsPerAccount: 2,
  maxBytes: 100,
  maxWaiting: 4,
  maxWaitMs: 3_000,
  staleMs: 1_000,
};

const claim = (account: string, more: Partial<Claim["share"]> = {}): Claim => ({
  share: { account, unit: "u", runsPerAccount: 50, runsPerUnit: 50, cpuMsPer10s: null, ...more },
  bytes: 10,
  leaseMs: 30_000,
});

const ENTER = { kind: "enter" };
const WAIT = { kind: "wait" };
const SHARE = { kind: "refuse", reason: "share", retryAfterSeconds: 1 };

describe("the budget of an isolate", () => {
  it("lets runs in until the places are taken, then makes them wait", () => {
    const budget = createBudget(RULES);
    expect(budget.arrive(1, claim("a"), 0)).toEqual(ENTER);
    expect(budget.arrive(2, claim("b"), 0)).toEqual(ENTER);
    expect(budget.arrive(3, claim("c"), 0)).toEqual(ENTER);
    expect(budget.arrive(4, claim("d"), 0)).toEqual(WAIT);
    budget.leave(2, 0, 10);
    expect(budget.ask(4, 10)).toEqual(ENTER);
  });

  it("leaves a place for others when one account takes all it can", () => {
    const budget = createBudget(RULES);
    budget.arrive(1, claim("a"), 0);
    budget.arrive(2, claim("a"), 0);
    expect(budget.arrive(3, claim("a"), 0)).toEqual(WAIT);
    expect(budget.arrive(4, claim("b"), 0)).toEqual(ENTER);
  });

  it("takes the accounts in turn, however many runs one of them queued first", () => {
    const budget = createBudget({ ...RULES, maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    for (const id of [2, 3]) budget.arrive(id, claim("a"), 0);
    budget.arrive(4, claim("b"), 0);
    budget.leave(1, 0, 1);
    expect(budget.ask(2, 1)).toEqual(WAIT);
    expect(budget.ask(4, 1)).toEqual(ENTER);
    budget.leave(4, 0, 2);
    expect(budget.ask(3, 2)).toEqual(WAIT);
    expect(budget.ask(2, 2)).toEqual(ENTER);
  });

  it("answers 'full' to a waiter after the longest wait, and to whoever finds the queue full", () => {
    const budget = createBudget({ ...RULES, maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    for (const id of [2, 3, 4, 5]) budget.arrive(id, claim("b"), 0);
    expect(budget.arrive(6, claim("c"), 0)).toEqual({ kind: "refuse", reason: "full", retryAfterSeconds: 3 });
    for (let now = 500; now < 3_000; now += 500) expect(budget.ask(2, now)).toEqual(WAIT);
    expect(budget.ask(2, 3_000)).toMatchObject({ kind: "refuse", reason: "full" });
  });

  it("answers 'share' to a run beyond its account's or its unit's own", () => {
    const budget = createBudget(RULES);
    budget.arrive(1, claim("a", { runsPerUnit: 1 }), 0);
    expect(budget.arrive(2, claim("a", { runsPerUnit: 1 }), 0)).toEqual(SHARE);
    expect(budget.arrive(3, claim("a", { runsPerUnit: 1, unit: "v", runsPerAccount: 1 }), 0)).toEqual(SHARE);
    expect(budget.arrive(4, claim("a", { runsPerUnit: 1, unit: "v" }), 0)).toEqual(ENTER);
  });

  it("passes over a waiter whose request has died", () => {
    const budget = createBudget({ ...RULES, maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    budget.arrive(2, claim("b"), 0);
    budget.arrive(3, claim("c"), 600);
    budget.leave(1, 0, 1_200);
    expect(budget.ask(3, 1_200)).toEqual(ENTER);
    expect(budget.ask(2, 1_200)).toMatchObject({ kind: "refuse" });
  });

  it("frees the place of a run that never left, when its lease is over", () => {
    const budget = createBudget({ ...RULES, maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    expect(budget.arrive(2, claim("b"), 29_999)).toEqual(WAIT);
    expect(budget.ask(2, 30_000)).toEqual(ENTER);
  });

  it("counts the bytes that runs hold, and refuses growth beyond all of them", () => {
    const budget = createBudget(RULES);
    budget.arrive(1, claim("a"), 0);
    budget.arrive(2, claim("b"), 0);
    expect(budget.grow(1, 80)).toBe(true);
    expect(budget.grow(2, 1)).toBe(false);
    expect(budget.arrive(3, claim("c"), 0)).toEqual(WAIT);
    budget.leave(1, 0, 1);
    expect(budget.ask(3, 1)).toEqual(ENTER);
    expect(budget.counts()).toEqual({ running: 2, waiting: 0, bytes: 20 });
  });

  it("makes an account that used up its CPU wait for others, and refills its bucket by the clock", () => {
    const budget = createBudget(RULES);
    const heavy = claim("a", { cpuMsPer10s: 1_000 });
    budget.arrive(1, heavy, 0);
    budget.arrive(2, claim("b"), 0);
    budget.leave(1, 1_200, 0);
    expect(budget.arrive(3, heavy, 0)).toEqual(WAIT);
    expect(budget.ask(3, 1_000)).toEqual(WAIT);
    expect(budget.ask(3, 1_999)).toEqual(WAIT);
    expect(budget.ask(3, 2_010)).toEqual(ENTER);
  });

  it("lets an account without CPU run while nobody else is there, and answers 'share' when somebody stays", () => {
    const budget = createBudget(RULES);
    const heavy = claim("a", { cpuMsPer10s: 100 });
    budget.arrive(1, heavy, 0);
    budget.leave(1, 5_000, 0);
    expect(budget.arrive(2, heavy, 0)).toEqual(ENTER);
    budget.leave(2, 0, 0);
    budget.arrive(3, claim("b"), 0);
    budget.arrive(4, heavy, 0);
    for (let now = 500; now < 3_000; now += 500) expect(budget.ask(4, now)).toEqual(WAIT);
    expect(budget.ask(4, 3_000)).toEqual(SHARE);
  });
});
