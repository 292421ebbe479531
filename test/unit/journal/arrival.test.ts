import { describe, expect, it } from "vitest";
import { arrivalOf } from "../../../src/journal/store/arrival.ts";
import { newId } from "../../../src/lib/id.ts";

describe("the order of arrival", () => {
  it("is the ids' own", () => {
    const now = Date.UTC(2026, 10, 22);
    const ids = Array.from({ length: 2_000 }, (_, index) => newId("exc", now + (index % 20))).toSorted();
    const arrivals = ids.map(arrivalOf);
    const sorted = arrivals.toSorted(([a, x], [b, y]) => a - b || x - y);
    expect(arrivals).toEqual(sorted);
    expect(arrivals[0]?.[0]).toBe(now);
    expect(new Set(arrivals.map(String)).size).toBeGreaterThan(1_990);
  });

  it("holds until the year 2109", () => {
    const last = Date.UTC(2109, 0, 1);
    expect(arrivalOf(newId("exc", last))[0]).toBe(last);
  });

  it("has no place for what is no id of an exchange", () => {
    const other = newId("rsp", Date.now());
    expect(["", "exc_", other, `exc_${"u".repeat(26)}`].map(arrivalOf)).toEqual(
      Array.from({ length: 4 }, () => [0, 0]),
    );
  });
});
