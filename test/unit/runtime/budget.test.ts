import { describe, expect, it } from "vitest";
import type { BudgetRules, Claim } from "../../../src/runtime/budget-rules.ts";
import { createBudget } from "../../../src/runtime/budget.ts";

const RULES: BudgetRules = {
  maxBytes: 1_000,
  headroomBytes: 100,
  contestedShare: 0.25,
  aloneShare: 0.75,
  contestedRuns: 2,
  maxRuns: 3,
  maxWaiting: 4,
  maxWaitMs: 3_000,
  staleMs: 1_000,
};

const claim = (account: string, more: Partial<Claim["share"]> = {}): Claim => ({
  share: { account, unit: "u", runsPerAccount: 50, runsPerUnit: 50, cpuMsPer10s: null, ...more },
  leaseMs: 30_000,
});

const budgetOf = (
  rules: Partial<BudgetRules> = {},
  heldByAll = () => 0,
  [spare, dropSpare] = [() => 0, (): void => undefined],
) => createBudget({ ...RULES, ...rules }, { heldByAll, spare, dropSpare });

const ENTER = { kind: "enter" };
const WAIT = { kind: "wait" };
const SHARE = { kind: "refuse", reason: "share", retryAfterSeconds: 1 };

describe("the budget of an isolate", () => {
  it("lets runs in until the places are taken, then makes them wait", () => {
    const budget = budgetOf();
    expect(budget.arrive(1, claim("a"), 0)).toEqual(ENTER);
    expect(budget.arrive(2, claim("b"), 0)).toEqual(ENTER);
    expect(budget.arrive(3, claim("c"), 0)).toEqual(ENTER);
    expect(budget.arrive(4, claim("d"), 0)).toEqual(WAIT);
    budget.leave(2, 0, 10);
    expect(budget.ask(4, 10)).toEqual(ENTER);
  });

  it("keeps an account to its number of runs while another waits", () => {
    const budget = budgetOf({ contestedRuns: 2, maxRuns: 5, headroomBytes: 300 });
    for (const id of [1, 2, 3]) expect(budget.arrive(id, claim("a"), 0)).toEqual(ENTER);
    expect(budget.capture(1, 740)).toBe(true);
    expect(budget.arrive(4, claim("b"), 0)).toEqual(WAIT);
    expect(budget.arrive(5, claim("a"), 0)).toEqual(WAIT);
    budget.leave(1, 0, 1);
    expect(budget.ask(5, 1)).toEqual(WAIT);
    expect(budget.ask(4, 1)).toEqual(ENTER);
  });

  it("takes the accounts in turn, however many runs one of them queued first", () => {
    const budget = budgetOf({ maxRuns: 1 });
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
    const budget = budgetOf({ maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    for (const id of [2, 3, 4, 5]) budget.arrive(id, claim("b"), 0);
    expect(budget.arrive(6, claim("c"), 0)).toEqual({ kind: "refuse", reason: "full", retryAfterSeconds: 3 });
    for (let now = 500; now < 3_000; now += 500) expect(budget.ask(2, now)).toEqual(WAIT);
    expect(budget.ask(2, 3_000)).toMatchObject({ kind: "refuse", reason: "full" });
  });

  it("answers 'share' to a run beyond its account's or its unit's own", () => {
    const budget = budgetOf();
    budget.arrive(1, claim("a", { runsPerUnit: 1 }), 0);
    expect(budget.arrive(2, claim("a", { runsPerUnit: 1 }), 0)).toEqual(SHARE);
    expect(budget.arrive(3, claim("a", { runsPerUnit: 1, unit: "v", runsPerAccount: 1 }), 0)).toEqual(SHARE);
    expect(budget.arrive(4, claim("a", { runsPerUnit: 1, unit: "v" }), 0)).toEqual(ENTER);
  });

  it("passes over a waiter whose request has died", () => {
    const budget = budgetOf({ maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    budget.arrive(2, claim("b"), 0);
    budget.arrive(3, claim("c"), 600);
    budget.leave(1, 0, 1_200);
    expect(budget.ask(3, 1_200)).toEqual(ENTER);
    expect(budget.ask(2, 1_200)).toMatchObject({ kind: "refuse" });
  });

  it("frees the place of a run that never left, within a second of the end of its lease", () => {
    const budget = budgetOf({ maxRuns: 1 });
    budget.arrive(1, claim("a"), 0);
    expect(budget.arrive(2, claim("b"), 29_999)).toEqual(WAIT);
    expect(budget.ask(2, 30_999)).toEqual(ENTER);
  });

  it("holds an account to three quarters of what instances and images leave, and to a quarter while another waits", () => {
    const budget = budgetOf({ headroomBytes: 750 }, () => 200);
    budget.arrive(1, claim("a"), 0);
    budget.arrive(2, claim("a"), 0);
    expect(budget.keep(1, 600)).toBe(true);
    expect(budget.keep(2, 1)).toBe(false);
    expect(budget.counts()).toMatchObject({ keptBytes: 600, capturedBytes: 0 });
    expect(budget.keep(1, 100)).toBe(true);
    expect(budget.arrive(3, claim("b"), 0)).toEqual(WAIT);
    expect(budget.keep(2, 101)).toBe(false);
    expect(budget.keep(2, 100)).toBe(true);
  });

  it("lets nobody in without room for the pages of the run that is displaced", () => {
    const budget = budgetOf({ aloneShare: 1 });
    budget.arrive(1, claim("a"), 0);
    expect(budget.capture(1, 901)).toBe(true);
    expect(budget.arrive(2, claim("b"), 0)).toEqual(WAIT);
    budget.leave(1, 0, 1);
    expect(budget.ask(2, 1)).toEqual(ENTER);
    expect(budget.counts()).toEqual({ running: 1, waiting: 0, keptBytes: 0, capturedBytes: 0 });
  });

  it("gives up what can be made again before it refuses", () => {
    let images = 500;
    const dropSpare = (): void => {
      images = 0;
    };
    const budget = budgetOf({}, () => 0, [() => images, dropSpare]);
    budget.arrive(1, claim("a"), 0);
    expect(budget.hasRoom(490)).toBe(true);
    expect(images).toBe(500);
    expect(budget.capture(1, 501)).toBe(true);
    expect(images).toBe(0);
    expect(budget.hasRoom(600)).toBe(false);
  });

  it("counts what is reserved outside of runs, to its account, until it is released or minutes are over", () => {
    const budget = budgetOf();
    const { share } = claim("a");
    expect(budget.reserve(7, share, 400, 0)).toBe(true);
    expect(budget.reserve(7, share, 350, 0)).toBe(true);
    expect(budget.reserve(8, share, 1, 0)).toBe(false);
    expect(budget.reserve(9, claim("b").share, 251, 0)).toBe(false);
    expect(budget.counts().capturedBytes).toBe(750);
    budget.release(7);
    expect(budget.reserve(8, share, 750, 1)).toBe(true);
    expect(budget.reserve(9, share, 1, 180_000)).toBe(false);
    expect(budget.reserve(9, share, 1, 181_500)).toBe(true);
    expect(budget.counts().capturedBytes).toBe(1);
  });

  it("makes an account that used up its CPU wait for others, and refills its bucket by the clock", () => {
    const budget = budgetOf();
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
    const budget = budgetOf();
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
