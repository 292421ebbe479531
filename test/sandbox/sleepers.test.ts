import { describe, expect, it } from "vitest";
import type { Capability, Limits, Outcome } from "../../src/runtime/index.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { requestOf, type Trial, valueOf } from "../support/sandbox.ts";
import { createGate, sleeper, STEPS } from "../support/sleeper.ts";
import { engineStage } from "../support/stages.ts";
import { CANARY } from "../support/watch.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const AT_THE_GATE = "later('gate')";
/** How long a test takes is not what it asks. */
const PATIENT = { wallMs: 60_000 };
const alone = workerSandbox();

const trialOf = (id: number, account: string, rest: Trial = {}): Trial => ({
  seed: new Uint8Array(16).fill(id + 1),
  share: { account, unit: "u", runsPerAccount: 200, runsPerUnit: 200, cpuMsPer10s: null },
  ...rest,
});
const gated = () => {
  const gate = createGate();
  return { gate, grants: [...requestOf("").grants, gate.capability] };
};
/** Everything of an outcome that only the script decides. */
const told = (outcome: Outcome) => [
  outcome.kind,
  valueOf(outcome),
  outcome.fuel,
  outcome.peakMemoryBytes,
  outcome.suspensions,
];
const numbers = (count: number): number[] => Array.from({ length: count }, (_, index) => index);

const KILLERS: readonly (readonly [limit: string, code: string, limits: Partial<Limits>])[] = [
  ["cpu", "export default () => { for (;;) {} }", { cpuMs: 20 }],
  ["cpu", "export default () => { new Array(4294967295).join('a') }", { cpuMs: 20 }],
  ["memory", "export default () => { const a = []; for (;;) a.push(new Uint8Array(1e5).fill(9)) }", {}],
  ["memory", "export default () => new Uint8Array(1e9)", {}],
  ["stack", "export default () => { const f = () => f() + 1; return f() }", {}],
  ["stack", "export default () => JSON.parse('['.repeat(1e6))", {}],
  ["calls", "export default async () => { for (;;) await sleep(0) }", { timers: 3 }],
  ["wall", "export default () => sleep(1e6)", { wallMs: 10 }],
];

describe("scripts that sleep on one instance", () => {
  it("keep what is their own, thirty at once, of three accounts, and cost what they cost alone", async () => {
    const expected: unknown[] = [];
    for (const id of numbers(30))
      expected.push(told(await alone.run(sleeper(id), trialOf(id, `a-${id}`, { limits: PATIENT }))));
    const own = workerSandbox();
    const runs = numbers(30).map((id) =>
      own.run(sleeper(id), trialOf(id, `account-${id % 3}`, { limits: PATIENT })),
    );
    expect((await Promise.all(runs)).map(told)).toEqual(expected);
    expect(own.runtime.stats().swaps).toBeGreaterThan(60);
    expect(own.runtime.stats()).toMatchObject({ runs: 0, waiting: 0, keptBytes: 0 });
    expect(own.faults).toEqual([]);
  });

  it("keep it in both heap classes at once, beside others that only compute", async () => {
    const own = workerSandbox();
    const runs = numbers(12).map((id) =>
      own.run(sleeper(id), trialOf(id, `a${id % 2}`, { limits: { heapMb: id % 3 === 0 ? 32 : 10 } })),
    );
    const busy = numbers(12).map((id) => own.value(`${id} + 1`));
    expect((await Promise.all(runs)).map(({ kind }) => kind)).toEqual(runs.map(() => "returned"));
    expect(await Promise.all(busy)).toEqual(busy.map((_, id) => id + 1));
    expect(own.runtime.stats().instances).toBe(2);
  });

  it.each(KILLERS)("are not touched by what ends another: %s, of %s", async (limit, killer, limits) => {
    const own = workerSandbox();
    const { gate, grants } = gated();
    const trial = (id: number) => trialOf(id, `sleeper-${id}`, { grants, limits: PATIENT });
    const runs = [1, 2].map((id) => own.run(sleeper(id, AT_THE_GATE), trial(id)));
    for (const step of numbers(STEPS)) {
      await gate.reached(runs.length);
      // Of another account, and of one of the sleepers' own.
      const account = step % 2 === 0 ? "killer" : "sleeper-1";
      const killed = await own.run(killer, trialOf(9, account, { limits }));
      expect(killed).toMatchObject({ kind: "exceeded", limit });
      gate.open();
    }
    for (const [index, run] of runs.entries()) {
      const undisturbed = gated();
      const other = alone.run(
        sleeper(index + 1, AT_THE_GATE),
        trialOf(index + 1, "x", { grants: undisturbed.grants, limits: PATIENT }),
      );
      for (let turn = 0; turn < STEPS; turn += 1) {
        await undisturbed.gate.reached(1);
        undisturbed.gate.open();
      }
      expect(told(await run)).toEqual(told(await other));
    }
    expect(own.faults).toEqual([]);
  });

  it("are not in the memory that others find, asleep or over", async () => {
    const room = await cleanRoom(engineStage);
    const { gate, grants } = gated();
    const code = `globalThis.kept = "${CANARY}asleep".repeat(5000); ${sleeper(3, AT_THE_GATE)}`;
    const run = room.sandbox.run(code, trialOf(3, "asleep", { grants, limits: PATIENT }));
    for (let turn = 0; turn < STEPS; turn += 1) {
      await gate.reached(1);
      await room.expectClean("witness");
      gate.open();
    }
    expect((await run).kind).toBe("returned");
    await room.expectClean("witness");
  });

  it("end by their wall time although nothing wakes them, and make room", async () => {
    const own = workerSandbox();
    const call = () => new Promise<null>(() => undefined);
    const never: Capability = { name: "never", async: { never: { price: () => 0, call } } };
    const trial = { grants: [never], limits: { wallMs: 30 } };
    const code = "export default () => later('never')";
    const runs = ["a", "b"].map((account) => own.run(code, trialOf(1, account, trial)));
    for (const outcome of await Promise.all(runs))
      expect(outcome).toMatchObject({ limit: "wall", limitValue: 30 });
    expect(own.runtime.stats()).toMatchObject({ runs: 0, keptBytes: 0 });
  });

  it("whose request is gone lose their place when their time is over, and wake to nothing", async () => {
    let now = 1_700_000_000_000;
    const own = workerSandbox(() => now);
    const { gate, grants } = gated();
    const wallMs = 1_000_000;
    const gone = own.run(sleeper(5, AT_THE_GATE), trialOf(5, "gone", { grants, limits: { wallMs } }));
    await gate.reached(1);
    expect(await own.value("1 + 1")).toBe(2);
    expect(own.runtime.stats().runs).toBe(1);
    expect(own.runtime.stats().keptBytes).toBeGreaterThan(0);
    now += wallMs + 60_000;
    expect(await own.value("1 + 1")).toBe(2);
    expect(own.runtime.stats()).toMatchObject({ runs: 0, keptBytes: 0 });
    gate.open();
    expect(await gone).toMatchObject({ kind: "exceeded", limit: "wall" });
    expect(await own.value("1 + 1")).toBe(2);
    expect(own.faults).toEqual([]);
  });

  it("that are small are not lost to an account that fills the isolate", async () => {
    const own = workerSandbox();
    const { gate, grants } = gated();
    const small = own.run(sleeper(7, AT_THE_GATE), trialOf(7, "small", { grants, limits: PATIENT }));
    await gate.reached(1);
    const hog = `export default async () => { const a = new Uint8Array(9e6).fill(1); await ${AT_THE_GATE}; return a.length }`;
    const hogs = numbers(20).map((id) => own.run(hog, trialOf(id, "hog", { grants, limits: PATIENT })));
    await gate.reached(21);
    gate.open();
    for (let turn = 0; turn < STEPS - 1; turn += 1) {
      await gate.reached(1);
      gate.open();
    }
    expect((await small).kind).toBe("returned");
    const kinds = (await Promise.all(hogs)).map(({ kind }) => kind);
    expect(new Set(kinds)).toEqual(new Set(["returned", "unavailable"]));
  });
});

describe("waitUntil", () => {
  it("goes on after the answer while others run and are killed, and has what is its own", async () => {
    const own = workerSandbox();
    const { gate, grants } = gated();
    const code = `
      const kept = "mine".repeat(1000);
      const on = async () => { for (let i = 0; i < 3; i++) { await ${AT_THE_GATE}; print(kept.length + " " + i); } };
      export default () => { waitUntil(on()); return "out"; };`;
    const run = own.runtime.run(requestOf(code, trialOf(1, "late", { grants, limits: PATIENT })));
    expect(valueOf(await run.answer)).toBe("out");
    for (const [, killer, limits] of KILLERS.slice(1, 4)) {
      await gate.reached(1);
      await own.run(killer, trialOf(2, "killer", { limits }));
      gate.open();
    }
    const end = await run.end;
    expect(end.kind).toBe("returned");
    expect(end.logs.map(({ text }) => text)).toEqual(["4000 0", "4000 1", "4000 2"]);
  });
});
