import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));
const js = scriptEvaluator(run);
const THROWN = `const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };`;

describe("EventTarget and Event", () => {
  it("calls listeners in order, once where asked, and objects that handle events", async () => {
    expect(
      await js(`
        const t = new EventTarget(); const seen = [];
        const twice = (e) => seen.push("twice" + e.type);
        t.addEventListener("a", twice); t.addEventListener("a", twice); t.addEventListener("a", () => seen.push("once"), { once: true });
        t.addEventListener("a", { handleEvent(e) { seen.push(this === e.currentTarget ? "target" : "object") } });
        t.dispatchEvent(new Event("a")); t.removeEventListener("a", twice); t.dispatchEvent(new Event("a")); t.dispatchEvent(new Event("b"));
        return seen`),
    ).toEqual(["twicea", "once", "object", "object"]);
  });

  it("stops, prevents and tells so", async () => {
    expect(
      await js(`${THROWN}
        const t = new EventTarget(); const seen = [];
        t.addEventListener("a", (e) => { e.preventDefault(); e.stopImmediatePropagation(); seen.push(e.target === t, e.eventPhase, e.composedPath().length) });
        t.addEventListener("a", () => seen.push("late"));
        const event = new Event("a", { cancelable: true });
        return [t.dispatchEvent(event), event.defaultPrevented, event.eventPhase, t.dispatchEvent(new Event("a")), seen.length, thrown(() => t.dispatchEvent({}))]`),
    ).toEqual([false, true, 0, true, 6, "TypeError"]);
  });

  it("reports what a listener throws on the console, and goes on", async () => {
    const { answer, outcome } = await run(
      "module",
      `export default () => { const t = new EventTarget(); let after = 0; t.addEventListener("a", () => { throw new Error("lost") }); t.addEventListener("a", () => after++); t.dispatchEvent(new Event("a")); return { status: 200 + after } }`,
    ).answer;
    expect(answer).toMatchObject({ kind: "reply", status: 201 });
    expect(outcome.logs.map(({ level, text }) => [level, text.split("\n")[0]])).toEqual([
      ["error", "Uncaught Error: lost"],
    ]);
  });

  it("forgets listeners whose signal aborts", async () => {
    expect(
      await js(`
        const t = new EventTarget(); const c = new AbortController(); let n = 0;
        t.addEventListener("a", () => n++, { signal: c.signal }); t.dispatchEvent(new Event("a")); c.abort(); t.dispatchEvent(new Event("a"));
        t.addEventListener("a", () => n++, { signal: c.signal }); t.dispatchEvent(new Event("a"));
        return n`),
    ).toBe(1);
  });
});

describe("AbortController and AbortSignal", () => {
  it("aborts once, with a reason, telling everybody", async () => {
    expect(
      await js(`${THROWN}
        const c = new AbortController(); const seen = [];
        c.signal.onabort = (e) => seen.push("on" + e.type); c.signal.addEventListener("abort", () => seen.push("listener"));
        const before = [c.signal.aborted, c.signal.reason === undefined, thrown(() => c.signal.throwIfAborted())];
        c.abort(); c.abort("again");
        return [before, c.signal.aborted, c.signal.reason.name, seen, thrown(() => c.signal.throwIfAborted()), thrown(() => new AbortSignal())]`),
    ).toEqual([
      [false, true, "nothing"],
      true,
      "AbortError",
      ["onabort", "listener"],
      "AbortError",
      "TypeError",
    ]);
  });

  it("has abort, any and timeout", async () => {
    expect(
      await js(`
        const one = new AbortController(); const any = AbortSignal.any([new AbortController().signal, one.signal]); one.abort("why");
        const timed = AbortSignal.timeout(1);
        await new Promise((done) => timed.addEventListener("abort", done));
        return [AbortSignal.abort().reason.name, AbortSignal.abort(5).reason, any.reason, AbortSignal.any([AbortSignal.abort("x")]).reason, AbortSignal.any([]).aborted, timed.reason.name]`),
    ).toEqual(["AbortError", 5, "why", "x", false, "TimeoutError"]);
  });
});

describe("timers and microtasks", () => {
  it("run in the order of their times, with their arguments", async () => {
    expect(
      await js(`
        const seen = [];
        setTimeout((a, b) => seen.push(a + b), 20, "a", "b"); setTimeout(() => seen.push("first")); queueMicrotask(() => seen.push("micro"));
        const never = setTimeout(() => seen.push("never"), 1); clearTimeout(never); clearTimeout(undefined); clearTimeout(12345);
        seen.push("sync");
        await new Promise((done) => setTimeout(done, 40));
        return seen`),
    ).toEqual(["sync", "micro", "first", "ab"]);
  });

  it("repeat until they are cleared, also from inside", async () => {
    expect(
      await js(
        `let n = 0; await new Promise((done) => { const id = setInterval(() => { n += 1; if (n === 3) { clearInterval(id); done() } }, 1) }); await new Promise((r) => setTimeout(r, 10)); return n`,
      ),
    ).toBe(3);
  });

  it("report what a callback throws, and refuse text", async () => {
    const { answer, outcome } = await run(
      "module",
      `export default async () => { let name; try { setTimeout("1") } catch (e) { name = e.name } setTimeout(() => { throw "a" }); queueMicrotask(() => { throw "b" }); await new Promise((r) => setTimeout(r, 5)); return { body: name } }`,
    ).answer;
    expect(answer).toMatchObject({ kind: "reply", body: new TextEncoder().encode("TypeError") });
    expect(outcome.logs.map(({ text }) => text)).toEqual(["Uncaught b", "Uncaught a"]);
  });

  it("give whole milliseconds since the run began", async () => {
    expect(
      await js(
        `const t = performance.now(); await new Promise((r) => setTimeout(r, 3)); const u = performance.now(); return [Number.isInteger(t), u > t, t < 1000, Math.abs(performance.timeOrigin + u - Date.now()) < 2]`,
      ),
    ).toEqual([true, true, true, true]);
  });
});
