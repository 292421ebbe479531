import { describe, expect, it } from "vitest";
import { changeOf, compareFuel, compareTimes, lastOf } from "../../../perf/results/compare.ts";
import type { Recorded } from "../../../perf/results/history.ts";
import { adviceOn, judgeFuel, judgeTimes } from "../../../perf/results/verdict.ts";
import { lineOf, recorded } from "./lines.ts";

const fuel = (units: number) => recorded({ fuel: units });

describe("fuel", () => {
  it("fails above 2 %, and not at it", () => {
    const before = { a: fuel(1_000), b: fuel(1_000), c: fuel(1_000), d: fuel(1_000) };
    const now = { a: fuel(1_020), b: fuel(1_021), c: fuel(1_000), d: fuel(500) };
    const { rises, differs, unrecorded, gone } = compareFuel(now, before);
    expect(rises.map(({ scenario }) => scenario)).toEqual(["b"]);
    expect(differs.map(({ scenario }) => scenario)).toEqual(["a", "d"]);
    expect([unrecorded, gone]).toEqual([[], []]);
  });

  it("fails when it rises from nothing", () => {
    expect(compareFuel({ a: fuel(1) }, { a: fuel(0) }).rises).toHaveLength(1);
  });

  it("tells of scenarios that came and went, and fails for neither", () => {
    const verdict = judgeFuel({ a: fuel(1), new: fuel(1) }, [lineOf({ a: fuel(1), old: fuel(1) })]);
    expect(verdict.lines.join("\n")).toMatch(/Not recorded yet: new[^]*not measured any more: old/);
    expect([verdict.failed, verdict.same]).toEqual([false, false]);
  });

  it("is compared with the last line, of whatever machine", () => {
    const history = [lineOf({ a: fuel(2_000) }), lineOf({ a: fuel(1_000) }, { cpu: "Another CPU" })];
    expect(judgeFuel({ a: fuel(1_100) }, history).failed).toBe(true);
    expect(judgeFuel({ a: fuel(1_000) }, history)).toMatchObject({ failed: false, same: true });
  });

  it("fails where none is recorded, so that a lost history is seen", () => {
    const verdict = judgeFuel({ a: fuel(1) }, []);
    expect(verdict.failed).toBe(true);
    expect(adviceOn(verdict).join("")).toContain("npm run perf:check -- --accept");
  });

  it("says what to do exactly when something differs", () => {
    const history = [lineOf({ a: fuel(1_000) })];
    expect(adviceOn(judgeFuel({ a: fuel(1_000) }, history))).toEqual([]);
    expect(adviceOn(judgeFuel({ a: fuel(1_001) }, history)).join("")).toContain("--accept");
    expect(judgeFuel({ a: fuel(1_500) }, history).lines).toContain("  a: fuel 1,000 → 1,500 (+50.0 %)");
  });
});

describe("times and memory", () => {
  const worse = (figures: Partial<Recorded>): readonly string[] =>
    compareTimes(lineOf({ a: recorded(figures) }), lineOf({ a: recorded() })).map(({ what }) => what);

  it("warn beyond their tolerance: p50 15 %, p99 20 %, throughput 15 %, memory 25 %", () => {
    expect(worse({ p50Us: 115, p99Us: 240, perSecond: 4_250, peakMemoryBytes: 1_250_000 })).toEqual([]);
    expect(worse({ p50Us: 116 })).toEqual(["p50, µs"]);
    expect(worse({ p99Us: 241 })).toEqual(["p99, µs"]);
    expect(worse({ perSecond: 4_249 })).toEqual(["runs a second"]);
    expect(worse({ peakMemoryBytes: 1_250_001 })).toEqual(["peak memory, bytes"]);
  });

  it("do not warn of what became better", () => {
    expect(worse({ p50Us: 1, p99Us: 1, perSecond: 1e6, peakMemoryBytes: 1 })).toEqual([]);
  });

  it("are compared in workerd, too, and only where both lines have them", () => {
    const before = lineOf({ a: recorded() }, { workerd: { a: recorded() } });
    const now = lineOf({ b: recorded({ p50Us: 900 }) }, { workerd: { a: recorded({ p50Us: 900 }) } });
    expect(compareTimes(now, before)).toEqual([
      { scenario: "a (workerd)", what: "p50, µs", before: 100, after: 900 },
    ]);
    const fuelOnly = lineOf({ a: { fuel: 1, peakMemoryBytes: 1_000_000, peers: {} } });
    expect(compareTimes(lineOf({ a: recorded() }), fuelOnly)).toEqual([]);
  });

  it("are compared with the last line of the same CPU that has any", () => {
    const timed = lineOf({ a: recorded() });
    const accepted = lineOf({ a: { fuel: 5, peakMemoryBytes: 1, peers: {} } });
    const other = lineOf({ a: recorded({ p50Us: 1 }) }, { cpu: "Another CPU" });
    expect(lastOf([timed, accepted, other], "A CPU")).toBe(timed);
    expect(lastOf([other], "A CPU")).toBeUndefined();
    expect(judgeTimes(timed, [other]).lines.join("")).toContain("npm run perf");
  });

  it("never fail the check", () => {
    const verdict = judgeTimes(lineOf({ a: recorded({ p50Us: 9_999 }) }), [lineOf({ a: recorded() })]);
    expect(verdict.failed).toBe(false);
    expect(verdict.lines.join("\n")).toContain("a: p50, µs 100 → 9,999 (+9899.0 %)");
  });
});

describe("a change", () => {
  it("is a share of what was before", () => {
    expect(changeOf({ before: 200, after: 100 })).toBe(-0.5);
    expect(changeOf({ before: 0, after: 0 })).toBe(0);
    expect(changeOf({ before: 0, after: 1 })).toBe(Number.POSITIVE_INFINITY);
  });
});
