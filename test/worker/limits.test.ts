import { describe, expect, it } from "vitest";
import { TIER_LIMITS, TIERS } from "../../src/accounts/index.ts";
import { FUEL_PER_MS } from "../../src/runtime/index.ts";
import { spending, tiered } from "../support/tiered.ts";

const KIB = 1024;
const MIB = 1024 * KIB;
const product = tiered();
const { run, clock } = product;
const spend = await spending(product);
const exceeded = (limit: string, limitValue: number) => ({ kind: "exceeded", limit, limitValue });
const bytes = (count: number) => new Uint8Array(count).fill(97);

describe("the table of tiers", () => {
  it("is this one", () => {
    const every = {
      defaultBodyBytes: MIB,
      sourceBytes: 256 * KIB,
      requestBodyBytes: 10 * MIB,
      requestBodyMs: 10_000,
      answerBodyBytes: 10 * MIB,
      answerHeadBytes: 64 * KIB,
      logBytes: 64 * KIB,
      logLines: 1_000,
      timers: 100,
      proxyBodyBytes: 1_024 * MIB,
      stateKeyBytes: 256,
      stateValueBytes: MIB,
      stateEntries: 100_000,
      stateBytes: 1_024 * MIB,
      stateTtlSeconds: 30 * 24 * 60 * 60,
      stateOperations: 200,
    };
    const rows = {
      heapMb: [10, 10, 32, 32],
      cpuMs: [250, 1_000, 5_000, 10_000],
      wallMs: [30_000, 30_000, 30_000, 60_000],
      runsPerResponder: [10, 20, 100, 1_000],
      runsPerAccount: [20, 50, 200, 2_000],
      cpuMsPer10s: [2_000, 4_000, 8_000, null],
      fetches: [10, 25, 50, 100],
      fetchesInFlight: [4, 6, 6, 6],
      hostCalls: [256, 256, 1_000, 4_000],
      hostCallsInFlight: [32, 32, 64, 256],
      journalKeep: [100, 1_000, 5_000, 10_000],
      journalBodyBytes: [256 * KIB, MIB, MIB, 10 * MIB],
      journalBytes: [32 * MIB, 128 * MIB, 512 * MIB, 1_024 * MIB],
      responders: [20, 100, 1_000, 10_000],
      scripts: [20, 100, 500, 2_000],
      secrets: [20, 100, 500, 2_000],
    };
    const columns = TIERS.map((tier, place) => [
      tier,
      { ...every, ...Object.fromEntries(Object.entries(rows).map(([name, row]) => [name, row[place]])) },
    ]);
    expect(TIER_LIMITS).toEqual(Object.fromEntries(columns));
  });
});

describe.each(TIERS)("a script of the tier %s", (tier) => {
  const limits = TIER_LIMITS[tier];
  const end = (code: string) => run(tier, code).end;

  it("has its CPU and no more", async () => {
    const { cpuMs } = limits;
    const enough = await end(spend(cpuMs - 5));
    expect(enough).toMatchObject({ kind: "returned" });
    expect(enough.cpuMs).toBeGreaterThan(cpuMs - 6);
    const over = await end(spend(cpuMs - 5, "for (;;) Math.abs(1)"));
    expect(over).toMatchObject({
      ...exceeded("cpu", cpuMs),
      error: { line: expect.any(Number), stack: expect.stringMatching(/^at /) },
    });
    expect(over.fuel).toBeGreaterThanOrEqual(cpuMs * FUEL_PER_MS);
    // The engine's own stop may be late by this much, before the trap.
    expect(over.fuel).toBeLessThanOrEqual((cpuMs + 2) * FUEL_PER_MS);
  });

  it("pays for a call before it is made, and does not get it when it cannot", async () => {
    const outcome = await end(spend(limits.cpuMs + 1, "console.log('after')"));
    expect(outcome).toMatchObject({ ...exceeded("cpu", limits.cpuMs), hostCalls: 1, logs: [] });
    expect(outcome.fuel).toBe(limits.cpuMs * FUEL_PER_MS);
  });

  it("has its heap and no more", async () => {
    const most = limits.heapMb * MIB;
    const fill = (size: number) =>
      `export default () => { const a = new Uint8Array(${size}).fill(1); return { body: [a.length] } }`;
    expect(await end(fill(most - 1.5 * MIB))).toMatchObject({ kind: "returned" });
    for (const code of [
      fill(most + MIB),
      "export default () => { const kept = []; for (;;) kept.push(new Uint8Array(1e5)) }",
      "export default () => { const kept = []; for (let i = 0; ; i++) kept.push('x'.repeat(1e4) + i) }",
    ]) {
      const over = await end(code);
      expect(over).toMatchObject(exceeded("memory", most));
      expect(over.peakMemoryBytes).toBeLessThan(1.1 * most);
    }
  });

  it("has its stack and no more", async () => {
    for (const code of [
      "const deep = (n) => 1 + deep(n + 1); export default () => deep(0)",
      "export default () => JSON.parse('['.repeat(1e5))",
    ]) {
      expect(await end(code)).toMatchObject(exceeded("stack", 128 * KIB));
    }
    const shallow =
      "const deep = (n) => (n === 0 ? 0 : 1 + deep(n - 1)); export default () => ({ body: [deep(200)] })";
    expect(await end(shallow)).toMatchObject({ kind: "returned" });
  });

  it("has its wall time, whatever it waits for", async () => {
    const code = `export default (request, ctx) => {
      ctx.waitUntil(new Promise((done) => setTimeout(done, 5)).then(() => console.log("later")));
      return { body: "now" };
    }`;
    const after = async (ms: number) => {
      const execution = run(tier, code);
      expect((await execution.answer).outcome.kind).toBe("returned");
      clock.now += ms;
      return execution.end;
    };
    expect(await after(limits.wallMs - 1)).toMatchObject({ kind: "returned", logs: [{ text: "later" }] });
    const over = await after(limits.wallMs);
    expect(over).toMatchObject({ ...exceeded("wall", limits.wallMs), logs: [], wallMs: limits.wallMs });
  });

  it("has its wall time, whatever it calls", async () => {
    // Each look at this clock moves it: the guest makes host calls and never waits.
    const busy = tiered(10);
    const code = "export default () => { for (;;) btoa('x') }";
    const over = await busy.run(tier, code).end;
    expect(over).toMatchObject(exceeded("wall", limits.wallMs));
    expect(over.wallMs).toBeLessThan(limits.wallMs + 100);
  });

  it("has its host calls, in all and at once", async () => {
    const digest = "crypto.subtle.digest('SHA-256', new Uint8Array(1))";
    const inAll = (count: number) =>
      `export default async () => { for (let i = 0; i < ${count}; i++) await ${digest} }`;
    const atOnce = (count: number) =>
      `export default () => Promise.all(Array.from({ length: ${count} }, () => ${digest})).then(() => null)`;
    const { hostCalls, hostCallsInFlight } = limits;
    expect(await end(inAll(hostCalls))).toMatchObject({ kind: "returned", hostCalls });
    expect(await end(inAll(hostCalls + 1))).toMatchObject({ ...exceeded("calls", hostCalls), hostCalls });
    expect(await end(atOnce(hostCallsInFlight))).toMatchObject({ kind: "returned" });
    expect(await end(atOnce(hostCallsInFlight + 1))).toMatchObject(exceeded("calls", hostCallsInFlight));
  });

  it("has its timers, intervals among them", async () => {
    const sleeps = (count: number) =>
      `export default async () => { for (let i = 0; i < ${count}; i++) await new Promise((done) => setTimeout(done)) }`;
    const ticks = "export default () => new Promise(() => setInterval(() => 0, 0))";
    expect(await end(sleeps(limits.timers))).toMatchObject({ kind: "returned", hostCalls: limits.timers });
    for (const code of [sleeps(limits.timers + 1), ticks]) {
      const over = await end(code);
      expect(over).toMatchObject({
        ...exceeded("calls", limits.timers),
        error: { message: expect.stringContaining("timers") },
      });
    }
  });

  it("answers with so much of a body, and of the rest", async () => {
    const { answerBodyBytes, answerHeadBytes } = limits;
    const headers = (count: number) =>
      `export default () => new Response("", { headers: { x: "y".repeat(${count}) } })`;
    expect(await end(headers(answerHeadBytes - 200))).toMatchObject({ kind: "returned" });
    expect(await end(headers(answerHeadBytes))).toMatchObject(exceeded("output", answerHeadBytes));
    if (limits.heapMb === 10) return;
    const body = (count: number) => `export default () => ({ body: new Uint8Array(${count}) })`;
    expect(await end(body(answerBodyBytes))).toMatchObject({ kind: "returned" });
    expect(await end(body(answerBodyBytes + 1))).toMatchObject(exceeded("output", answerBodyBytes));
  });

  it("answers with a request's whole body that it never read", async () => {
    const { answer } = await run(tier, "export default (request) => new Response(request.body)", {
      input: { body: bytes(limits.requestBodyBytes) },
    }).answer;
    expect(answer).toMatchObject({ kind: "response", status: 200 });
  });

  it("logs so many lines and bytes; the rest is counted", async () => {
    const lines = (count: number, text: string) =>
      `export default () => { for (let i = 0; i < ${count}; i++) console.log(${text}); return null }`;
    const many = await end(lines(limits.logLines + 23, "'x'"));
    expect([many.kind, many.logs.length, many.logsDropped]).toEqual(["returned", limits.logLines, 23]);
    const long = await end(lines(100, "'x'.repeat(1000)"));
    const kept = long.logs.reduce((sum, { text }) => sum + text.length, 0);
    expect([long.kind, long.logs.length + long.logsDropped]).toEqual(["returned", 100]);
    expect(kept).toBeGreaterThan(limits.logBytes - 4_000);
    expect(kept).toBeLessThanOrEqual(limits.logBytes);
  });
});
