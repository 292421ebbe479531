import { describe, expect, it } from "vitest";
import { compile, link } from "../../src/scripts/index.ts";
import type { LibraryUnit, LoadScript, ScriptLanguage } from "../../src/scripts/index.ts";
import { programRunner, SHARE } from "../support/run-script.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const run = programRunner(sandbox.runtime);

const compiled = async (source: string, language: ScriptLanguage) => {
  const answer = await compile(sandbox.runtime, { source, language, share: SHARE });
  if (answer.kind === "refused") throw new Error(JSON.stringify(answer.errors));
  return answer.unit;
};
const linkedOf = async (
  main: string,
  sources: Readonly<Record<string, string>>,
  language: ScriptLanguage = "js",
) => {
  const units = new Map<string, LibraryUnit>();
  for (const [name, source] of Object.entries(sources)) {
    units.set(name, { scriptId: name, name, version: 1, unit: await compiled(source, language) });
  }
  const load: LoadScript = (name) => Promise.resolve(units.get(name));
  const unit = await compiled(main, language);
  return link(sandbox.runtime, { main: unit, as: "responder", load, share: SHARE });
};
const executed = async (...given: Parameters<typeof linkedOf>) => {
  const linked = await linkedOf(...given);
  if (linked.kind === "refused") throw new Error(JSON.stringify(linked.errors));
  const { answer, end } = run(linked.program);
  await end;
  return answer;
};
const textOf = (body: unknown): unknown =>
  body instanceof Uint8Array ? new TextDecoder().decode(body) : body;

const MAIN = 'import { a } from "scripts/a";\nexport default async () => ({ body: await a() });';

describe("a responder that imports from the library", () => {
  it("answers with what its scripts do together, from their TypeScript", async () => {
    const { answer } = await executed(
      'import { price, type Item } from "scripts/price";\nconst round: number = 2;\nexport default (): Reply => ({ body: `${price([{ net: 10 }] as Item[])} ${round}` });',
      {
        tax: "const round = (value: number): number => Math.round(value);\nexport default (net: number): number => round(net * 0.19);",
        price:
          'import tax from "scripts/tax";\nexport interface Item { net: number }\nexport const price = (items: Item[]): string => items.map(({ net }) => `é${net + tax(net)}`).join();',
      },
      "ts",
    );
    expect(answer).toMatchObject({ kind: "reply" });
    expect(answer?.kind === "reply" && textOf(answer.body)).toBe("é12 2");
  });

  it("begins each run anew, as one script does", async () => {
    const linked = await linkedOf(MAIN, { a: "let runs = 0; export const a = () => String((runs += 1));" });
    if (linked.kind === "refused") throw new Error(JSON.stringify(linked.errors));
    for (let runs = 0; runs < 3; runs += 1) {
      const { answer } = await run(linked.program).answer;
      expect(answer?.kind === "reply" && textOf(answer.body)).toBe("1");
    }
  });

  it("fails in the script that fails", async () => {
    const { outcome } = await executed(MAIN, {
      a: "\n\n  export const a = () => { throw new RangeError('no') };",
    });
    expect(outcome).toMatchObject({
      kind: "threw",
      error: { name: "RangeError", file: "scripts/a", line: 3, column: 38 },
    });
  });
});

describe("a script of the library that means harm", () => {
  it("waits for ever before it is there", async () => {
    const { outcome } = await executed(MAIN, { a: "await new Promise(() => {}); export const a = 1;" });
    expect(outcome).toMatchObject({ kind: "unusable", reason: "never-settled" });
  });

  it("changes what all scripts use", async () => {
    const a =
      'Object.freeze = () => ({ a: "stolen" }); Object.defineProperty(Object.prototype, "default", { get: () => { throw 1 } });' +
      ' Promise.prototype.then = () => {}; export const a = () => "x";';
    const { outcome } = await executed(`import * as all from "scripts/a";${MAIN}`, { a });
    // Its own account's run ends, one way or another, within its limits.
    expect(["returned", "threw", "unusable", "exceeded"]).toContain(outcome.kind);
    expect(sandbox.faults).toEqual([]);
    expect((await executed(MAIN, { a: 'export const a = () => "fine"' })).outcome.kind).toBe("returned");
  });

  it("has names and exports that mean something to an object", async () => {
    const names =
      'const v = 1; export { v as "__proto__", v as constructor, v as "a b", v as "\u2028", v as then };';
    const { answer } = await executed(
      'import * as all from "scripts/a"; export default () => ({ body: [Object.keys(all), all["__proto__"]] })',
      { a: names },
    );
    expect(answer?.kind === "reply" && textOf(answer.body)).toBe(
      JSON.stringify([["__proto__", "a b", "constructor", "then", "\u2028"], 1]),
    );
  });

  it("closes what it did not open", async () => {
    const linked = await linkedOf(MAIN, {
      a: "export const a = () => `}` + '*/' + /}/.source + `${'`'}`; // } */ `",
    });
    expect(linked.kind).toBe("linked");
    await expect(linkedOf(MAIN, { a: "export const a = 1; } {" })).rejects.toThrow("Unexpected");
  });

  it("is one of a hundred that each use as much as they can", async () => {
    const names = Array.from({ length: 100 }, (_, at) => `m${at}`);
    const sources = Object.fromEntries(
      names.map((name) => [
        name,
        "const pages = []; for (;;) pages.push(new Uint8Array(65_536)); export {};",
      ]),
    );
    const main = `${names.map((name) => `import "scripts/${name}";`).join("")} export default () => null`;
    const { outcome } = await executed(main, sources);
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "memory" });
    expect(sandbox.faults).toEqual([]);
  });
});
