import { beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = workerSandbox();
});

/** The first run of a runtime evaluates the prelude; the others begin from the image that it left. */
describe("a run that begins from an image", () => {
  it("costs and answers exactly what the first run did", async () => {
    const code = "export default () => [Math.random(), Object.keys(globalThis).length, 'x'.repeat(10)]";
    const [first, ...others] = [await sandbox.run(code), await sandbox.run(code), await sandbox.run(code)];
    for (const other of others) {
      expect([other.fuel, other.peakMemoryBytes]).toEqual([first.fuel, first.peakMemoryBytes]);
      expect(other).toMatchObject({
        kind: "returned",
        answer: first.kind === "returned" ? first.answer : {},
      });
    }
  });

  it("has nothing of what the run before it did", async () => {
    await sandbox.run(
      "export default () => { globalThis.canary = 'of another'; Object.prototype.canary = 1; Array.prototype.map = null; return 1 }",
    );
    expect(await sandbox.value("[typeof canary, typeof {}.canary, typeof [].map]")).toEqual([
      "undefined",
      "undefined",
      "function",
    ]);
  });

  it("has nothing of a run that broke down", async () => {
    for (const code of [
      "for (;;);",
      "const a = []; for (;;) a.push('x'.repeat(1e5) + a.length)",
      "(function f() { f() })()",
    ]) {
      expect((await sandbox.run(`export default () => { ${code} }`)).kind).toBe("exceeded");
      expect(await sandbox.value("1 + 1")).toBe(2);
    }
  });

  it("has a seed of its own", async () => {
    const seeded = (byte: number) => sandbox.value("Math.random()", { seed: new Uint8Array(16).fill(byte) });
    const [one, same, other] = [await seeded(1), await seeded(1), await seeded(2)];
    expect(same).toBe(one);
    expect(other).not.toBe(one);
  });

  it("has a clock that begins with it", async () => {
    await sandbox.value("1");
    const told = await sandbox.value("[performance.now(), Date.now()]");
    const [since, now] = Array.isArray(told) ? told.map(Number) : [];
    expect(since).toBeGreaterThanOrEqual(0);
    expect(Math.abs(Number(now) - Date.now())).toBeLessThan(60_000);
  });
});
