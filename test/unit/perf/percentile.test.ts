import { assert, array, double, property } from "fast-check";
import { describe, expect, it } from "vitest";
import { timingOf } from "../../../perf/results/figures.ts";
import { inOrder, percentile } from "../../../perf/results/percentile.ts";

describe("a percentile", () => {
  it("is the nearest rank", () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1);
    expect([0.5, 0.9, 0.99, 1].map((share) => percentile(hundred, share))).toEqual([50, 90, 99, 100]);
    expect(percentile([1, 2, 3], 0.5)).toBe(2);
    expect(percentile([1, 2, 3], 0)).toBe(1);
    expect(percentile([7], 0.99)).toBe(7);
    expect(percentile([], 0.5)).toBeNaN();
  });

  it("is one of the values, and rises with its share", () => {
    const values = array(double({ noNaN: true }), { minLength: 1 });
    assert(
      property(values, (given) => {
        const sorted = inOrder(given);
        const ranks = [0.1, 0.5, 0.9, 1].map((share) => percentile(sorted, share));
        expect(ranks.every((rank) => given.includes(rank))).toBe(true);
        expect(ranks).toEqual(inOrder(ranks));
      }),
    );
  });

  it("sorts numbers as numbers", () => {
    expect(inOrder([10, 9, 100, 1])).toEqual([1, 9, 10, 100]);
  });

  it("is given with the most, and with runs over the wall time", () => {
    expect(timingOf([30.4, 10.2, 20.6], 300, 1_500)).toEqual({
      p50Us: 21,
      p90Us: 30,
      p99Us: 30,
      maxUs: 30,
      perSecond: 200,
      samples: 3,
    });
  });
});
