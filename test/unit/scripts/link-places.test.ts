import { describe, expect, it } from "vitest";
import { createRuntime } from "../../../src/runtime/index.ts";
import type { ScriptLanguage } from "../../../src/scripts/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { loadFrom, scriptLinker, type Sources, unitOf } from "../../support/link-scripts.ts";
import { programRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const link = scriptLinker(runtime);
const run = programRunner(runtime);

const outcomeOf = async (main: string, sources: Sources, language: ScriptLanguage = "js") => {
  const load = loadFrom(sources, language);
  const answer = await link(unitOf(main, language), {}, { load });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  return run(answer.program).end;
};
const errorOf = async (...given: Parameters<typeof outcomeOf>) => {
  const outcome = await outcomeOf(...given);
  if (outcome.kind !== "threw") throw new Error(JSON.stringify(outcome));
  return outcome.error;
};

const MAIN = 'import { fail } from "scripts/a";\n\nexport default () => {\n  return fail("é");\n};';

describe("an error at run time stands in the source that it comes from", () => {
  it("of the library, as in its own stack", async () => {
    const a =
      'import { check as test } from "scripts/b";\nconst helper = (value) => test(value);\nexport function fail(value) {\n  /* é */ return helper(value);\n}';
    const b =
      "const helper = 1;\n\n  export const check = (value) => { helper + 1; throw new TypeError(value) };";
    const error = await errorOf(MAIN, { a, b });
    expect(error).toMatchObject({ name: "TypeError", message: "é", file: "scripts/b", line: 3 });
    expect(error.column).toBe((b.split("\n")[2] ?? "").indexOf("TypeError") + 1);
    expect(error.stack.split("\n")).toEqual([
      `at check (scripts/b:3:${error.column})`,
      "at helper (scripts/a:2:32)",
      "at fail (scripts/a:4:25)",
      "at default (script:4:10)",
    ]);
  });

  it("of the responder itself, without a file", async () => {
    const main = 'import { a } from "scripts/a"; const b = 1;\nexport default () => { a(); b.c.d }';
    const error = await errorOf(main, { a: "const b = 2; export const a = () => b" });
    expect(error).toMatchObject({ line: 2, column: 29 });
    expect(error).not.toHaveProperty("file");
  });

  it("also after a wait, and under the version that was asked for", async () => {
    const main =
      'import { fail } from "scripts/a@2";\nexport default async () => {\n  await null;\n  await fail();\n};';
    const a = "export const fail = async () => {\n  await null;\n    null.x;\n};";
    expect(await errorOf(main, { "a@2": a })).toMatchObject({
      file: "scripts/a@2",
      line: 3,
      column: 5,
      stack: expect.stringContaining("(scripts/a@2:3:5)"),
    });
  });

  it("at the top of a module", async () => {
    const a = "export const fail = 1;\n\nnull.x;";
    expect(await errorOf(MAIN, { a })).toMatchObject({ file: "scripts/a", line: 3, column: 1 });
  });

  it("in TypeScript, behind imports of several lines, exports and new names", async () => {
    const a = [
      'import type { Nothing } from "scripts/nothing";',
      "import {",
      "  b as c,",
      '} from "scripts/b"; export type A = { a: string }; export const fail = (value: A): never => {',
      "  const d: string = c(value as unknown as string)!; throw new Error(c(d) as string);",
      "};",
      "export enum Level { low, high }; export default (value: number): number => {",
      "  throw value as unknown as Error };",
    ].join("\n");
    const b = "export const b = (value: string): string => value; const fail = 1; enum Level { a }";
    const error = await errorOf(MAIN, { b, a }, "ts");
    expect(error).toMatchObject({ file: "scripts/a", line: 5 });
    expect(error.column).toBe((a.split("\n")[4] ?? "").indexOf("d)") + 1);
  });

  it("that it is logged in", async () => {
    const main =
      'import { make } from "scripts/a";\nexport default () => { console.log({ e: make() }); return null }';
    const { logs } = await outcomeOf(main, {
      b: "const made = 1; export {};",
      a: 'import "scripts/b";\nconst made = () =>\n  new Error("x"); export const make = () => made();',
    });
    expect(logs[0]?.text).toContain("at made (scripts/a:3:7)");
    expect(logs[0]?.text).toContain("at default (script:2:");
    expect(logs[0]?.text).not.toContain("$");
  });

  it("when it is a limit that was exceeded", async () => {
    const outcome = await outcomeOf(MAIN, { a: "export const fail = () => {\n  for (;;);\n}" });
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "cpu", error: { file: "scripts/a" } });
  });

  it("whatever lines the engine counts", async () => {
    const b = "'a\u2028b'; `c\rd\u2029`;\u2028 export {} // \u2029;\r\n;\r; /* \u2028\r */ // \r";
    const error = await errorOf('import "scripts/b";' + MAIN, {
      b,
      a: "export const fail = () => {\n null.x }",
    });
    expect(error).toMatchObject({ file: "scripts/a", line: 2, column: 2 });
  });
});

describe("what a script says of itself", () => {
  it("makes no place in another's file", async () => {
    const main = [
      'import "scripts/a"; export default () => { const error = new Error("x");',
      'error.stack = "at f (scripts/a:1:1)\\nat g (scripts/secret:9:9)\\nat h (script:99999:1)"; throw error }',
    ].join("\n");
    const error = await errorOf(main, { a: "export {}" });
    expect(error.stack).not.toContain("scripts/");
  });
});
