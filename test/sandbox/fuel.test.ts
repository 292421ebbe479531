import { describe, expect, it } from "vitest";
import { FUEL_PER_MS } from "../../src/runtime/index.ts";
import { requestOf } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const cpu = (limitValue: number) => ({ kind: "exceeded", limit: "cpu", limitValue });
/** The engine polls once in 1,000 back jumps or calls; an empty loop's cost about two units each. */
const POLL_FUEL = 10_000;
const frozenClock = () => 1_700_000_000_000;
const alive = () => sandbox.value("1 + 1");

describe("a script without end", () => {
  it.each([
    ["an empty loop", "while (true) {}"],
    ["a loop that only calls", "for (;;) Math.abs(1)"],
    ["a native join", "new Array(4294967295).join('a')"],
    ["a native search", "new Array(1e9).indexOf(3)"],
    ["a native sort of what is no array", "[].sort.call({ length: 1e9 })"],
    ["a native reverse of what is no array", "[].reverse.call({ length: 2 ** 53 - 1 })"],
    ["a native template", "String.raw({ raw: { length: 2 ** 53 - 1 } })"],
    ["a regular expression that backtracks", "/(a+)+b/.test('a'.repeat(40))"],
    [
      "a proxy that feeds a native loop",
      "[].indexOf.call(new Proxy({}, { has: () => true, get: (_, k) => (k === 'length' ? 2 ** 53 - 1 : 0) }), 3)",
    ],
    ["an iterator", "for (const x of { [Symbol.iterator]: () => ({ next: () => ({ done: false }) }) }) x"],
    ["powers of a bigint", "{ let n = 3n; for (;;) n = (n * n) % (2n ** 5000n) }"],
    [
      "typed arrays that are filled",
      "{ const a = new Uint8Array(1e6); for (;;) a.fill(1).copyWithin(1, 0) }",
    ],
    ["joined strings", "for (;;) ('a'.repeat(1e5) + Math.random()).indexOf('b')"],
    [
      "JSON to and fro",
      "{ const v = Array.from({ length: 1e4 }, (_, i) => ({ i })); for (;;) JSON.parse(JSON.stringify(v)) }",
    ],
    ["a getter that loops when the result is read", "return { get x() { for (;;) {} } }"],
    ["a toJSON that loops", "return { toJSON() { for (;;) {} } }"],
  ])("ends on fuel: %s", async (_what, code) => {
    expect(await sandbox.run(`export default () => { ${code} }`)).toMatchObject(cpu(250));
    expect(await alive()).toBe(2);
  });

  it.each([
    ["at the top of a module", "while (true) {} export default () => 1"],
    ["in a catch", "export default () => { for (;;) { try { for (;;) {} } catch {} } }"],
    ["in a finally", "export default () => { const f = () => { try { for (;;) {} } finally { f() } }; f() }"],
    [
      "in an async function",
      "export default async () => { try { await null; for (;;) {} } catch { return 1 } }",
    ],
    [
      "in a promise that is never awaited",
      "export default () => { Promise.resolve().then(() => { for (;;) {} }); return sleep(5) }",
    ],
    [
      "in microtasks that queue more",
      "export default () => { const f = () => { Promise.resolve().then(f) }; f(); return sleep(5) }",
    ],
    ["in a thenable that is returned", "export default () => ({ then() { for (;;) {} } })"],
    [
      "in a thenable that resolves with another",
      "const t = () => ({ then(r) { r(t()) } }); export default () => t()",
    ],
    ["in an error's own message", "export default () => { throw { get message() { for (;;) {} } } }"],
    [
      "in async generators",
      "async function* g() { for (;;) yield 1 } export default async () => { for await (const x of g()) x }",
    ],
    ["after host calls", "export default async () => { await sleep(1); for (;;) {} }"],
  ])("ends on fuel: %s", async (_where, code) => {
    expect(await sandbox.run(code)).toMatchObject(cpu(250));
    expect(await alive()).toBe(2);
  });

  it("ends on fuel in what waitUntil was given, and the answer stays", async () => {
    const run = sandbox.runtime.run(
      requestOf("export default () => { waitUntil(sleep(1).then(() => { for (;;) {} })); return 'out' }"),
    );
    expect(await run.answer).toMatchObject({ kind: "returned", answer: { head: { value: "out" } } });
    expect(await run.end).toMatchObject(cpu(250));
  });

  it("ends at the first poll after its fuel, the same on every repeat, and is told where", async () => {
    const code = "export default () => {\n  for (;;) {}\n}";
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
