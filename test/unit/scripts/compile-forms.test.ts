import { describe, expect, it } from "vitest";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";

const compiled = (source: string, language: "js" | "ts" = "js") => {
  const answer = compileSource({ source, language });
  if (answer.kind !== "compiled") throw new Error(JSON.stringify(answer.errors));
  const { form, code, map, module } = answer.unit;
  return { form, code, map, exports: module?.exports.map(({ name }) => name) ?? null };
};

/** `LINE:COLUMN MESSAGE` of each fault, of those too that only a responder minds. */
const faults = (source: string, language: "js" | "ts" = "js") => {
  const answer = compileSource({ source, language });
  const found = answer.kind === "compiled" ? answer.unit.handlerFaults : answer.errors;
  return found.map(({ line, column, message }) => `${line}:${column} ${message}`);
};

const NEITHER = "neither a module (no `export`) nor one expression";

describe("the form of a script", () => {
  it.each([
    ["export default () => null", ["default"]],
    ["export default async function (request, ctx) { return null }", ["default"]],
    ["export default function named() {}", ["default"]],
    ["const answer = () => null; export { answer as default }", ["default"]],
    ["const answer = () => null; export { answer as 'default' }", ["default"]],
    ["export const onRequest = async () => {}, helper = 1", ["onRequest", "helper"]],
    [
      "export async function onResponse(response) {}\nexport function onRequest() {}",
      ["onResponse", "onRequest"],
    ],
    ["export let onRequest; onRequest = () => null", ["onRequest"]],
    ["#!/usr/bin/env node\nexport default () => null", ["default"]],
  ])("is a module with its exports: %s", (source, exports) => {
    expect(compiled(source)).toEqual({ form: "module", exports, code: source, map: null });
  });

  it.each([
    ["(() => ({ body: 1 }))()", "(() => ({ body: 1 }))()"],
    ["  (async () => {})();  // done", "  (async () => {})()   // done"],
    ["// first\n{ statusCode: 200, body: 'x' };;\n", "// first\n{ statusCode: 200, body: 'x' }  \n"],
    ["null", "null"],
    ["1, await Promise.resolve(2)", "1, await Promise.resolve(2)"],
    ["'x' /* ; */ ; /* ; */", "'x' /* ; */   /* ; */"],
    ["'http://a;'", "'http://a;'"],
    ["(function (a, a) { return 1 })()", "(function (a, a) { return 1 })()"],
    ["010 + 1", "010 + 1"],
    ["`export default 1`", "`export default 1`"],
    ["'x'\n<!-- a comment in a script\n", "'x'\n<!-- a comment in a script\n"],
  ])("is one expression, in its own lines: %j", (source, code) => {
    expect(compiled(source)).toEqual({ form: "expression", exports: null, code, map: null });
  });

  it("drops a byte order mark without moving a column", () => {
    expect(compiled("\uFEFFexport default () => null").code).toBe("export default () => null");
    expect(faults("\uFEFFexport default ;")).toEqual(["1:16 Unexpected `;`"]);
  });

  it.each([
    ["const x = 1;\nx", "1:1"],
    ["one();\n\n  two();", "3:3"],
    ["'use strict';\nanswer()", "2:1"],
    ["if (context) {\n  answer()\n}", "1:1"],
    ["return { body: 1 }", "1:1"],
    ["const a = 1;\nreturn { body: a }", "1:1"],
    ["answer();\nif (a) return await b", "2:1"],
  ])("is not statements: %j", (source, where) => {
    const [fault] = faults(source);
    expect(fault).toContain(where);
    expect(fault).toContain(NEITHER);
  });

  it("is a module's, whose fault it is, when it exports and returns", () => {
    expect(faults("export default () => null;\nreturn 1")).toEqual(["2:1 'return' outside of function"]);
  });

  it.each([
    ["export default (a: string) => a", "1:18 Unexpected `:`"],
    ["interface A {}\nexport default () => null as unknown", "1:1 The keyword 'interface' is reserved"],
    ["((a: number) => a)(1)", "1:4 Unexpected `:`"],
  ])("may be in TypeScript, said to be JavaScript: %j", (source, fault) => {
    expect(faults(source)).toEqual([
      `${fault}. The script is TypeScript: set \`"language": "ts"\` beside its source`,
    ]);
    expect(faults(source, "ts")).toEqual([]);
  });

  it.each(["export default () => { return 1 +; }", "export default (a: string) => {", "(a=(".repeat(5_000)])(
    "is not called TypeScript when it is not that either: %j",
    (source) => {
      expect(faults(source)).toEqual([expect.not.stringContaining("language")]);
    },
  );

  it.each([
    "1) + (2",
    "a) => (b",
    "a)(b",
    "1); (2",
    "1), (2",
    "1) //",
    "1 /*",
    "a)`x`(b",
    "}); ({",
    "1\n) //",
  ])("does not let an expression close the parentheses around it: %j", (source) => {
    expect(faults(source)).toHaveLength(1);
  });

  it.each(["", " \n", ";;", "// nothing", "/* a */ // b", "\uFEFF"])(
    "says so when there is nothing: %j",
    (source) => {
      expect(faults(source)).toEqual([expect.stringContaining("1:1 The script is empty")]);
    },
  );
});

describe("a module", () => {
  it.each([
    ["export default 5", "1:1 `default` is a value"],
    [
      "export default {\n  fetch() {}\n}",
      "1:1 `default` is an object: export the function itself, `async (request, ctx)",
    ],
    ["export default class {}", "1:1 `default` is a class"],
    ["export default function* () {}", "1:1 `default` is a generator"],
    [
      "const x = `a`;\nexport { x as onResponse }",
      "2:10 `onResponse` is a value: export the function itself, `async (response",
    ],
    ["import a from 'lodash';\nexport default a", "1:1 Nothing but scripts/NAME can be imported"],
    ["import { b } from 'scripts/b@03'", "1:1 Nothing but scripts/NAME can be imported"],
    ["import a from 'scripts/a' with { type: 'json' }", "1:27 Unexpected `with`"],
    [
      "import { a } from 'scripts/a';\n[{ a }] = [1]",
      "2:4 `a` is imported: only its own script can assign to it",
    ],
    [
      "import * as a from 'scripts/a';\n() => { a++ }",
      "2:9 `a` is imported: only its own script can assign to it",
    ],
    ["export * from './b.js'", "1:1 Nothing but scripts/NAME can be imported"],
    ["import 'scripts/A'", "1:1 Nothing but scripts/NAME can be imported"],
    ["export default () => import('scripts/a')", "1:22 `import()` is not available"],
    ["let a;\nlet a;\nexport default () => a", "2:5 Identifier 'a' has already been declared"],
    ["export default () => { with (a) {} }", "1:24 'with' in strict mode"],
    ["export default () => 010", "1:22 Invalid number"],
    ["export default () => null; export default () => 1", "1:35 Duplicate export 'default'"],
    ["export { nothing as default }", "1:10 Export 'nothing' is not defined"],
    ["export default () => {", "1:23 Unexpected end of the script"],
    ["export default () => <b>x</b>", "1:22 Unexpected `<`: JSX is not supported"],
    ["@log\nclass A {}\nexport default () => new A()", "1:1 Decorators are not supported"],
    ["export default () => /(?<a>x)|(?<a>y)/", "1:23 Invalid regular expression"],
    ["export default () => { using x = null }", "1:30 Unexpected `x`"],
  ])("is refused where it is wrong: %j", (source, fault) => {
    expect(faults(source)).toEqual([expect.stringContaining(fault)]);
  });

  it("names every import, and no more than 20 faults", () => {
    expect(faults("import 'a';\nimport './b';\nexport * from 'c';")).toHaveLength(3);
    expect(faults("import 'a';\n".repeat(30))).toHaveLength(20);
  });

  it("does not quote a long source back", () => {
    const [fault = ""] = faults(`export default () => /${"a".repeat(5_000)}(/`);
    expect(fault).toContain("Invalid regular expression");
    expect(fault.length).toBeLessThan(300);
  });
});

it("refuses dynamic import in an expression too", () => {
  expect(faults("(async () => {\n  await import('x')\n})()")).toEqual([
    expect.stringMatching(/^2:9 `import\(\)` is not/),
  ]);
});

it("refuses what is nested beyond the stack", () => {
  expect(faults(`export default () => ${"[".repeat(100_000)}`)).toEqual([
    expect.stringContaining("too deeply nested"),
  ]);
  expect(faults("(a=(".repeat(100_000), "ts")).toEqual([
    "null:null " +
      "The script is too deeply nested to be compiled: move inner parts into functions or constants of their own",
  ]);
});
