import { describe, expect, it } from "vitest";
import engine from "../../build/engine.wasm";
import { createRuntime } from "../../src/runtime/index.ts";
import { scriptEvaluator, scriptRunner } from "../support/run-script.ts";

const runOn = (now: () => number) => scriptRunner(createRuntime({ module: engine, now }));
const BEGUN = 1_800_000_000_000;

/** Every clock that a script can look at, by name. */
const CLOCKS = `const clocks = () => ({
  now: Date.now(), date: new Date().getTime(), iso: Date.parse(new Date().toISOString()), performance: performance.now(), origin: performance.timeOrigin,
  event: new Event("x").timeStamp, abort: (() => { let at; const c = new AbortController(); c.signal.addEventListener("abort", (e) => { at = e.timeStamp }); c.abort(); return at })(),
  file: new File([], "f").lastModified, form: (() => { const f = new FormData(); f.append("a", new Blob(["x"]), "n"); return f.get("a").lastModified })(), left: ctx.timeLeft() });`;

describe("the clocks of a script", () => {
  it("show whole milliseconds, however fine the host's own is", async () => {
    let looks = 0;
    const run = runOn(() => BEGUN + (looks += 1) * 0.13);
    const code = `export default async (request, ctx) => {
      ${CLOCKS}
      const seen = []; console.time("t");
      for (let i = 0; i < 50; i++) { seen.push(...Object.values(clocks())); await crypto.subtle.digest("SHA-1", new Uint8Array(1)) }
      console.timeLog("t"); console.timeEnd("t");
      return { body: [seen.length, seen.every(Number.isInteger), new Set(seen).size > 20] };
    }`;
    const { answer, outcome } = await run("module", code, { limits: { wallMs: 60_000 } }).answer;
    expect(answer).toMatchObject({ body: new TextEncoder().encode("[500,true,true]") });
    expect(outcome.logs).toMatchObject([
      { text: expect.stringMatching(/^t: \d+ms$/), at: expect.stringMatching(/\.\d{3}Z$/) },
      { text: expect.stringMatching(/^t: \d+ms$/), at: expect.stringMatching(/\.\d{3}Z$/) },
    ]);
    expect(Number.isInteger(outcome.wallMs)).toBe(true);
  });

  it("are all the time that there is: where the host's stands still, nothing moves", async () => {
    const run = runOn(() => BEGUN);
    const code = `export default async (request, ctx) => {
      ${CLOCKS}
      const told = []; const tell = () => told.push(JSON.stringify(clocks()));
      const work = () => { let s = ""; for (let i = 0; i < 20000; i++) s += i; return btoa(s.slice(0, 1e4)) };
      tell(); work(); tell(); await 0; tell(); await crypto.subtle.digest("SHA-512", new Uint8Array(1e6)); tell();
      await new Promise((done) => setTimeout(done, 20)); tell(); new URL("http://a/"); crypto.randomUUID(); tell();
      for (let i = 0; i < 20; i++) { work(); tell() }
      try { (function deep() { deep() })() } catch {} tell();
      console.time("t"); work(); console.timeEnd("t");
      return { body: [...new Set(told)].map((one) => JSON.parse(one)) };
    }`;
    const options = { limits: { cpuMs: 10_000 } };
    const outcomes = [await run("module", code, options).answer, await run("module", code, options).answer];
    for (const { answer, outcome } of outcomes) {
      if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
        throw new Error(JSON.stringify(outcome));
      const [first, ...more]: unknown[] = JSON.parse(new TextDecoder().decode(answer.body));
      expect(more).toEqual([]);
      expect(first).toMatchObject({
        now: BEGUN,
        date: BEGUN,
        performance: 0,
        event: 0,
        file: BEGUN,
        left: 30_000,
      });
      expect(outcome.logs).toMatchObject([{ text: "t: 0ms" }]);
    }
    // Nor does the work itself depend on time.
    expect(outcomes[0]?.outcome.fuel).toBe(outcomes[1]?.outcome.fuel);
  });
});

describe("a finer clock", () => {
  const js = scriptEvaluator(runOn(Date.now));
  const slow = { limits: { cpuMs: 10_000 } };

  it("has no thread to count in, and no memory to share with one", async () => {
    expect(
      await js(`
        const names = Object.getOwnPropertyNames(globalThis).filter((name) => /shared|atomics|worker|wasm|webassembly|channel|port|broadcast|animation|idle|thread|intl|temporal/i.test(name));
        const made = [new ArrayBuffer(8), new Uint8Array(8).buffer, structuredClone(new ArrayBuffer(8)), await new Response("x").arrayBuffer()].map((b) => Object.prototype.toString.call(b));
        return [names, new Set(made).size, made[0], Object.getOwnPropertyNames(performance).sort()]`),
    ).toEqual([[], 1, "[object ArrayBuffer]", ["now", "timeOrigin", "toJSON"]]);
  });

  it("is not in the order in which host calls end: it is that in which they began", async () => {
    expect(
      await js(
        `
        const race = async (sizes) => { const order = []; await Promise.all(sizes.map((size) => crypto.subtle.digest("SHA-512", new Uint8Array(size)).then(() => order.push(size)))); return order.join() };
        const out = []; for (let i = 0; i < 5; i++) out.push(await race([1, 500_000, 2]), await race([500_000, 1, 400_000]));
        return [...new Set(out)]`,
        slow,
      ),
    ).toEqual(["1,500000,2", "500000,1,400000"]);
  });

  it("is not in whether a comparison failed early: right and wrong signatures end in turn", async () => {
    expect(
      await js(
        `
        const key = await crypto.subtle.importKey("raw", new Uint8Array(32), { name: "HMAC", hash: "SHA-256" }, false, ["sign", "verify"]);
        const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, new Uint8Array(9)));
        const wrongs = [0, 15, 31].map((at) => mac.map((byte, index) => (index === at ? byte ^ 1 : byte)));
        const out = []; for (let i = 0; i < 5; i++) { const order = []; await Promise.all([wrongs[0], mac, wrongs[2], wrongs[1]].map((one, place) => crypto.subtle.verify("HMAC", key, one, new Uint8Array(9)).then((ok) => order.push(place + ":" + ok)))); out.push(order.join()) }
        return [...new Set(out)]`,
        slow,
      ),
    ).toEqual(["0:false,1:true,2:false,3:false"]);
  });

  it("is not made of timers that wait for fractions: those fire as whole ones, in turn", async () => {
    expect(
      await js(`
        const order = []; const at = (ms) => new Promise((done) => setTimeout(() => { order.push(ms); done() }, ms));
        await Promise.all([at(5.9), at(5.1), at(5), at(5.5)]); return order`),
    ).toEqual([5.9, 5.1, 5, 5.5]);
  });
});
