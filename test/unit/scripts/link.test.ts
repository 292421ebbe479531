import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { parse } from "acorn";
import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import type { LinkInput } from "../../../src/scripts/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptLinker, type Sources, unitOf } from "../../support/link-scripts.ts";
import { programRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const link = scriptLinker(runtime);
const run = programRunner(runtime);

const linked = async (main: string, sources: Sources, input: Partial<LinkInput> = {}) => {
  const answer = await link(main, sources, input);
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  return answer;
};
/** What a handler answers as its body. */
const bodyOf = async (main: string, sources: Sources): Promise<unknown> => {
  const { program } = await linked(main, sources);
  const { answer, outcome } = await run(program, { limits: { cpuMs: 5_000 } }).answer;
  if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) {
    throw new Error(JSON.stringify("error" in outcome ? outcome.error : outcome));
  }
  return JSON.parse(new TextDecoder().decode(answer.body));
};

const answering = (imports: string, value: string) =>
  `${imports}\nexport default () => ({ body: ${value} });`;

describe("a program of several scripts", () => {
  it.each<[string, string, Sources, unknown]>([
    [
      "default, named and renamed imports, and all as one",
      answering(
        'import first, { two as second, default as again } from "scripts/a"; import * as all from "scripts/a";',
        "[first(), second, again === first, Object.keys(all), all.two, Object.isFrozen(all)]",
      ),
      { a: "export default function () { return 1 }\nexport const two = 2;" },
      [1, 2, true, ["default", "two"], 2, true],
    ],
    [
      "exports from elsewhere",
      answering('import { one, Two, three, all } from "scripts/b";', "[one, Two, three, all.one]"),
      {
        a: "export const one = 1, two = 2; const three = 3; export { three as default };",
        b: 'export * from "scripts/a"; export { two as Two, default as three } from "scripts/a"; export * as all from "scripts/a"',
      },
      [1, 2, 3, 1],
    ],
    [
      "imports for their effects alone, each once and after what it imports",
      answering('import "scripts/b"; import "scripts/a"; import "scripts/c";', "globalThis.order"),
      {
        a: '(globalThis.order ??= []).push("a"); export {};',
        b: 'import "scripts/a"; globalThis.order.push("b");',
        c: 'import "scripts/b"; globalThis.order.push("c");',
      },
      ["a", "b", "c"],
    ],
    [
      "what changes later",
      answering(
        'import { count, grow } from "scripts/a"; import * as all from "scripts/a"; import { seen } from "scripts/b";',
        "[count, grow(), count, all.count, seen()]",
      ),
      {
        a: "export let count = 1; export const grow = () => { count += 1; };",
        b: 'import { count } from "scripts/a"; export const seen = () => ({ count }).count',
      },
      [1, null, 2, 2, 2],
    ],
    [
      "names that are elsewhere globals, arguments and properties",
      answering('import { a, b } from "scripts/a"; const URL = 1;', "[URL, a(2), b]"),
      {
        a: 'import { helper as URL$1 } from "scripts/b"; export const a = (helper) => URL$1(helper); export const b = new URL("http://x").host;',
        b: "export function helper(value) { return { helper: value }.helper * 2 }",
      },
      [1, 4, "x"],
    ],
    [
      "the same names in each",
      answering(
        'import { Failure as A } from "scripts/a"; import { Failure as B } from "scripts/b"; const helper = 1;',
        "[new A().name, A.one.name, new B().helper(), helper]",
      ),
      {
        a: "export class Failure extends Error { static one = new Failure(); get name() { return this.constructor.name } }",
        b: "const helper = () => 2; export class Failure { helper() { return helper() } }",
      },
      ["Failure", "Failure", 2, 1],
    ],
    [
      "statements that only a line's end parts",
      answering('import { b } from "scripts/a"', "b"),
      {
        a: '#!/bin/x\nexport const b = [1]\nimport "scripts/c"\n;[2].push(b)\nexport default b\n',
        c: "export const c = [0]\n// end",
      },
      [1],
    ],
    [
      "values that only `export default` names",
      answering(
        'import a from "scripts/a"; import b from "scripts/b"; import c from "scripts/c"; import d from "scripts/d"',
        "[a.name, b.name, c.name, d]",
      ),
      {
        a: "export default () => 1",
        b: "export default class {}",
        c: "const named = function () {}; export default /* c */ (named)",
        d: "export default { b: 1 }\n[`b`]",
      },
      ["default", "default", "named", 1],
    ],
    [
      "top-level await",
      answering('import { a } from "scripts/a"', "a"),
      { a: "export const a = await new Promise((resolve) => setTimeout(() => resolve(3), 5));" },
      3,
    ],
    [
      "two versions of one, and one by two names",
      answering(
        'import { n as one } from "scripts/a@1"; import { n, o } from "scripts/a"; import { n as two, o as p } from "scripts/a@2"',
        "[one, n, two, o === p]",
      ),
      { "a@1": "export const n = 1", "a@2": "export const n = 2, o = {}" },
      [1, 2, 2, true],
    ],
  ])("has %s", async (_what, main, sources, body) => {
    expect(await bodyOf(main, sources)).toEqual(body);
  });

  it("has the handlers that other scripts export", async () => {
    const sources = { a: "export const onResponse = () => null; export default () => ({ body: 1 })" };
    const names = 'export { default } from "scripts/a"; export * from "scripts/a"';
    expect((await linked(names, sources)).program.handlers).toEqual(["default", "onResponse"]);
    expect(await bodyOf(names, sources)).toBe(1);
    expect(await bodyOf('import a from "scripts/a"; export default a', sources)).toBe(1);
  });

  it("may be a script of the library itself, expressions too", async () => {
    const sources = {
      a: "export { b as default } from 'scripts/b'",
      b: "export const b = () => ({ body: 1 })",
      c: "({ body: 2 })",
    };
    const one = await link({ name: "a", version: null }, sources);
    expect(one).toMatchObject({ uses: [{ scriptId: "scr_a", wanted: 0, version: 1 }, { name: "b" }] });
    expect(await link({ name: "c", version: 1 }, sources)).toMatchObject({
      program: { form: "expression", parts: [{ file: "scripts/c@1" }] },
      uses: [{ scriptId: "scr_c", wanted: 1, version: 1 }],
    });
  });

  it("names each version that is asked for", async () => {
    const sources = {
      "a@1": "export {}",
      "a@2": 'import "scripts/b"',
      b: 'import "scripts/c@1"; import "scripts/c"',
      c: "export {}",
    };
    const { uses } = await linked(
      'import "scripts/a"; import "scripts/a@2"; import "scripts/a@1"; export default () => null',
      sources,
    );
    expect(uses.map(({ name, wanted, version }) => [name, wanted, version])).toEqual([
      ["a", 0, 2],
      ["a", 2, 2],
      ["a", 1, 1],
      ["b", 0, 1],
      ["c", 1, 1],
      ["c", 0, 1],
    ]);
  });

  it("tells what all of them use, and where", async () => {
    const { facts } = await linked(
      'import { a } from "scripts/a";\nexport default (r, ctx) => a(ctx, ctx.secrets.ONE)',
      { a: "export const a = (ctx) =>\n  fetch(ctx.secrets.ONE, ctx.secrets.TWO)" },
    );
    expect(facts.secrets).toEqual([
      { name: "ONE", line: 2, column: 35 },
      { name: "TWO", line: 2, column: 26, file: "scripts/a" },
    ]);
    expect(facts.globals).toEqual([{ name: "fetch", line: 2, column: 3, file: "scripts/a" }]);
  });

  it("changes nothing of a script without imports", async () => {
    const source = "export default () => null; export const x = 1";
    expect(await linked(source, {})).toMatchObject({
      program: { code: source, parts: [{ file: "script", line: 1, moves: null, map: null }] },
      uses: [],
    });
  });

  it("may be a whole parser whose every name another script has taken", { timeout: 20_000 }, async () => {
    const path = createRequire(import.meta.url)
      .resolve("acorn")
      .replace(/acorn\.js$/, "acorn.mjs");
    const acorn = readFileSync(path, "utf8");
    const names = (unitOf(acorn).module?.bindings ?? []).map(({ name }) => name);
    expect(names.length).toBeGreaterThan(100);
    const source =
      "let a = (b, { c = `${d}` } = {}) => class { #e = /f/u; static { for (const g of b) g?.h(); } }";
    const main = answering(
      'import "scripts/clash"; import { parse } from "scripts/acorn";',
      `parse(${JSON.stringify(source)}, { ecmaVersion: 2024 })`,
    );
    const clash = `let ${names.join(", ")}; export {};`;
    expect(await bodyOf(main, { acorn, clash })).toEqual(
      JSON.parse(JSON.stringify(parse(source, { ecmaVersion: 2024 }))),
    );
  });
});
