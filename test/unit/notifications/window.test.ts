import { describe, expect, it } from "vitest";
import { nextTryAt } from "../../../src/notifications/ledger/backoff.ts";
import {
  addHit,
  type CountedHit,
  dueAt,
  GATHER_MS,
  type Pending,
} from "../../../src/notifications/ledger/window.ts";

const MINUTE = 60_000;

const hit = (number: number, more: Partial<CountedHit> = {}): CountedHit => ({
  id: `exc_${number}`,
  at: number * 1_000,
  failed: false,
  kept: true,
  hops: 0,
  ...more,
});

const together = (...hits: readonly CountedHit[]): Pending | null =>
  hits.reduce<Pending | null>((sum, each, index) => addHit(sum, each, 5_000 + index), null);

describe("what came since the last notice", () => {
  it("is counted, with the first and the last arrival, and the last few that were kept", () => {
    const hits = Array.from({ length: 8 }, (_, number) =>
      hit(number, { failed: number % 2 === 0, kept: number !== 7 }),
    );
    expect(together(...hits)).toEqual({
      openedAt: 5_000,
      count: 8,
      failures: 4,
      firstAt: 0,
      lastAt: 7_000,
      exchanges: ["exc_2", "exc_3", "exc_4", "exc_5", "exc_6"],
      hops: 0,
    });
  });

  it("takes arrivals in any order, and the shortest way through hooks", () => {
    const pending = together(hit(5, { hops: 3 }), hit(2, { hops: 1 }), hit(9, { hops: 2 }));
    expect(pending).toMatchObject({ firstAt: 2_000, lastAt: 9_000, hops: 1 });
  });
});

describe("when it is told", () => {
  it("is a moment after the first, when nothing was told for long", () => {
    expect(dueAt({ openedAt: 1_000 }, null, "24h")).toBe(1_000 + GATHER_MS);
    const long = 10 * MINUTE;
    expect(dueAt({ openedAt: long }, 0, "5m")).toBe(long + GATHER_MS);
  });

  it("is the window's end, when something was told within it", () => {
    expect(dueAt({ openedAt: MINUTE }, 0, "5m")).toBe(5 * MINUTE);
    expect(dueAt({ openedAt: MINUTE }, 0, "15m")).toBe(15 * MINUTE);
    expect(dueAt({ openedAt: MINUTE }, 0, "24h")).toBe(24 * 60 * MINUTE);
  });
});

describe("a try that failed", () => {
  it("is followed by four more, over some five hours", () => {
    const pauses = [1, 2, 3, 4, 5].map((tries) => nextTryAt(tries, 0));
    expect(pauses).toEqual([MINUTE, 10 * MINUTE, 60 * MINUTE, 240 * MINUTE, null]);
  });
});
