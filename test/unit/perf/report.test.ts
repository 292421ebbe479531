import { assert, property, string } from "fast-check";
import { describe, expect, it } from "vitest";
import { escapeHtml } from "../../../perf/report/escape.ts";
import { showFigure } from "../../../perf/report/figure.ts";
import { lineChart } from "../../../perf/report/line-chart.ts";
import { reportPage } from "../../../perf/report/page.ts";
import { lineOf, recorded } from "./lines.ts";

const about = new Map([["steady_state", "a trivial script"]]);
const timing = { p50Us: 900, p99Us: 999, perSecond: 100 };

describe("the report", () => {
  it("escapes what the history brought", () => {
    const attack = `"><img src=x onerror="alert('1')">`;
    const history = [
      lineOf({ steady_state: recorded() }, { commit: attack.slice(0, 12), date: attack, cpu: attack }),
    ];
    const page = reportPage({ history, about: new Map([["steady_state", attack]]) });
    expect(page).not.toContain("<img");
    expect(page).toContain("&quot;&gt;&lt;img");
  });

  it("leaves nothing that could open a tag or end an attribute", () => {
    assert(property(string({ unit: "binary" }), (text) => !/[<>"']/.test(escapeHtml(text))));
    expect(escapeHtml("a & b")).toBe("a &amp; b");
  });

  it("asks for nothing from anywhere, and runs nothing", () => {
    const page = reportPage({ history: [lineOf({ steady_state: recorded() })], about });
    expect(page).not.toMatch(/<script|<link|<img|src=|url\(|@import|https?:/);
    expect(page).toContain("default-src 'none'");
  });

  it("has a chart for each scenario and metric, and peers as bars", () => {
    const scenarios = {
      steady_state: recorded({ peers: { "isolated-vm": timing } }),
      later: recorded(),
    };
    const workerd = { steady_state: recorded({ peers: { "worker-loader": timing } }) };
    const page = reportPage({ history: [lineOf(scenarios, { workerd }), lineOf(scenarios)], about });
    expect(page.match(/<section/g)).toHaveLength(2);
    expect(page.match(/over time/g)).toHaveLength(14);
    expect(page).toContain("isolated-vm");
    expect(page).toContain("(9.0 ×)");
  });

  it("shows times of one machine only, and fuel of all", () => {
    const other = lineOf({ steady_state: recorded({ p50Us: 77_000 }) }, { cpu: "Another" });
    const page = reportPage({ history: [other, lineOf({ steady_state: recorded() })], about });
    expect(page).not.toContain("77 ms");
    expect(page.match(/<title>1,000 · Node/g)).toHaveLength(2);
  });

  it("says what to do when there is nothing to show", () => {
    expect(reportPage({ history: [], about })).toContain("npm run perf");
  });

  it("draws a single point, and one of zero", () => {
    const series = [{ name: "Node", kind: "node" as const, points: [{ at: 0, value: 0, label: "l" }] }];
    expect(lineChart("p50", "µs", 1, series)).not.toContain("NaN");
    expect(lineChart("p50", "µs", 1, [])).toBe("");
  });

  it("shows figures in units that can be read", () => {
    expect(showFigure(81.44, "µs")).toBe("81.4 µs");
    expect(showFigure(250_000, "µs")).toBe("250 ms");
    expect(showFigure(1_234_567, "bytes")).toBe("1.23 MB");
    expect(showFigure(162_501_884, "fuel")).toBe("162,501,884");
  });
});
