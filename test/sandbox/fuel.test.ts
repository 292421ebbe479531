import { describe, expect, it } from "vitest";
import { FUEL_PER_MS } from "../../src/runtime/index.ts";
import { requestOf } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const cpu = (limitValue: number) => ({ kind: "exceeded", limit: "cpu", limitValue });
/** The engine polls once in 1,000 back jumps or calls; these cost about twelve units each. */
const POLL_FUEL = 30_000;
const frozenClock = () => 1_700_000_000_000;

describe("a script without end", () => {
  it("ends on fuel in what waitUntil was given, and the answer stays", async () => {
    const run = sandbox.runtime.run(
      requestOf("export default () => { waitUntil(sleep(1).then(() => { for (;;) {} })); return 'out' }"),
    );
    expect(await run.answer).toMatchObject({ kind: "returned", answer: { head: { value: "out" } } });
    expect(await run.end).toMatchObject(cpu(250));
  });

  it("ends at the first poll after its fuel, the same on every repeat, and is told where", async () => {
    const code = "export default () => {\n  for (;;) Math.abs(1);\n}";
    for (const cpuMs of [1, 10, 100]) {
      const outcome = await sandbox.run(code, { limits: { cpuMs } });
      expect(outcome).toMatchObject({ ...cpu(cpuMs), error: { line: 2 } });
      expect(outcome.fuel - cpuMs * FUEL_PER_MS).toBeGreaterThanOrEqual(0);
      expect(outcome.fuel - cpuMs * FUEL_PER_MS).toBeLessThan(POLL_FUEL);
      expect((await sandbox.run(code, { limits: { cpuMs } })).fuel).toBe(outcome.fuel);
    }
  });

  it("ends exactly at its fuel and grace where it never polls", async () => {
    const outcome = await sandbox.run("export default () => new Array(1e9).join('a')", {
      limits: { cpuMs: 10 },
    });
    expect(outcome).toMatchObject({ ...cpu(10), fuel: 12 * FUEL_PER_MS });
  });

  it("ends although every clock stands still", async () => {
    const frozen = workerSandbox(frozenClock);
    expect(await frozen.run("export default () => { for (;;) {} }")).toMatchObject(cpu(250));
    expect(
      await frozen.run("export default () => { const t = Date.now(); while (Date.now() - t < 5) {} }"),
    ).toMatchObject(cpu(250));
  });
});

describe("fuel", () => {
  it("is the same on every repeat", async () => {
    const code = `export default () => {
      const m = new Map();
      for (let i = 0; i < 2000; i++) m.set("k" + (i * 7919) % 1000, { i, s: String(i) });
      print("done");
      return JSON.stringify([...m]).length + Math.random();
    }`;
    const outcomes = [];
    for (let round = 0; round < 4; round += 1) outcomes.push(await workerSandbox(frozenClock).run(code));
    const [first] = outcomes;
    expect(first).toMatchObject({ kind: "returned" });
    for (const outcome of outcomes) expect(outcome).toEqual(first);
    expect(first?.fuel).toBeGreaterThan(100_000);
  });

  it("does not count the prelude", async () => {
    const { fuel } = await sandbox.run("export default () => 1");
    expect(fuel).toBeLessThan(60_000);
  });

  it("counts compiling: a long source with little fuel ends on fuel", async () => {
    const long = `export default () => 1;\n${"x => x + 1;\n".repeat(20_000)}`;
    expect(await sandbox.run(long, { limits: { cpuMs: 1 } })).toMatchObject(cpu(1));
  });

  it("is left for the guest to see, in milliseconds", async () => {
    const left = await sandbox.value("new Float64Array(host('fuel-left'))[0]");
    expect(left).toBeGreaterThan(249);
    expect(left).toBeLessThan(250);
  });

  it("pays for bytes that cross the border before they do", async () => {
    const big = 4_000_000;
    const code = (calls: number) =>
      `(() => { const big = new ArrayBuffer(${big}); for (let i = 0; i < ${calls}; i++) try { host('nothing', big) } catch {} })()`;
    const fuel = async (calls: number) => (await sandbox.run(code(calls), { form: "expression" })).fuel;
    const [one, two] = [await fuel(1), await fuel(2)];
    // Once over the border, at 32 bytes a unit; what the engine's own copies cost comes on top.
    expect(two - one).toBeGreaterThan(big / 32);
    const many = await sandbox.run(code(1e6), { form: "expression" });
    expect(many).toMatchObject(cpu(250));
  });
});
