import { describe, expect, it } from "vitest";
import { requestOf } from "../support/sandbox.ts";
import { workerSandbox } from "../support/worker-engine.ts";

const sandbox = workerSandbox();
const KIB = 1024;
const output = (limitValue: number) => ({ kind: "exceeded", limit: "output", limitValue });
const bytes = (count: number) => `export default () => new Uint8Array(${count}).buffer`;

describe("the answer", () => {
  it("has a body of the limit's bytes and not one more", async () => {
    const limits = { answerBodyBytes: 1000 };
    expect((await sandbox.run(bytes(1000), { limits })).kind).toBe("returned");
    expect(await sandbox.run(bytes(1001), { limits })).toMatchObject(output(1000));
  });

  it("has a head of the limit's bytes at most", async () => {
    expect(await sandbox.run(`export default () => 'x'.repeat(${64 * KIB})`)).toMatchObject(output(64 * KIB));
  });

  it("comes in parts, and not in more of them than the host can hold", async () => {
    const parts = (count: number) =>
      sandbox.run(
        `export default () => { for (let i = 0; i < ${count}; i++) host('answer-part', new Uint8Array([i]).buffer); host('answer', frame('{"body":"bytes"}', new Uint8Array([9]))); host('done') }`,
      );
    expect(await parts(3)).toMatchObject({ kind: "returned", answer: { body: Uint8Array.of(0, 1, 2, 9) } });
    expect(await parts(5_000)).toMatchObject({ kind: "threw", error: { name: "RangeError" } });
    const limits = { answerBodyBytes: 10 };
    const large = "export default () => { for (;;) host('answer-part', new ArrayBuffer(4)) }";
    expect(await sandbox.run(large, { limits })).toMatchObject(output(10));
  });

  it("is given once", async () => {
    const code = 'export default () => { host(\'answer\', frame(\'{"body":"none","value":1}\')); return 2 }';
    const run = sandbox.runtime.run(requestOf(code));
    expect(await run.answer).toMatchObject({ answer: { head: { value: 1 } } });
    expect(await run.end).toMatchObject({ kind: "threw", error: { name: "TypeError" } });
  });

  it("can be an input that never entered the sandbox", async () => {
    const bodies = [new Uint8Array(10 * KIB * KIB).fill(7)];
    const outcome = await sandbox.run(
      "export default () => { host('answer', frame('{\"body\":{\"input\":0}}')); host('done') }",
      { bodies },
    );
    expect(outcome).toMatchObject({ kind: "returned", answer: { body: { input: 0 } } });
  });
});

const column = (error: unknown) => Reflect.get(Object(error), "column");
const stackOf = async (code: string, form: "module" | "expression" = "module") => {
  const outcome = await sandbox.runtime.run(requestOf(code, { form })).end;
  return outcome.kind === "threw" ? outcome.error : outcome;
};

describe("an error of the user's code", () => {
  it("has the frames of the user's own lines only", async () => {
    const error = await stackOf(
      "const deep = () => { null.x };\nconst mid = () => deep();\nexport default () => {\n  [1].forEach(mid);\n}",
    );
    expect(error).toMatchObject({ name: "TypeError", line: 1 });
    expect(Reflect.get(Object(error), "stack")).toMatch(
      /^at deep \(script:1:\d+\)\nat mid \(script:2:\d+\)\nat default \(script:4:\d+\)$/,
    );
  });

  it("has an expression's own columns: what stands before it is taken off", async () => {
    const inModule = await stackOf("export default () => { throw new Error('x') }");
    const inExpression = await stackOf("(() => { throw new Error('x') })()", "expression");
    // In the module `throw` stands at 24, in the expression at 10.
    expect(Number(column(inModule)) - Number(column(inExpression))).toBe(14);
    expect(inExpression).toMatchObject({ line: 1 });
  });

  it("has a line and no column where the parser refused it", async () => {
    expect(await stackOf("export default () => {\n  let x = ;\n}")).toMatchObject({
      name: "SyntaxError",
      line: 2,
      column: null,
      stack: "",
    });
    expect(await stackOf("import x from 'nowhere'; export default 1")).toMatchObject({
      name: "ReferenceError",
    });
  });

  it("is cut to size", async () => {
    const error = await stackOf(
      "export default () => { const e = new Error('m'.repeat(1e5)); e.name = 'n'.repeat(1e5); e.stack = '    at f (script:1:1)\\n'.repeat(1e4); throw e }",
    );
    expect(error).toMatchObject({ name: "n".repeat(128), message: "m".repeat(4_096) });
    expect(String(Reflect.get(Object(error), "stack")).split("\n")).toHaveLength(20);
  });
});
