import { beforeEach, describe, expect, it } from "vitest";
import type { Sandbox } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

let sandbox: Sandbox;
beforeEach(() => {
  sandbox = workerSandbox();
});

const share = (account: string) => ({
  account,
  unit: "u",
  runsPerAccount: 100,
  runsPerUnit: 100,
  cpuMsPer10s: null,
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

describe("what the host holds of a run", () => {
  const never = {
    name: "never",
    async: { never: { price: () => 0, call: () => new Promise<null>(() => {}) } },
  };
  const copies = (count: number) =>
    `export default () => { const b = new ArrayBuffer(8e6); for (let i = 0; i < ${count}; i++) host("never", b); return 1 }`;

  it("is bounded: a host call's argument counts for as long as the call lasts", async () => {
    const own = workerSandbox();
    const trial = { grants: [never], limits: { hostCallsInFlight: 100, cpuMs: 1_000 } };
    expect((await own.run(copies(5), trial)).kind).toBe("returned");
    expect(await own.run(copies(20), trial)).toMatchObject({ kind: "unavailable", reason: "full" });
    expect(own.runtime.stats()).toMatchObject({ capturedBytes: 0, runs: 0 });
    expect(await own.value("1 + 1")).toBe(2);
  });

  it("is given back when calls end, however many there are", async () => {
    const own = workerSandbox();
    const echo = async (argument: Uint8Array<ArrayBuffer>) => argument;
    const code =
      "export default async () => { const b = new ArrayBuffer(2e6); let n = 0; for (let i = 0; i < 60; i++) n += (await later('echo', b)).byteLength; return n }";
    const outcome = await own.run(code, {
      grants: [{ name: "echo", async: { echo: { price: () => 0, call: echo } } }],
      limits: { cpuMs: 1_000 },
    });
    expect(outcome).toMatchObject({ kind: "returned", answer: { head: { value: 120e6 } } });
    expect(own.runtime.stats().capturedBytes).toBe(0);
  });
});

describe("an isolate's places", () => {
  it("are free again after every ending", async () => {
    const own = workerSandbox();
    const endings = [
      "export default () => 1",
      "export default () => { throw 1 }",
      "export default () => { for (;;) {} }",
      "export default () => new Uint8Array(1e9)",
      "export default () => new Promise(() => {})",
      "export default () => JSON.parse('['.repeat(1e6))",
      "export default (",
    ];
    for (let round = 0; round < 3; round += 1) {
      await Promise.all(endings.map((code) => own.run(code, { limits: { cpuMs: 20 } })));
    }
    expect(await own.value("'free'")).toBe("free");
    expect(own.faults).toEqual([]);
  });

  it("are taken in turn by more runs than there are places", async () => {
    const own = workerSandbox();
    const runs = Array.from({ length: 12 }, (_, index) =>
      own.run(`export default async () => { await sleep(20); return ${index} }`, {
        share: share(`a${index % 3}`),
      }),
    );
    const values = (await Promise.all(runs)).map((outcome) => outcome.kind);
    expect(values).toEqual(Array.from({ length: 12 }, () => "returned"));
  });

  it("are refused with 'share' beyond the unit's own number", async () => {
    const own = workerSandbox();
    const tight = { ...share("one"), runsPerUnit: 2 };
    const outcomes = await Promise.all(
      [1, 2, 3].map(() => own.run("export default () => sleep(20)", { share: tight })),
    );
    expect(outcomes.map(({ kind }) => kind)).toEqual(["returned", "returned", "unavailable"]);
    expect(outcomes[2]).toMatchObject({ reason: "share", retryAfterSeconds: 1 });
  });

  it("do not grow beyond the isolate's memory: the run is told that the sandbox is full", async () => {
    const own = workerSandbox();
    const big =
      "export default async () => { const a = new Uint8Array(28e6).fill(1); await sleep(200); return a.length }";
    const outcomes = await Promise.all(
      [1, 2, 3, 4].map((n) => own.run(big, { limits: { heapMb: 32, cpuMs: 1_000 }, share: share(`b${n}`) })),
    );
    const kinds = outcomes.map((outcome) => outcome.kind);
    expect(kinds.filter((kind) => kind === "returned")).toHaveLength(2);
    expect(outcomes.filter((outcome) => outcome.kind === "unavailable")).toMatchObject([
      { reason: "full" },
      { reason: "full" },
    ]);
  });
});
