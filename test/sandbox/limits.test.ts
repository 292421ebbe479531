import { describe, expect, it } from "vitest";
import { OpError, type Outcome } from "../../src/runtime/index.ts";
import { requestOf, type Trial } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const calls = (limitValue: number) => ({ kind: "exceeded", limit: "calls", limitValue });
const KIB = 1024;
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
const output = (limitValue: number) => ({ kind: "exceeded", limit: "output", limitValue });
const bytes = (count: number) => `export default () => new Uint8Array(${count}).buffer`;
const logging = (count: number, text: string) =>
  `export default () => { for (let i = 0; i < ${count}; i++) print(${text}); return 1 }`;
const share = (account: string) => ({
  account,
  unit: "u",
  runsPerAccount: 100,
  runsPerUnit: 100,
  cpuMsPer10s: null,
});

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

describe("the answer", () => {
  it("has a body of the limit's bytes and not one more", async () => {
    const limits = { answerBodyBytes: 1000 };
    expect((await sandbox.run(bytes(1000), { limits })).kind).toBe("returned");
    expect(await sandbox.run(bytes(1001), { limits })).toMatchObject(output(1000));
  });

  it("has a head of the limit's bytes at most", async () => {
    expect(await sandbox.run(`export default () => 'x'.repeat(${64 * KIB})`)).toMatchObject(output(64 * KIB));
  });

  it.each([
    ["no frame", "host('answer', new ArrayBuffer(3))", "bad-result"],
    ["a length beyond its end", "host('answer', new Uint32Array([99]).buffer)", "bad-result"],
    [
      "a head that is not UTF-8",
      "host('answer', frame('').slice(0, 0)), host('answer', new Uint8Array([1, 0, 0, 0, 255]).buffer)",
      "bad-result",
    ],
    ["a head that is not JSON", "host('answer', frame('{'))", "not-json"],
    ["a head that names no body", "host('answer', frame('{}'))", "bad-result"],
    ["an input that is not there", "host('answer', frame('{\"body\":{\"input\":5}}'))", "bad-result"],
    [
      "an input by a name of arrays",
      'host(\'answer\', frame(\'{"body":{"input":"length"}}\'))',
      "bad-result",
    ],
    ["a head without end", "host('answer', frame('['.repeat(1000)))", "too-deep"],
  ])("is unusable with %s", async (_what, call, reason) => {
    expect(await sandbox.run(`export default () => { ${call} }`)).toMatchObject({ kind: "unusable", reason });
  });

  it("comes in parts, and not in more of them than the host can hold", async () => {
    const parts = (count: number) =>
      sandbox.run(
        `export default () => { for (let i = 0; i < ${count}; i++) host('answer-part', new Uint8Array([i]).buffer); host('answer', frame('{"body":"bytes"}', new Uint8Array([9]))); host('done') }`,
      );
    expect(await parts(3)).toMatchObject({ kind: "returned", answer: { body: Uint8Array.of(0, 1, 2, 9) } });
    expect(await parts(5_000)).toMatchObject({ kind: "threw", error: { name: "RangeError" } });
    const limits = { answerBodyBytes: 10 };
    const large = "export default () => { for (;;) host('answer-part', new ArrayBuffer(4)) }";
    expect(await sandbox.run(large, { limits })).toMatchObject(output(10));
  });

  it("is given once", async () => {
    const code = 'export default () => { host(\'answer\', frame(\'{"body":"none","value":1}\')); return 2 }';
    const run = sandbox.runtime.run(requestOf(code));
    expect(await run.answer).toMatchObject({ answer: { head: { value: 1 } } });
    expect(await run.end).toMatchObject({ kind: "threw", error: { name: "TypeError" } });
  });

  it("can be an input that never entered the sandbox", async () => {
    const bodies = [new Uint8Array(10 * KIB * KIB).fill(7)];
    const outcome = await sandbox.run(
      "export default () => { host('answer', frame('{\"body\":{\"input\":0}}')); host('done') }",
      { bodies },
    );
    expect(outcome).toMatchObject({ kind: "returned", answer: { body: { input: 0 } } });
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
