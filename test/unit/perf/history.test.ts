import { anything, assert, json, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { parseHistory, parseLine, readLine } from "../../../perf/results/history.ts";
import { ratiosOf, reasonsToRecord } from "../../../perf/results/worth-recording.ts";
import { lineOf, recorded } from "./lines.ts";

const peer = (p50Us: number) => ({ p50Us, p99Us: p50Us * 2, perSecond: 10 });

describe("the history", () => {
  const line = lineOf(
    { steady_state: recorded({ peers: { "isolated-vm": peer(900) } }) },
    { workerd: { steady_state: recorded({ residentBytes: 5 }) } },
  );

  it("reads back what was written", () => {
    expect(parseLine(JSON.stringify(line))).toEqual(line);
  });

  it("loses a torn line, and nothing besides", () => {
    const whole = JSON.stringify(line);
    const text = `${whole}\n${whole.slice(0, 90)}\n\n<<<<<<< HEAD\n${whole}\n[1]\nnull\n"text"\n${whole.slice(50)}`;
    expect(parseHistory(text)).toEqual([line, line]);
    expect(parseHistory("")).toEqual([]);
  });

  it("drops what is no figure, no name and no peer", () => {
    const told = {
      ...line,
      scenarios: {
        steady_state: {
          fuel: 1,
          peakMemoryBytes: 2,
          p50Us: "3",
          p99Us: -1,
          maxUs: 4,
          peers: { "isolated-vm": peer(1), unknown: peer(1), "worker-loader": { p50Us: 1 } },
        },
        "<script>": recorded(),
        no_fuel: { peakMemoryBytes: 1 },
        a_list: [],
      },
    };
    expect(readLine(told)?.scenarios).toEqual({
      steady_state: { fuel: 1, peakMemoryBytes: 2, maxUs: 4, peers: { "isolated-vm": peer(1) } },
    });
  });

  it("takes a key __proto__ for nothing", () => {
    const text = `{"commit":"c","date":"d","cpu":"x","scenarios":{"__proto__":{"fuel":1,"peakMemoryBytes":1},"a":{"fuel":1,"peakMemoryBytes":1,"__proto__":{"p50Us":1},"peers":{"__proto__":{}}}}}`;
    const read = parseLine(text);
    expect(Object.keys(read?.scenarios ?? {})).toEqual(["a"]);
    expect(Object.getPrototypeOf(read?.scenarios)).toBe(Object.prototype);
    expect(read?.scenarios["a"]?.p50Us).toBeUndefined();
  });

  it("refuses endless texts", () => {
    expect(readLine({ ...line, commit: "a".repeat(1_000) })).toBeUndefined();
  });

  it("throws for nothing", () => {
    assert(property(anything(), (value) => void readLine(value)));
    assert(property(string({ unit: "binary" }), (text) => void parseHistory(text)));
    assert(property(json(), (text) => void parseLine(text)));
  });
});

describe("a line is recorded", () => {
  const before = lineOf(
    { a: recorded({ peers: { "isolated-vm": peer(1_000) } }) },
    { workerd: { a: recorded({ peers: { "worker-loader": peer(1_000) } }) } },
  );

  it("when it is the first, or the first of its CPU", () => {
    expect(reasonsToRecord(before, [])).toHaveLength(1);
    expect(reasonsToRecord({ ...before, cpu: "Another" }, [before])).toEqual(["it is the first of Another"]);
  });

  it("not when nothing moved", () => {
    expect(reasonsToRecord({ ...before, commit: "other", date: "later" }, [before])).toEqual([]);
  });

  it("when fuel changed at all, either way", () => {
    const changed = (fuel: number) => ({
      ...before,
      scenarios: { a: { ...before.scenarios["a"], ...recorded({ fuel }) } },
    });
    expect(reasonsToRecord(changed(1_001), [before]).join()).toContain("fuel of a: 1000 → 1001");
    expect(reasonsToRecord(changed(999), [before]).join()).toContain("fuel of a: 1000 → 999");
  });

  it("when a scenario came or went", () => {
    const now = lineOf({ b: recorded() });
    expect(reasonsToRecord(now, [lineOf({ a: recorded() })])).toEqual(["b is new", "a is gone"]);
  });

  it("when a ratio to a peer moved by more than 5 %, not when both moved alike", () => {
    const slower = (factor: number, peerFactor: number) => {
      const p50Us = 100 * factor;
      const peers = { "isolated-vm": peer(1_000 * peerFactor) };
      return { ...before, scenarios: { a: recorded({ p50Us, peers }) } };
    };
    expect(reasonsToRecord(slower(2, 2), [before])).toEqual([]);
    expect(reasonsToRecord(slower(1, 1.05), [before])).toEqual([]);
    expect(reasonsToRecord(slower(1, 1.06), [before])).toEqual(["a / isolated-vm: 10.0 → 10.6 times"]);
    expect(reasonsToRecord(slower(1.06, 1), [before])).toHaveLength(1);
  });

  it("with dynamic Workers set against the product in workerd alone", () => {
    const both = {
      ...before,
      scenarios: { a: recorded({ p50Us: 1, peers: { "worker-loader": peer(1_000) } }) },
    };
    expect([...ratiosOf(both)]).toEqual([["a / worker-loader", 10]]);
  });
});
