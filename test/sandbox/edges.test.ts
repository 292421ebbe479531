import { describe, expect, it } from "vitest";
import type { Capability } from "../../src/runtime/index.ts";
import { requestOf, valueOf } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const share = { account: "one", unit: "u", runsPerAccount: 9, runsPerUnit: 9, cpuMsPer10s: null };

/** What no table of endings shows: whether the host did more than it should. */
describe("a script between the host and its limits", () => {
  it("cannot put other bytes in the place of those that are paid for and copied", async () => {
    const given: number[] = [];
    const take: Capability = {
      name: "take",
      sync: {
        take: {
          price: () => 0,
          call: ({ length }) => {
            given.push(length);
            return null;
          },
        },
      },
    };
    const sandbox = workerSandbox();
    // Large buffers cross in pieces: each would be as large as the script likes, in memory of the host's.
    const code = `export default () => {
      const big = new ArrayBuffer(3e6);
      Object.defineProperty(ArrayBuffer, Symbol.species, { get: () => function () { return big } });
      host("take", new ArrayBuffer(2e6));
      ArrayBuffer.prototype.slice = () => big;
      host("take", new ArrayBuffer(2e6));
    }`;
    const outcome = await sandbox.run(code, { grants: [take] });
    expect([outcome.kind, given]).toEqual(["returned", [2e6, 2e6]]);
  });

  it("gets the grace beyond its CPU once, whatever runs while its end is told", async () => {
    let readings = 0;
    const sandbox = workerSandbox(() => {
      readings += 1;
      return 1_700_000_000_000;
    });
    const readingsOf = async (told: string): Promise<number> => {
      const before = readings;
      const code = `export default () => { Error.prepareStackTrace = () => ({ toString() { ${told} } }); for (;;) host("fuel-left") }`;
      const outcome = await sandbox.run(code, { limits: { cpuMs: 10 } });
      expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu" });
      return readings - before;
    };
    const once = await readingsOf("Date.now(); return ''");
    // A host call in the grace ends it at once: it neither fills the grace up again nor is told of in its turn.
    expect(await readingsOf("Date.now(); host('fuel-left'); return ''")).toBe(once);
  });

  it("cannot end well while its end is told", async () => {
    const sandbox = workerSandbox();
    const code = `export default () => {
      const end = () => { host("answer", frame('{"body":"none","value":1}')); host("done") };
      Error.prepareStackTrace = () => ({ toString() { end() } });
      for (;;) host("timer", new ArrayBuffer(8));
    }`;
    const run = sandbox.runtime.run(requestOf(code, { limits: { hostCalls: 5 } }));
    expect(await run.end).toMatchObject({ kind: "exceeded", limit: "calls", limitValue: 5 });
    expect(await run.answer).toMatchObject({ kind: "exceeded", limit: "calls", limitValue: 5 });
  });

  it("is compiled as what it is, although the same text was compiled as another form", async () => {
    const sandbox = workerSandbox();
    expect(valueOf(await sandbox.run("5", { form: "expression", share }))).toBe(5);
    expect(await sandbox.run("5", { form: "module", share })).toMatchObject({ kind: "threw" });
    expect(valueOf(await sandbox.run("5", { form: "expression", share }))).toBe(5);
  });

  it("runs nothing while it is compiled", async () => {
    const sandbox = workerSandbox();
    let calls = 0;
    const count: Capability = {
      name: "count",
      sync: { count: { price: () => 0, call: () => ((calls += 1), null) } },
    };
    for (const code of [
      "1), host('count'), (1",
      "1); host('count'); (1",
      "1\n), host('count'), async () => (1",
    ]) {
      const outcome = await sandbox.run(code, { form: "expression", grants: [count] });
      expect(outcome.kind).not.toBe("returned");
    }
    expect(calls).toBe(0);
  });
});
