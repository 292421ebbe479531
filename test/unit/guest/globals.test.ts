import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));
const js = scriptEvaluator(run);

/**
 * Walks all that a script can reach from its globals: own properties, prototypes, accessors' functions. Each function or
 * object is one line at the first path that leads to it, with the names of its own properties.
 */
const WALK = `(() => {
  const seen = new Set(); const lines = [];
  const queue = [["globalThis", globalThis]];
  while (queue.length > 0) {
    const [path, value] = queue.shift();
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
    seen.add(value);
    const keys = Reflect.ownKeys(value).filter((key) => key !== "context");
    lines.push(path + (typeof value === "function" ? "()" : "") + ": " + keys.map(String).sort().join(" "));
    for (const key of keys) {
      const found = Reflect.getOwnPropertyDescriptor(value, key);
      const name = path + "." + String(key);
      queue.push([name, found.value], ["get " + name, found.get], ["set " + name, found.set]);
    }
    queue.push([path + ".[[Prototype]]", Reflect.getPrototypeOf(value)]);
  }
  return lines.sort();
})()`;

const surface = async (form: "module" | "expression"): Promise<string> => {
  const code =
    form === "module" ? `export default () => ({ body: ${WALK} })` : `({ body: { lines: ${WALK} } })`;
  const { answer, outcome } = await run(form, code).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
    throw new Error(JSON.stringify(outcome));
  const value: unknown = JSON.parse(new TextDecoder().decode(answer.body));
  return (Array.isArray(value) ? value : Reflect.get(Object(value), "lines")).join("\n");
};

describe("the global surface", () => {
  it("of a module is exactly this", async () => {
    await expect(`${await surface("module")}\n`).toMatchFileSnapshot("./surface-module.txt");
  });

  it("of an expression is that, and the two shims", async () => {
    const module = new Set((await surface("module")).split("\n"));
    const more = (await surface("expression")).split("\n").filter((line) => !module.has(line));
    await expect(`${more.join("\n")}\n`).toMatchFileSnapshot("./surface-expression.txt");
  });

  it("has nothing that can be enumerated, and classes shaped as browsers have them", async () => {
    expect(
      await js(`
        const names = ["AbortController", "Blob", "Headers", "Request", "Response", "URL", "URLSearchParams", "FormData", "TextDecoder", "CryptoKey"];
        return [
          Object.keys(globalThis), names.filter((n) => globalThis[n].name !== n || globalThis[n].prototype[Symbol.toStringTag] !== n),
          String(new Headers()), String(crypto), String(console), Object.keys(Headers.prototype).includes("append"),
          Object.getOwnPropertyDescriptor(globalThis, "URL").writable, self === globalThis]`),
    ).toEqual([[], [], "[object Headers]", "[object Crypto]", "[object console]", true, true, true]);
  });

  it.each([
    "__host",
    "fetch",
    "kv",
    "eval",
    "SharedArrayBuffer",
    "Atomics",
    "process",
    "require",
    "Deno",
    "secutils",
    "WebAssembly",
    "context",
  ])("does not have %s in a module", async (name) => {
    expect(await js(`return typeof globalThis[${JSON.stringify(name)}]`)).toBe("undefined");
  });

  it("compiles no text", async () => {
    expect(
      await js(`
        const ways = [() => Function("1"), () => new Function("1"), () => (() => {}).constructor("1"), () => (async () => {}).constructor("1"),
          () => (function* () {}).constructor("1"), () => (async function* () {}).constructor("1"), () => setTimeout("1")];
        return [ways.map((f) => { try { f(); return "ran" } catch (e) { return e.name } }), (() => {}) instanceof Function]`),
    ).toEqual([Array.from({ length: 7 }, () => "TypeError"), true]);
  });

  it("cannot import anything", async () => {
    const names = ["fs", "scripts/other", "./x.js", "https://example.com/x.js", "node:crypto"];
    expect(
      await js(
        `return Promise.all(${JSON.stringify(names)}.map((n) => import(n).then(() => "in", (e) => typeof e)))`,
      ),
    ).toEqual(names.map(() => "object"));
  });
});

describe("a script that replaces what everybody uses", () => {
  it.each([
    [
      "Array.prototype",
      `for (const k of Reflect.ownKeys(Array.prototype)) if (k !== "constructor") try { Array.prototype[k] = () => { throw new Error("mine") } } catch {}`,
    ],
    ["JSON", `JSON.stringify = JSON.parse = () => { throw new Error("mine") }`],
    [
      "Object",
      `Object.keys = Object.entries = Object.defineProperty = Object.hasOwn = () => { throw new Error("mine") }`,
    ],
    [
      "Uint8Array",
      `for (const k of ["set", "subarray", "slice"]) Object.getPrototypeOf(Uint8Array.prototype)[k] = () => { throw new Error("mine") }; globalThis.Uint8Array = globalThis.ArrayBuffer = undefined`,
    ],
    [
      "String and RegExp",
      `String.prototype.toLowerCase = RegExp.prototype.exec = RegExp.prototype.test = () => { throw new Error("mine") }`,
    ],
    ["Promise", `Promise.prototype.then = () => { throw new Error("mine") }; globalThis.Promise = undefined`],
    [
      "Map",
      `Map.prototype.get = Map.prototype.set = Map.prototype.delete = () => { throw new Error("mine") }`,
    ],
    [
      "the Web classes",
      `globalThis.Response = globalThis.Headers = globalThis.DOMException = globalThis.queueMicrotask = undefined`,
    ],
  ])("still answers after replacing %s", async (_, patch) => {
    const { answer } = await run(
      "module",
      `const { Response } = globalThis; export default async () => { ${patch}; return { status: 203, headers: { "x-a": "1" }, body: "text é" } }`,
    ).answer;
    expect(answer).toMatchObject({
      kind: "reply",
      status: 203,
      headers: { mode: "merge", set: [["x-a", "1"]] },
      body: new TextEncoder().encode("text é"),
    });
  });

  it("still fails with its own error", async () => {
    const { outcome } = await run(
      "module",
      `export default () => { JSON.stringify = Array.prototype.map = Error = undefined; null.x }`,
    ).answer;
    expect(outcome).toMatchObject({ kind: "threw", error: { name: "TypeError", line: 1 } });
  });
});

const randomsOf = (seed: number) =>
  run("module", "export default () => ({ body: [Math.random(), Math.random()] })", {
    seed: new Uint8Array(16).fill(seed),
  }).answer;

describe("Math.random", () => {
  it("follows the seed, and so does the fuel of a run", async () => {
    const [one, same, other] = [await randomsOf(1), await randomsOf(1), await randomsOf(2)];
    expect(one.answer).toEqual(same.answer);
    expect(one.outcome.fuel).toBe(same.outcome.fuel);
    expect(one.answer).not.toEqual(other.answer);
  });

  it("is not what crypto gives", async () => {
    const values = await js(`
      const a = crypto.getRandomValues(new Uint32Array(4)); const b = crypto.getRandomValues(new Uint32Array(4));
      const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name } };
      return [[...a].join() !== [...b].join(), /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/.test(crypto.randomUUID()),
        thrown(() => crypto.getRandomValues(new Float32Array(1))), thrown(() => crypto.getRandomValues(new Uint8Array(65537))), crypto.getRandomValues(new Uint8Array(65536)).length]`);
    expect(values).toEqual([true, true, "TypeMismatchError", "QuotaExceededError", 65_536]);
  });
});
