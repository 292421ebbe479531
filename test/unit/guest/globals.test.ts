import { describe, expect, it } from "vitest";
import { expressionPrelude, modulePrelude } from "../../../build/guest.ts";
import { type Capability, createRuntime } from "../../../src/runtime/index.ts";
import { fakeHttp } from "../../support/fake-http.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptEvaluator, scriptRunner } from "../../support/run-script.ts";
import { secretsOf } from "../../support/granted-secrets.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));
const js = scriptEvaluator(run);

/**
 * Objects that no property of a global leads to: what syntax and calls give, each behind a prototype of its own.
 * `given` is what the form hands to a script.
 */
const roots = (given: string): string => `[
  ["globalThis", globalThis],
  ["async function", async () => {}], ["generator function", function* () {}], ["async generator function", async function* () {}],
  ["generator", (function* () {})()], ["async generator", (async function* () {})()],
  ["array iterator", [].values()], ["map iterator", new Map().entries()], ["set iterator", new Set().values()],
  ["string iterator", ""[Symbol.iterator]()], ["match iterator", "".matchAll(/a/g)],
  ["iterator helper", [].values().map((x) => x)], ["wrapped iterator", Iterator.from({ next() {} })],
  ["headers iterator", new Headers().keys()], ["parameters iterator", new URLSearchParams().keys()], ["form iterator", new FormData().keys()],
  ["body", new Response("x").body], ["body iterator", new Response("x").body[Symbol.asyncIterator]()],
  ["arguments", (function () { return arguments })()], ["template", ((strings) => strings)\`\`],
  ["signal", new AbortController().signal], ["event", new Event("x")], ["error", new Error("x")], ["revocable", Proxy.revocable({}, {})],
  ["promise", Promise.resolve()], ["resolvers", Promise.withResolvers()], ["match", /(?<a>b)/d.exec("b")], ["bound", (() => {}).bind()],
  ${given}
]`;

const GIVEN = {
  module: `["request", request], ["request.headers", request.headers], ["request.signal", request.signal], ["ctx", ctx],
    ["ctx.params", ctx.params], ["ctx.client", ctx.client], ["ctx.responder", ctx.responder], ["ctx.signal", ctx.signal],
    ["ctx.secrets", ctx.secrets]`,
  expression: `["context", context], ["context.headers", context.headers], ["context.query", context.query], ["context.body", context.body]`,
} as const;

/**
 * Walks all that a script can reach: own properties (symbols too), prototypes, accessors' functions. Each function or
 * object is one line at the first path that leads to it, with the names of its own properties; \`!\` marks what cannot be
 * changed. No getter runs but those that the roots name.
 */
const WALK = `((roots) => {
  const seen = new Set(); const lines = [];
  const shown = (key, { configurable, writable }) => String(key) + (configurable || writable ? "" : "!");
  for (const root of roots) for (const queue = [root]; queue.length > 0;) {
    const [path, value] = queue.shift();
    if ((typeof value !== "object" && typeof value !== "function") || value === null || seen.has(value)) continue;
    seen.add(value);
    const keys = Reflect.ownKeys(value).filter((key) => key !== "context" && !(Array.isArray(value) && /^[0-9]+$/.test(String(key))));
    const found = keys.map((key) => [key, Reflect.getOwnPropertyDescriptor(value, key)]).filter(([, of]) => of !== undefined);
    lines.push(path + (typeof value === "function" ? "()" : "") + ": " + found.map(([key, of]) => shown(key, of)).sort().join(" "));
    for (const [key, of] of found) {
      const name = path + "." + String(key);
      queue.push([name, of.value], ["get " + name, of.get], ["set " + name, of.set]);
    }
    queue.push([path + ".[[Prototype]]", Reflect.getPrototypeOf(value)]);
  }
  return lines.sort();
})`;

const surface = async (
  form: "module" | "expression",
  grants: readonly Capability[] = [],
): Promise<readonly string[]> => {
  const walk = `${WALK}(${roots(GIVEN[form])})`;
  const code =
    form === "module"
      ? `export default (request, ctx) => ({ body: ${walk} })`
      : `({ body: { lines: ${walk} } })`;
  const options = { secrets: secretsOf({ KEY: "a secret" }).granted, grants };
  const { answer, outcome } = await run(form, code, options).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
    throw new Error(JSON.stringify(outcome));
  const value: unknown = JSON.parse(new TextDecoder().decode(answer.body));
  const lines: unknown = Array.isArray(value) ? value : Reflect.get(Object(value), "lines");
  return Array.isArray(lines) ? lines.map(String) : [];
};

describe("the global surface", () => {
  it("of a module is exactly this", async () => {
    await expect(`${(await surface("module")).join("\n")}\n`).toMatchFileSnapshot("./surface-module.txt");
  });

  it("of an expression is that, and the two shims", async () => {
    const module = new Set(await surface("module"));
    const more = (await surface("expression")).filter((line) => !module.has(line));
    await expect(`${more.join("\n")}\n`).toMatchFileSnapshot("./surface-expression.txt");
  });

  it("of a run that may send requests is more by this", async () => {
    const more = async (form: "module" | "expression"): Promise<readonly string[]> => {
      const without = new Set(await surface(form));
      const lines = (await surface(form, [fakeHttp().grant()])).filter((line) => !without.has(line));
      return lines.filter((line) => !line.startsWith("globalThis: "));
    };
    // Of each kind of function the first that is found names its prototype.
    const own = (lines: readonly string[]): readonly string[] =>
      lines.filter((line) => !line.includes(".[[Prototype]]"));
    expect(own(await more("module"))).toEqual(["globalThis.fetch(): length name"]);
    expect(own(await more("expression"))).toEqual([
      "globalThis.Deno.core.ops.op_proxy_request(): length name",
      "globalThis.Deno.core.ops: op_proxy_request",
      expect.stringMatching(/^globalThis\.Deno\.core: .* ops /),
      "globalThis.fetch(): length name",
    ]);
  });

  it("has the shims, and what they are made of, in the expression form only", async () => {
    const marks = ["denoShim", "encodeBinaryString", "op_proxy", "recipient", "createTimer"];
    const source = { module: modulePrelude.join("\n"), expression: expressionPrelude.join("\n") };
    expect(marks.filter((mark) => source.module.includes(mark))).toEqual([]);
    expect(source.expression).toContain("encodeBinaryString");
    expect((await surface("module")).filter((line) => /Deno|secutils|context/.test(line))).toEqual([]);
    const has = `({ body: { has: [typeof Deno.core, typeof secutils.crypto, typeof context, typeof request, typeof ctx] } })`;
    const { answer } = await run("expression", has).answer;
    const body = answer?.kind === "reply" && answer.body instanceof Uint8Array ? answer.body : undefined;
    expect(new TextDecoder().decode(body)).toBe(
      '{"has":["object","object","object","undefined","undefined"]}',
    );
  });

  it.each([
    "Request",
    "Response",
    "Headers",
    "URL",
    "URLSearchParams",
    "TextEncoder",
    "TextDecoder",
    "AbortController",
    "AbortSignal",
    "Event",
    "EventTarget",
    "CustomEvent",
    "DOMException",
    "FormData",
    "Blob",
    "File",
    "structuredClone",
    "queueMicrotask",
    "setTimeout",
    "clearTimeout",
    "setInterval",
    "clearInterval",
    "atob",
    "btoa",
    "console.log",
    "performance.now",
    "crypto.getRandomValues",
    "crypto.randomUUID",
    "crypto.subtle.digest",
    "crypto.subtle.sign",
    "crypto.subtle.verify",
    "crypto.subtle.importKey",
    "crypto.subtle.encrypt",
    "crypto.subtle.decrypt",
    "crypto.subtle.deriveBits",
  ])("has %s in both forms", async (name) => {
    const parts = name.split(".").map((part) => `?.${part}`);
    const type = `typeof globalThis${parts.join("")}`;
    expect(await js(`return ${type}`)).toBe("function");
    const { answer } = await run("expression", `({ body: ${type} })`).answer;
    expect(answer).toMatchObject({ body: new TextEncoder().encode("function") });
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
