import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";
import { engineModule } from "../../support/node-engine.ts";
import { scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: await engineModule(), now: Date.now }));

/** Compiled as at a save and run on the real engine: what it ended with. */
const outcomeOf = async (source: string, language: "js" | "ts" = "js") => {
  const answer = compileSource({ source, language });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  const { form, code, map } = answer.unit;
  return run(form, code, { map }).end;
};

/** `LINE:COLUMN` of the script's error. */
const placeOf = async (source: string, language: "js" | "ts" = "js") => {
  const outcome = await outcomeOf(source, language);
  if (outcome.kind !== "threw") throw new Error(JSON.stringify(outcome));
  const { line, column, stack } = outcome.error;
  expect(stack).toContain(`(script:${line}:${column})`);
  return `${line}:${column}`;
};

const around = (statement: string) =>
  `const f = (x) => x;\nexport default async (request, ctx) => {\n  const a = f(null);\n  f("é");\n\n  ${statement}\n};`;

describe("an error at run time stands at the start of its statement", () => {
  it.each([
    "a.b;",
    "const c = a.b;",
    "let c = missing",
    "var c = a?.b, d = a.b;",
    "const { b } = a;",
    "const [b] = a;",
    "const { b: { c } = a.b } = {};",
    "return a.b;",
    "return { body: a.b };",
    "return {\n    status: 200,\n    body: a.b,\n  };",
    "return `${a.b}`;",
    "if (a.b) f(1);",
    "if (f) return a.b;",
    "while (a.b) f(1);",
    "for (let i = a.b; ; ) f(1);",
    "for (const x of a) f(x);",
    "for await (const x of a) f(x);",
    "for (const x in a.b) f(x);",
    "switch (a.b) { default: }",
    "outer: while (a.b) break outer;",
    "class C extends a.b {}",
  ])("in a module: %s", async (statement) => {
    expect(await placeOf(around(statement))).toBe("6:3");
  });

  it.each([
    ["{ f(1);\n    return a.b }", "7:5"],
    ["try { f(1) }\n  finally {\n    let x = a.b\n  }", "8:5"],
    ["switch (f(1)) {\n    case 1:\n      if (a.b) f(2);\n  }", "8:7"],
    ["class C {\n    static {\n      let x = a.b;\n    }\n  }", "8:7"],
    ["const g = function () {\n    f(1)\n    return a.b\n  }; f(2); g()", "8:5"],
    ["f('é€😀'); return a.b", "6:14"],
    ["let b = 1; if (b) { let c = 2; return a.b }", "6:34"],
  ])("in any list of statements: %j", async (statement, place) => {
    expect(await placeOf(around(statement))).toBe(place);
  });

  it.each([
    ["f(1);\nconst a = null;\nconst c = a.b;\nexport default () => c", "3:1"],
    ["f(1);\nconst a = null;\nexport const c = a.b;\nexport default () => c", "3:1"],
    ["f(1);\nconst a = null;\n\n  export default a.b", "4:3"],
  ])("at the top of a module: %j", async (source, place) => {
    expect(await placeOf(`${source}\nfunction f() {}`)).toBe(place);
  });

  it("in an expression, also on its first line", async () => {
    expect(await placeOf("(() => {\n  const a = null;\n  String(a);\n\n  return { body: a.b };\n})()")).toBe(
      "5:3",
    );
    expect(await placeOf("(() => { String(1); const a = null; return a.b })()")).toBe("1:37");
  });

  it("in TypeScript, in the user's columns", async () => {
    const source = (types: boolean) => {
      const type = types ? ": Record<string, any> | null" : "";
      return `(() => {\n  const a${type} = null; String(a${types ? "!" : ""}); return a.b;\n})()`;
    };
    expect(await placeOf(source(false), "js")).toBe("2:30");
    expect(await placeOf(source(true), "ts")).toBe(`2:${30 + ": Record<string, any> | null".length + 1}`);
    const module =
      "interface A { b: string }\nenum E { x }\nexport default (): A => {\n  const e: E = E.x; let a = null as unknown as A; return a.b as any\n}";
    expect(await placeOf(module, "ts")).toBe("4:51");
  });

  it("and a call behind it stands where it stood", async () => {
    expect(await placeOf(around("const b = 1; const c = a.b(2);"))).toBe("6:16");
    expect(await placeOf(around("const b = f(1) + a();"))).toBe("6:20");
  });
});

describe("a logged error stands in the user's places", () => {
  it.each([
    ["export default () => { const é = 1; console.log(new Error('x')) }", "1:53"],
    ["(() => { const a = String(1); console.log([new Error('x')]); return null })()", "1:48"],
    ["(() => {\n  const a = String(1); console.log(new Error('x')); return null })()", "2:40"],
  ])("%s", async (source, place) => {
    const { logs } = await outcomeOf(source);
    expect(logs[0]?.text).toContain(`(script:${place})`);
  });
});

it("costs next to nothing at run time", async () => {
  const code = (mark: string) =>
    `export default () => { ${mark}let s = 0; ${mark}for (let i = 0; i < 10000; i++) { ${mark}let c = i * 2; ${mark}if (c > 5) s += c } return { body: s } }`;
  const [bare, marked] = [await run("module", code("")).end, await run("module", code("0;")).end];
  expect([bare.kind, marked.kind]).toEqual(["returned", "returned"]);
  // Less than what 10,000 of anything would cost.
  expect(marked.fuel - bare.fuel).toBeLessThan(bare.fuel / 100);
});
