import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));

const logged = async (body: string): Promise<readonly (readonly [string, string])[]> => {
  const limits = { logBytes: 200_000 };
  const outcome = await run("module", `export default async (request, ctx) => { ${body} }`, { limits }).end;
  if (outcome.kind !== "returned") throw new Error(JSON.stringify(outcome));
  return outcome.logs.map(({ level, text }) => [level, text]);
};

describe("console", () => {
  it("has five levels, and the few others that people use", async () => {
    expect(
      await logged(`
        console.debug("a"); console.log("b", 1); console.info(); console.warn("d"); console.error("e");
        console.assert(true, "no"); console.assert(false, "f"); console.dir({ g: 1 }); console.group("h"); console.log("i\\nj"); console.groupEnd(); console.trace("k")`),
    ).toEqual([
      ["debug", "a"],
      ["log", "b 1"],
      ["info", ""],
      ["warn", "d"],
      ["error", "e"],
      ["error", "Assertion failed: f"],
      ["log", "{ g: 1 }"],
      ["log", "h"],
      ["log", "  i\n  j"],
      ["log", "Trace: k"],
    ]);
  });

  it.each([
    [`"%s is %d years, %i, %f", "Ada", "36", "7.9", "1.5", "more"`, "Ada is 36 years, 7, 1.5 more"],
    [`"100% %% %o %O %j", { a: 1 }, [1], "s"`, "100% % { a: 1 } [ 1 ] 's'"],
    [`"%c red %s", "color: red"`, " red %s"],
    [`"%d %i", Symbol("s"), 5n`, "NaN 5"],
    [`{ "%s": 1 }, "%s"`, "{ '%s': 1 } %s"],
  ])("formats %s", async (code, text) => {
    expect(await logged(`console.log(${code})`)).toEqual([["log", text]]);
  });

  it.each([
    [`-0, 5n, null, undefined, true, Symbol("s")`, "-0 5n null undefined true Symbol(s)"],
    [`["it's", 'say "x"', "a\\nb"]`, `[ 'it\\'s', "say \\"x\\"", 'a\\nb' ]`],
    [`{ a: { b: { c: { d: { e: { f: 1 } } } } } }`, "{ a: { b: { c: { d: { e: [Object] } } } } }"],
    [`[1, , 3], []`, "[ 1, <empty>, 3 ] []"],
    [`new Map([["k", { v: 1 }]]), new Set([1, "b"])`, "Map(1) { 'k' => { v: 1 } } Set(2) { 1, 'b' }"],
    [`new Date(0), new Date(NaN), /a\\/b/g`, "1970-01-01T00:00:00.000Z Invalid Date /a\\/b/g"],
    [`new Uint8Array([1, 2]), new ArrayBuffer(2)`, "Uint8Array(2) [ 1, 2 ] ArrayBuffer(2) [ 0, 0 ]"],
    [`class A {}, () => 1, function named() {}`, "[Function: A] [Function (anonymous)] [Function: named]"],
    [`new (class Point { x = 1 })(), Object.create(null)`, "Point { x: 1 } [null prototype] {}"],
    [
      `{ get a() { throw 1 }, set b(v) {}, [Symbol("s")]: 1, "a-b": 2 }`,
      "{ a: [Getter], b: [Setter], 'a-b': 2, [Symbol(s)]: 1 }",
    ],
    [
      `Promise.resolve(1), new URL("https://a/b"), new Headers({ a: "1" })`,
      "Promise {} URL { href: 'https://a/b' } Headers { a: '1' }",
    ],
    [
      `new URLSearchParams("a=1"), new Response("x", { status: 201 })`,
      "URLSearchParams { a: '1' } Response { status: 201, headers: Headers { 'content-type': 'text/plain;charset=UTF-8' } }",
    ],
  ])("shows %s", async (code, text) => {
    const [line] = await logged(`console.log(${code})`);
    expect(line?.[1].replaceAll(/\n\s*/g, " ")).toBe(text);
  });

  it("shows cycles, and breaks what does not fit a line", async () => {
    expect(
      await logged(`const o = { name: "x".repeat(40), other: "y".repeat(40) }; o.self = o; console.log(o)`),
    ).toEqual([
      ["log", `{\n  name: '${"x".repeat(40)}',\n  other: '${"y".repeat(40)}',\n  self: [Circular]\n}`],
    ]);
  });

  it("shows an error with its stack in the script's lines", async () => {
    const [line] = await logged(`\nconsole.log(new TypeError("no"))`);
    expect(line?.[1].split("\n")[0]).toBe("TypeError: no");
    expect(line?.[1]).toMatch(/script:2:\d+/);
  });

  it("shows nothing of the frames that are not the script's", async () => {
    const [line] = await logged(`
      const e = (() => { try { [1].map(() => { null.a }) } catch (error) { return error } })();
      console.log({ e })`);
    expect(line?.[1]).toContain("script:2:");
    expect(line?.[1]).not.toMatch(/native|module:/);
  });

  it("tells of what a timer or a listener threw in the script's frames only", async () => {
    const lines = await logged(`
      const target = new EventTarget();
      target.addEventListener("x", () => { throw new TypeError("heard") });
      setTimeout(function late() { throw new RangeError("late") }, 1);
      queueMicrotask(() => { throw "text" });
      target.dispatchEvent(new Event("x"));
      await new Promise((done) => setTimeout(done, 5));`);
    expect(lines.map(([level]) => level)).toEqual(["error", "error", "error"]);
    const texts = lines.map(([, text]) => text.split("\n"));
    expect(texts.map(([first]) => first)).toEqual([
      "Uncaught TypeError: heard",
      "Uncaught text",
      "Uncaught RangeError: late",
    ]);
    expect(texts[0]?.[1]).toMatch(/^\s*at <anonymous> \(script:3:\d+\)$/);
    expect(texts[2]?.slice(1)).toEqual([expect.stringMatching(/^\s*at late \(script:4:\d+\)$/)]);
    expect(texts.flat().join("\n")).not.toMatch(/module:|native/);
  });

  it("counts and measures by label", async () => {
    const lines = await logged(`
      console.count(); console.count("a%s"); console.count(); console.countReset(); console.count(); console.countReset("b");
      console.time("t"); console.time("t"); console.timeLog("t", { x: 1 }); console.timeEnd("t"); console.timeEnd("t"); console.time(); console.timeEnd();
      console.table([{ a: 1 }]);`);
    expect(lines.map(([level, text]) => [level, text.replace(/\d+ms/, "Nms")])).toEqual([
      ["info", "default: 1"],
      ["info", "a%s: 1"],
      ["info", "default: 2"],
      ["info", "default: 1"],
      ["warn", "Count for 'b' does not exist"],
      ["warn", "Timer 't' already exists"],
      ["info", "t: Nms { x: 1 }"],
      ["info", "t: Nms"],
      ["warn", "Timer 't' does not exist"],
      ["info", "default: Nms"],
      ["log", "[ { a: 1 } ]"],
    ]);
  });

  it("stays small and quick on what is huge, and runs nothing of the script", async () => {
    const lines = await logged(`
      const sparse = []; sparse.length = 2 ** 32 - 1;
      const wide = Object.fromEntries(Array.from({ length: 5000 }, (_, i) => ["k" + i, "v".repeat(50)]));
      const tree = (d) => (d === 0 ? "leaf" : Array.from({ length: 50 }, () => tree(d - 1)));
      console.log(sparse); console.log(wide); console.log("z".repeat(200000)); console.log(tree(3));
      console.log({ toString() { throw new Error("ran") }, toJSON() { throw new Error("ran") } });`);
    expect(lines).toHaveLength(5);
    for (const [, text] of lines.slice(0, 2)) expect(text.length).toBeLessThan(12_000);
    for (const [, text] of lines) expect(text.length).toBeLessThan(31_000);
    expect(lines[1]?.[1]).toMatch(/…\n\}$/);
    expect(lines[4]?.[1]).toBe("{ toString: [Function: toString], toJSON: [Function: toJSON] }");
  });
});
