import { describe, expect, it } from "vitest";
import { compileSource } from "../../../src/scripts/guest/compile-source.guest.ts";
import { mapPosition } from "../../../src/scripts/positions.ts";

const compile = (source: string) => compileSource({ source, language: "ts" });
const faults = (source: string) => {
  const answer = compile(source);
  return answer.kind === "compiled"
    ? []
    : answer.errors.map(({ line, column, message }) => `${line}:${column} ${message}`);
};
const program = (source: string) => {
  const answer = compile(source);
  if (answer.kind !== "compiled") throw new Error(JSON.stringify(answer.errors));
  return { ...answer.unit, exports: answer.unit.module?.exports.map(({ name }) => name) ?? [] };
};

describe("TypeScript", () => {
  it("loses its types and keeps its lines", () => {
    const source = [
      "import type { A } from './a';",
      "import { B } from './b';",
      "interface Order {",
      "  id: string;",
      "}",
      "declare const secret: string;",
      "abstract class Base<T> { abstract run(): T; declare x: number; constructor(private readonly y: T) {} }",
      "function pick(a: string): string;",
      "function pick(a: unknown): unknown { return a satisfies unknown }",
      "export default async <T extends Order>(request: Request, ctx: Context): Promise<B | null> =>",
      "  pick((request as unknown as { id: string }).id!)",
    ].join("\n");
    const { code, form, exports } = program(source);
    expect(form).toBe("module");
    expect(exports).toEqual(["default"]);
    const lines = code.split("\n");
    expect(lines).toHaveLength(11);
    expect(lines[6]).toContain("this.y = y");
    expect(lines[8]).toBe("function pick(a) { 0;return a  }");
    expect(lines[10]).toContain("pick((request ).id)");
  });

  it("keeps enums, which are code", () => {
    const { code } = program("enum Level { low, high = 'h' }\nexport default () => Level.low");
    expect(code.split("\n")[0]).toContain('A["low"]'.replace("A", "Level"));
  });

  it.each([
    "{ statusCode: 200 as number, body: 'x' };",
    "// a comment\n{ statusCode: 200 } as Result; // end",
    "(async (): Promise<Result> => ({ body: context.body! }))();",
    "(<T>(x: T) => x)(1)",
    "{ async body(): Promise<void> {} }",
  ])("is an expression as JavaScript is: %j", (source) => {
    expect(program(source)).toMatchObject({ form: "expression", exports: [] });
  });

  it.each([
    ["namespace A { export const x = 1 }", "1:1 Namespaces"],
    ["type X = string; namespace A.B { export const x = 1 }", "1:18 Namespaces"],
    ["export namespace A { export const x = 1 }", "1:8 Namespaces"],
    ["module A { export const x = 1 }", "1:1 Namespaces"],
    ["interface I { a: string }\nmodule 'x' { }", "2:1 Namespaces"],
    ["function f() { namespace A {} }", "1:16 Namespaces"],
    ["declare namespace A {} namespace B { export const x = 1 }", "1:24 Namespaces"],
    ["@log class A {}", "1:1 Decorators"],
    ["class A { @log run() {} }", "1:11 Decorators"],
    ["class A { constructor(@inject x: string) {} }", "1:23 Decorators"],
    ["import a = require('a');", "1:1 `import … = …`"],
    ["import type a = require('a');", "1:1 `import … = …`"],
    ["import a = b.c;", "1:1 `import … = …`"],
    ["export import a = b.c;", "1:1 `import … = …`"],
    ["export = 5;", "1:1 `export = …`"],
    ["export as namespace A;", "1:1 `export as namespace`"],
  ])("says what cannot be stripped: %j", (source, fault) => {
    expect(faults(`${source}\nexport default () => null`)).toEqual([expect.stringContaining(fault)]);
  });

  it.each([
    "declare namespace A { namespace B { const x: number } }",
    "declare module 'x' { export const a: string }",
    "declare global { interface Window {} }",
    "export declare namespace A { const x: number }",
    "interface I { namespace: string; module(): void }",
    "const namespace = 1, module = { type: 2 }; module.type = namespace;",
    "type A = { namespace: B }",
  ])("drops what has no code: %j", (source) => {
    expect(faults(`${source}\nexport default () => null`)).toEqual([]);
  });

  it.each(["interface X {}", "export type X = string", "declare const a: string;"])(
    "says that types alone are nothing: %j",
    (source) => {
      expect(faults(source)).toEqual([expect.stringContaining("The script is empty")]);
    },
  );

  it.each(["<b>x</b>", "const a = <b/>;\nexport default () => a"])("has no JSX: %j", (source) => {
    expect(faults(source)).toHaveLength(1);
  });

  it("tells of statements without an export in the user's own columns", () => {
    expect(faults("type A = string; const a: A = 'x'; answer(a)")).toEqual([
      expect.stringMatching(/^1:18 .*neither a module/),
    ]);
  });

  it.each([
    ["export default (a: string): string => {\n  const b: number = ;\n}", "2:21 Unexpected `;`"],
    [
      "export default async (a: A, ctx: B): Promise<C> => {\n  return ctx.items.map((i: I): J => {\n    retrun i\n  })\n}",
      "3:12 ",
    ],
    ["(async (): Promise<A> => {\n  if (a {\n  }\n})();", "2:9 "],
    ["export default <T>(a: T): T => f<T>(\n  a,\n  b c)", "3:5 "],
  ])("has its mistakes where they are, inside of typed arrow functions: %j", (source, fault) => {
    expect(faults(source)).toEqual([expect.stringMatching(new RegExp(`^${fault}`))]);
  });

  it("has errors of the stripped code at the user's own places", () => {
    const source =
      "const a: string = 'é';   type T = `one\n\nthree`; const b: T = 1; let a: number;\nexport default () => a";
    expect(faults(source)).toEqual(["3:29 Identifier 'a' has already been declared"]);
  });

  it("maps a place in the engine's code, columns in bytes, to the user's", () => {
    const source =
      "const price: string = '€'; const x: number = 1; fail(x);\nexport default (a: string): number => fail(a)";
    const { code, map } = program(source);
    const first = code.split("\n")[0] ?? "";
    const column = new TextEncoder().encode(first.slice(0, first.indexOf("fail"))).length + 1;
    expect(mapPosition(map, 1, column)).toEqual({ line: 1, column: source.indexOf("fail") + 1 });
    const second = code.split("\n")[1] ?? "";
    expect(mapPosition(map, 2, second.indexOf("fail") + 1)).toEqual({ line: 2, column: 39 });
  });
});
