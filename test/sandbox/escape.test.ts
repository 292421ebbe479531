import { describe, expect, it } from "vitest";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const blocked = (expression: string) =>
  sandbox.value(
    `(() => { try { return { ran: String(${expression}) } } catch (error) { return error.name + ': ' + error.message } })()`,
  );

describe("code from strings", () => {
  it("has no eval, direct or indirect", async () => {
    expect(await blocked("eval('1')")).toMatch(/^ReferenceError/);
    expect(await sandbox.value("[typeof eval, 'eval' in globalThis, typeof globalThis.eval]")).toEqual([
      "undefined",
      false,
      "undefined",
    ]);
    expect(await blocked("setTimeout('1')")).toMatch(/^(Reference|Type)Error/);
  });

  it("cannot be brought back", async () => {
    expect(await blocked("Object.defineProperty(Function.prototype, 'constructor', { value: 1 })")).toMatch(
      /^TypeError/,
    );
    expect(
      await blocked(
        "delete (() => {}).__proto__.constructor ? 'deleted' : (() => { 'use strict'; delete Function.prototype.constructor })()",
      ),
    ).toMatch(/^TypeError/);
    const kinds = "[function () {}, async function () {}, function* () {}, async function* () {}]";
    expect(
      await sandbox.value(
        `${kinds}.map((f) => { const p = Object.getOwnPropertyDescriptor(Object.getPrototypeOf(f), 'constructor'); return [p.configurable, p.writable, p.get] })`,
      ),
    ).toEqual([1, 2, 3, 4].map(() => [false, false, undefined]).map(([a, b]) => [a, b, null]));
  });

  it("leaves functions what they are otherwise", async () => {
    expect(
      await sandbox.value(
        "[(() => 1) instanceof Function, Function.prototype === Object.getPrototypeOf(Math.max), Function.name, (async () => 1).constructor.name]",
      ),
    ).toEqual([true, true, "Function", "Function"]);
  });

  it("comes from no import", async () => {
    for (const name of [
      "data:text/javascript,1",
      "node:fs",
      "./x.js",
      "https://example.com/x.js",
      "tools",
      "",
    ]) {
      const outcome = await sandbox.run(
        `export default async () => { try { await import(${JSON.stringify(name)}); return 'in' } catch (e) { return e.name } }`,
      );
      expect(outcome).toMatchObject({
        kind: "returned",
        answer: { head: { value: expect.stringMatching(/Error$/) } },
      });
    }
  });
});

describe("the way out", () => {
  it("shows nothing of the host", async () => {
    const names =
      "['process', 'require', 'fetch', 'WebAssembly', 'caches', 'navigator', 'module', 'Deno', 'std', 'os', 'print0', 'scriptArgs', 'Worker', 'importScripts', '__host']";
    expect(await sandbox.value(`${names}.filter((name) => name in globalThis)`)).toEqual([]);
  });

  it("does not reach the host through what it throws or answers", async () => {
    const answers = [
      'JSON.parse(\'{"__proto__":{"polluted":1},"constructor":{"prototype":{"polluted":1}}}\')',
      "({ then: 1, toString: 1, valueOf: null })",
      "Object.create(null)",
    ];
    for (const answer of answers)
      expect((await sandbox.run(`export default () => (${answer})`)).kind).toBe("returned");
    expect(Reflect.get({}, "polluted")).toBeUndefined();
    const thrown = await sandbox.run(
      "export default () => { throw new Proxy(class {}, { get() { throw 1 }, getPrototypeOf() { throw 2 } }) }",
    );
    expect(thrown.kind).toBe("threw");
  });

  it("keeps its own tools from what a script does to the intrinsics", async () => {
    const code = `
      JSON.parse = JSON.stringify = () => 'mine';
      String.prototype.slice = () => 'mine';
      Object.defineProperty = Reflect.apply = Function.prototype.call = () => 'mine';
      Object.prototype.toJSON = () => 'mine';
      Array.prototype[Symbol.iterator] = () => { throw 1 };
      const text = 'a\\0b\\ud800';
      print = host;
      globalThis.Error = globalThis.TypeError = 5;
      export default () => { let name; try { host('nothing') } catch (e) { name = e.name + ':' + e.message } return name; }`;
    expect(await sandbox.run(code)).toMatchObject({
      kind: "returned",
      answer: { head: { value: "TypeError:there is no such host call" } },
    });
  });

  it("calls no op that was not granted, and none through a prototype", async () => {
    for (const op of [
      "timer",
      "random",
      "fetch",
      "constructor",
      "__proto__",
      "toString",
      "hasOwnProperty",
      "",
      "x".repeat(1e5),
    ]) {
      const code = `host(${JSON.stringify(op)}, new ArrayBuffer(8))`;
      expect(
        await sandbox.value(`(() => { try { return [${code}] } catch (e) { return e.name } })()`, {
          grants: [],
        }),
      ).toBe("TypeError");
    }
  });

  it("is not confused when the guest calls itself through the door", async () => {
    const code = `
      export default async () => {
        let depth = 0;
        const nest = () => { depth += 1; if (depth < 20) { print('level ' + depth); [1].forEach(nest); } };
        nest();
        const order = [];
        await Promise.all([3, 1, 2].map(async (n) => { await sleep(n); order.push(n); await sleep(0); }));
        return [depth, order.length];
      }`;
    const outcome = await sandbox.run(code);
    expect(outcome).toMatchObject({ kind: "returned", answer: { head: { value: [20, 3] } } });
    expect(outcome.logs).toHaveLength(19);
  });
});
