import { describe, expect, it } from "vitest";
import { OpError, type Outcome } from "../../src/runtime/index.ts";
import { requestOf, type Trial } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const calls = (limitValue: number) => ({ kind: "exceeded", limit: "calls", limitValue });
const rejecting = (error: Error) => async (): Promise<null> => {
  throw error;
};
const sizes = (outcome: Outcome) => [outcome.logs.length, outcome.logsDropped];
const sleeps = (count: number) =>
  `export default async () => { for (let i = 0; i < ${count}; i++) await sleep(0); return 'all' }`;
const sleepsAtOnce = (count: number) =>
  `export default async () => { await Promise.all(Array.from({ length: ${count} }, () => sleep(1))); return 1 }`;
const failing = (error: Error): Trial => ({
  grants: [{ name: "x", async: { x: { price: () => 0, call: rejecting(error) } } }],
});
const logging = (count: number, text: string) =>
  `export default () => { for (let i = 0; i < ${count}; i++) print(${text}); return 1 }`;

describe("host calls", () => {
  it("are counted over the run, and one too many ends it", async () => {
    expect(await sandbox.run(sleeps(7), { limits: { hostCalls: 7 } })).toMatchObject({
      kind: "returned",
      hostCalls: 7,
    });
    const over = await sandbox.run(sleeps(8), { limits: { hostCalls: 7 } });
    expect(over).toMatchObject({ ...calls(7), hostCalls: 7 });
  });

  it("are bounded at one moment", async () => {
    expect((await sandbox.run(sleepsAtOnce(5), { limits: { hostCallsInFlight: 5 } })).kind).toBe("returned");
    expect(await sandbox.run(sleepsAtOnce(6), { limits: { hostCallsInFlight: 5 } })).toMatchObject(calls(5));
  });

  it("include timers, which have a number of their own", async () => {
    const code = "export default async () => { for (;;) await sleep(0) }";
    expect(await sandbox.run(code, { limits: { timers: 3 } })).toMatchObject(calls(3));
  });

  it("make room when they are cancelled, and a cancelled one never settles", async () => {
    const code = `export default async () => {
      let settled = 0;
      for (let i = 0; i < 20; i++) {
        const id = host("timer", new Float64Array([1e6]).buffer);
        host("cancel", new Uint32Array([id]).buffer);
      }
      await sleep(5);
      return settled;
    }`;
    expect(await sandbox.run(code, { limits: { hostCallsInFlight: 2 } })).toMatchObject({
      kind: "returned",
      hostCalls: 21,
    });
  });

  it("end no run by failing: the guest gets the error that the op chose, and nothing of a bug", async () => {
    const code =
      "export default async () => { try { await later('x') } catch (e) { return e.name + ': ' + e.message } }";
    const refused = await sandbox.run(code, failing(new OpError("OperationError", "bad key")));
    expect(refused).toMatchObject({ answer: { head: { value: "OperationError: bad key" } } });
    const broken = await sandbox.run(code, failing(new Error("secret detail")));
    expect(broken).toMatchObject({ answer: { head: { value: "OperationError: the host call failed" } } });
    expect(sandbox.faults.splice(0)).toEqual([new Error("secret detail")]);
  });

  it("cost what their op asks, before it runs", async () => {
    let ran = 0;
    const call = () => {
      ran += 1;
      return null;
    };
    const grants = [{ name: "dear", sync: { dear: { price: () => 1e9, call } } }];
    const outcome = await sandbox.run("export default () => { try { host('dear') } catch {} return 1 }", {
      grants,
    });
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu", cpuMs: 250 });
    expect(ran).toBe(0);
  });
});

describe("waiting", () => {
  it("ends at the wall time", async () => {
    const outcome = await sandbox.run("export default () => sleep(60000)", { limits: { wallMs: 40 } });
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "wall", limitValue: 40, suspensions: 1 });
  });

  it("ends at the wall time between host calls too", async () => {
    const code = "export default async () => { for (;;) await sleep(3) }";
    const limits = { wallMs: 40, timers: 1e6, hostCalls: 1e6 };
    expect(await sandbox.run(code, { limits })).toMatchObject({ kind: "exceeded", limit: "wall" });
  });

  it("for nothing is told at once", async () => {
    for (const code of [
      "export default () => new Promise(() => {})",
      "export default async () => { await { then() {} } }",
      "await new Promise(() => {}); export default () => 1",
      "export default () => { waitUntil(new Promise(() => {})); return 1 }",
    ]) {
      expect(await sandbox.run(code)).toMatchObject({
        kind: "unusable",
        reason: "never-settled",
        suspensions: 0,
      });
    }
  });

  it("gives the answer before waitUntil is over, and counts on", async () => {
    const run = sandbox.runtime.run(
      requestOf(
        "export default async () => { print('a'); waitUntil(sleep(10).then(() => print('b'))); return 'early' }",
      ),
    );
    const answer = await run.answer;
    const end = await run.end;
    expect(answer).toMatchObject({ kind: "returned", answer: { head: { value: "early" } } });
    expect(answer.logs.map(({ text }) => text)).toEqual(["a"]);
    expect(end).toMatchObject({ kind: "returned", answer: { head: { value: "early" } } });
    expect(end.logs.map(({ text }) => text)).toEqual(["a", "b"]);
    expect(end.fuel).toBeGreaterThan(answer.fuel);
  });

  it("tells what waitUntil threw at the end only", async () => {
    const run = sandbox.runtime.run(
      requestOf(
        "export default () => { waitUntil(sleep(1).then(() => { throw new Error('later') })); return 1 }",
      ),
    );
    expect((await run.answer).kind).toBe("returned");
    expect(await run.end).toMatchObject({ kind: "threw", error: { message: "later" } });
  });

  it("is one outcome where nothing was left to wait for", async () => {
    const run = sandbox.runtime.run(requestOf("export default () => 1"));
    expect(await run.answer).toBe(await run.end);
  });
});

describe("the console", () => {
  it("keeps the lines of its limits and counts the rest", async () => {
    expect(sizes(await sandbox.run(logging(1_200, "'x'")))).toEqual([1_000, 200]);
    expect(
      sizes(await sandbox.run(logging(100, "'x'.repeat(1000)"), { limits: { logBytes: 10_000 } })),
    ).toEqual([9, 91]);
  });

  it("does not let a flood cost more than its fuel", async () => {
    const outcome = await sandbox.run("export default () => { for (;;) print('flood') }");
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu" });
    expect(outcome.logs).toHaveLength(1_000);
    expect(outcome.logsDropped).toBeGreaterThan(1_000);
  });

  it("keeps what a run said before it ended badly", async () => {
    const outcome = await sandbox.run("export default () => { print('before'); for (;;) {} }");
    expect(outcome.logs).toMatchObject([
      { level: "log", text: "before", at: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) },
    ]);
  });
});
