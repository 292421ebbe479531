import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { compareKeys } from "../../../src/responders/state/key-order.ts";
import { takesKey } from "../../../src/responders/state/watchers.ts";

describe("the order of keys", () => {
  it("is that of their UTF-8 bytes", () => {
    const any = string({ unit: "binary", maxLength: 6 });
    assert(
      property(any, any, (left, right) => {
        expect(Math.sign(compareKeys(left, right))).toBe(
          Buffer.compare(Buffer.from(left), Buffer.from(right)),
        );
      }),
      { numRuns: 2_000 },
    );
    expect(compareKeys("\uffff", "\u{10000}")).toBeLessThan(0);
  });

  it("decides what comes after", () => {
    expect([
      takesKey({ prefix: "a", after: null }, "a"),
      takesKey({ prefix: "a", after: "a" }, "a"),
      takesKey({ prefix: "a", after: "a" }, "ab"),
    ]).toEqual([true, false, true]);
    expect([
      takesKey({ prefix: "", after: "\uffff" }, "\u{10000}"),
      takesKey({ prefix: "b", after: null }, "a"),
    ]).toEqual([true, false]);
  });
});
