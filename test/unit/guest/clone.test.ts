import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const js = scriptEvaluator(scriptRunner(createRuntime({ module: await engineModule(), now: Date.now })));
const THROWN = `const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name + (e instanceof DOMException) } };`;

describe("structuredClone", () => {
  it("copies values, deep and apart", async () => {
    expect(
      await js(`
        const from = { a: [1, , 3], d: new Date(5), r: /x/gi, m: new Map([[{ k: 1 }, new Set(["s"])]]), n: null, u: undefined, big: 5n, nan: NaN, "-0": -0, box: new Number(4), ["__proto__"]: 7 };
        const to = structuredClone(from);
        return [to !== from && to.a !== from.a, to.a.length, 1 in to.a, to.d instanceof Date && to.d.getTime(), String(to.r), to.r.lastIndex,
          [...to.m.keys()][0].k, [...[...to.m.values()][0]], to.n, "u" in to, to.big === 5n, Number.isNaN(to.nan), Object.is(to["-0"], -0),
          typeof to.box, Object.getPrototypeOf(to) === Object.prototype, Object.getOwnPropertyDescriptor(to, "__proto__").value]`),
    ).toEqual([true, 3, false, 5, "/x/gi", 0, 1, ["s"], null, true, true, true, true, "object", true, 7]);
  });

  it("keeps cycles, sharing and the buffer under two views", async () => {
    expect(
      await js(`
        const buffer = new Uint8Array([1, 2, 3, 4]).buffer; const from = { one: new Uint8Array(buffer, 1, 2), two: new Uint16Array(buffer, 2), view: new DataView(buffer, 1) };
        from.self = from; from.list = [from.one, from.one];
        const to = structuredClone(from);
        return [to.self === to, to.list[0] === to.one && to.list[1] === to.one, [...to.one], to.two.length, to.one.buffer === to.two.buffer, to.one.buffer !== buffer,
          to.view.getUint8(0), to.one.constructor.name]`),
    ).toEqual([true, true, [2, 3], 1, true, true, 2, "Uint8Array"]);
  });

  it("copies errors by name, message and cause, and gets rid of classes", async () => {
    expect(
      await js(`
        class Own extends TypeError { extra = 1 }
        const e = structuredClone(new RangeError("m", { cause: { a: 1 } })); const own = structuredClone(new Own("x")); const dom = structuredClone(new DOMException("d", "DataError"));
        class Point { x = 1; get y() { return 2 } }
        const point = structuredClone(new Point());
        return [e instanceof RangeError, e.message, e.cause, own.name, own.extra ?? null, dom instanceof DOMException && dom.name, point, point instanceof Point]`),
    ).toEqual([true, "m", { a: 1 }, "TypeError", null, "DataError", { x: 1 }, false]);
  });

  it("moves what is to be transferred", async () => {
    expect(
      await js(`
        const bytes = new Uint8Array([1, 2, 3]); const to = structuredClone({ bytes }, { transfer: [bytes.buffer] });
        return [bytes.length, [...to.bytes]]`),
    ).toEqual([0, [1, 2, 3]]);
  });

  it.each([
    ["a function", "() => 1"],
    ["a symbol", "Symbol('s')"],
    ["a promise", "Promise.resolve()"],
    ["a WeakMap", "new WeakMap()"],
    ["Headers", "new Headers()"],
    ["a Request", "request"],
    ["a URL", "new URL('https://a')"],
    ["a function deep inside", "({ a: [new Map([[1, () => 1]])] })"],
  ])("refuses %s with a DataCloneError", async (_, code) => {
    expect(await js(`${THROWN} return thrown(() => structuredClone(${code}))`)).toBe("DataCloneErrortrue");
  });

  it("lets what a getter throws through", async () => {
    expect(
      await js(
        `try { structuredClone({ get a() { throw new RangeError("own") } }) } catch (e) { return e.message }`,
      ),
    ).toBe("own");
  });
});
