import { describe, expect, it } from "vitest";
import { AppError } from "../../src/lib/errors.ts";
import type { Outcome, RunRequest } from "../../src/runtime/index.ts";
import { compile, type CompileInput, link, SOURCE_BYTES } from "../../src/scripts/index.ts";
import { mapStack } from "../../src/scripts/positions.ts";
import { workerSandbox } from "../support/worker-engine.ts";
import { requestOf } from "../support/sandbox.ts";

const sandbox = workerSandbox();
const { share } = requestOf("");

interface Ended {
  readonly request: RunRequest;
  readonly outcome: Outcome;
}

/** Compiles and links, and tells of each run that it took. */
const compileWith = async (source: string, rest: Partial<CompileInput> = {}) => {
  const ended: Ended[] = [];
  const run = (request: RunRequest) => {
    const { answer, end } = sandbox.runtime.run(request);
    return {
      answer,
      end: end.then((outcome) => {
        ended.push({ request, outcome });
        return outcome;
      }),
    };
  };
  const unit = await compile({ run }, { source, language: "js", share, ...rest });
  const load = () => Promise.resolve(undefined);
  const compiled =
    unit.kind === "refused" ? unit : await link({ run }, { main: unit.unit, as: "responder", load, share });
  return { compiled, ended };
};
const compileJs = async (source: string) => (await compileWith(source)).compiled;
const compileTs = async (source: string) => (await compileWith(source, { language: "ts" })).compiled;
const refusal = (message: string) => ({
  kind: "refused",
  errors: [{ message: expect.stringContaining(message) }],
});

const TOO_LARGE = "too large or too deeply nested";

/** About 1 KiB of TypeScript as people write it. */
const honest = (index: number) => `
/** Checks order ${index} and answers what the shop shall do with it. */
const validate${index}: Handler<Order> = async (order: Order, ctx): Promise<Record<string, unknown>> => {
  const total = order.items.reduce((sum: number, item) => sum + item.quantity * item.price, 0);
  if (order.total !== undefined && Math.abs(order.total - total) > 0.01) {
    return { status: 422, body: { error: "total-mismatch", expected: total, given: order.total as number } };
  }
  const lines = order.items.filter((item) => item.quantity > 0).map((item) => \`\${item.sku} x \${item.quantity}\`);
  for (const line of lines) ctx.log?.info(line);
  return { status: 200, headers: { "x-order": order.id, "x-lines": String(lines.length) }, body: { lines, total } };
};
`;

describe("a compiled script", () => {
  it("is what the engine takes, in two runs, the second of which runs nothing of it", async () => {
    const { compiled, ended } = await compileWith(
      "throw new Error('not at save');\nexport default () => null",
    );
    expect(compiled).toMatchObject({
      kind: "linked",
      program: { form: "module", handlers: ["default"], parts: [{ map: null }] },
    });
    expect(ended.map(({ request }) => [request.prelude.name, request.program.form])).toEqual([
      ["compiler", "none"],
      ["check", "module"],
    ]);
    expect(ended.map(({ outcome }) => outcome.kind)).toEqual(["returned", "returned"]);
  });

  it("keeps every character on the way into the sandbox and out of it", async () => {
    const source = "(() => 'é€😀\\u0000\u2028')() // ünï";
    expect(await compileJs(source)).toMatchObject({ program: { form: "expression", code: source } });
  });

  it("costs the same fuel each time", async () => {
    const [one, two] = [
      await compileWith("export default () => null"),
      await compileWith("export default () => null"),
    ];
    expect(one.ended.map(({ outcome }) => outcome.fuel)).toEqual(
      two.ended.map(({ outcome }) => outcome.fuel),
    );
  });

  it("fails at run time in the lines and columns of the user's TypeScript", async () => {
    const source =
      "type A = string;\nconst price: A = '€'; export default (a: number): A => { throw new Error(price as string) }";
    const compiled = await compileTs(source);
    if (compiled.kind === "refused") throw new Error(JSON.stringify(compiled.errors));
    const outcome = await sandbox.run(compiled.program.code);
    if (outcome.kind !== "threw") throw new Error(outcome.kind);
    const column = (source.split("\n")[1] ?? "").indexOf("Error") + 1;
    expect(mapStack(compiled.program.parts, outcome.error.stack).split("\n")[0]).toBe(
      `at default (script:2:${column})`,
    );
  });

  it("fails at run time in the lines and columns of the user's expression", async () => {
    const compiled = await compileTs("(async (): Promise<void> => {\n  const x: number = 1; fail(x)\n})();");
    if (compiled.kind === "refused") throw new Error(JSON.stringify(compiled.errors));
    const outcome = await sandbox.run(compiled.program.code, { form: "expression" });
    if (outcome.kind !== "threw") throw new Error(outcome.kind);
    expect(mapStack(compiled.program.parts, outcome.error.stack)).toContain("(script:2:24)");
  });

  it("of 256 KiB of honest TypeScript compiles, with room to spare", async () => {
    let source = "type Handler<T> = (input: T, ctx: any) => Promise<Record<string, unknown>>;\n";
    for (let index = 0; source.length < SOURCE_BYTES - 2_000; index += 1) source += honest(index);
    source +=
      "export default async (request: Request, ctx: unknown) => validate0(await request.json() as Order, ctx);\n";
    const { compiled, ended } = await compileWith(source, { language: "ts" });
    expect(compiled).toMatchObject({ kind: "linked", program: { handlers: ["default"] } });
    const [{ outcome, request } = { outcome: undefined, request: undefined }] = ended;
    expect(outcome?.cpuMs).toBeLessThan((request?.limits.cpuMs ?? 0) * 0.75);
  });
});

describe("a script that is refused", () => {
  it.each([
    ["js", "export default () => {\n  return 1 +;\n}", "Unexpected `;`", 2, 13],
    ["ts", "export default (a: string): string => {\n  const b: number = ;\n}", "Unexpected", 2, 21],
    ["js", "const a = 1;", "neither a module", 1, 1],
    ["js", "// nothing\n", "The script is empty", 1, 1],
    ["js", "export default () => /[\\p{L}--[a-z]]/v", "does not know this kind of regular expression", 1, 22],
  ] as const)("has its line and column: %s %j", async (language, source, message, line, column) => {
    const { compiled } = await compileWith(source, { language });
    expect(compiled).toEqual({
      kind: "refused",
      errors: [{ message: expect.stringContaining(message), line, column }],
    });
  });

  it("has only a line when only the engine refuses it", async () => {
    expect(
      await compileTs("type A = `\n`;\nexport default () => {\n  a: b: for (;;) { continue a }\n}"),
    ).toEqual({
      kind: "refused",
      errors: [
        { message: expect.stringContaining("The engine does not accept this"), line: 4, column: null },
      ],
    });
  });

  it("exports `onResponse` alone without an upstream", async () => {
    const source = "export const onResponse = () => null";
    expect(await compileJs(source)).toMatchObject(refusal("needs an upstream"));
  });

  it("is larger than 256 KiB in UTF-8: no run is made", async () => {
    const over = `'${"é".repeat(SOURCE_BYTES / 2)}'`;
    const { compiled, ended } = await compileWith(over);
    expect(compiled).toMatchObject(
      refusal(`The script has ${SOURCE_BYTES + 2} bytes: at most ${SOURCE_BYTES} (256 KiB)`),
    );
    expect(ended).toEqual([]);
    expect((await compileJs(`'${"x".repeat(SOURCE_BYTES - 2)}'`)).kind).toBe("linked");
  });

  it.each([
    ["'a\0b'", "a NUL character", 1, 3],
    ["'a'\n+ '\ud800'", "half of a surrogate pair", 2, 4],
  ])("holds what the engine would read otherwise: %j", async (source, message, line, column) => {
    expect(await compileJs(source)).toEqual({
      kind: "refused",
      errors: [{ message: expect.stringContaining(message), line, column }],
    });
  });
});

describe("a hostile source", () => {
  it.each([
    ["30 nested <T>(", "<T>(".repeat(30)],
    ["20 nested <T>(, closed", `${"<T>(".repeat(20)}x${")".repeat(20)}`],
    ["30 nested (a=(", "(a=(".repeat(30)],
    ["30 nested (a=(, closed", `${"(a=(".repeat(30)}1${"))".repeat(30)}`],
    ["30 nested async <T>(", "async <T>(".repeat(30)],
    ["generics that may be comparisons", "a<b<c<d<e<f<g<(".repeat(12)],
    ["types that may be arrow functions", `let a: ${"(b: ".repeat(60)}`],
  ])("is stopped after a quarter of a second of CPU: %s", async (_what, source) => {
    for (const language of ["js", "ts"] as const) {
      const { compiled, ended } = await compileWith(source, { language });
      expect(compiled.kind).toBe("refused");
      expect(ended).toHaveLength(1);
      expect(ended[0]?.outcome.cpuMs).toBeLessThanOrEqual(260);
    }
  });

  it.each([
    ["256 KiB of <", "<"],
    ["256 KiB of (", "("],
    ["256 KiB of [", "["],
    ["256 KiB of `${", "`${"],
    ["256 KiB of {", "{"],
    ["256 KiB of <T>(", "<T>("],
    ["256 KiB of a=>", "a=>"],
    ["256 KiB of if(a){}else ", "if(a){}else "],
  ])("of full size is refused within its budget: %s", async (_what, piece) => {
    const source = piece.repeat(Math.floor(SOURCE_BYTES / piece.length));
    for (const language of ["js", "ts"] as const) {
      const { compiled, ended } = await compileWith(source, { language });
      expect(compiled.kind).toBe("refused");
      expect(ended).toHaveLength(1);
      expect(ended[0]?.outcome.kind).toBe("returned");
    }
  });

  it("is a quick refusal when it is 256 KiB of <", async () => {
    for (const language of ["js", "ts"] as const) {
      const { compiled, ended } = await compileWith("<".repeat(SOURCE_BYTES), { language });
      expect(compiled).toMatchObject({ kind: "refused", errors: [{ line: 1 }] });
      expect(ended[0]?.outcome.cpuMs).toBeLessThan(1_000);
    }
  });

  it.each([
    ["cpu", "<T>(".repeat(30)],
    ["memory", `x${";".repeat(SOURCE_BYTES - 1)}`],
  ])("that uses up the %s is told so", async (limit, source) => {
    const { compiled, ended } = await compileWith(source, { language: "ts" });
    expect(ended.map(({ outcome }) => outcome)).toMatchObject([{ kind: "exceeded", limit }]);
    expect(compiled).toMatchObject(refusal(TOO_LARGE));
  });

  it("is told that it is nested too deeply, and the next script compiles", async () => {
    expect(await compileJs(`export default () => ${"[".repeat(400)}${"]".repeat(400)}`)).toMatchObject(
      refusal("too deeply nested"),
    );
    expect((await compileJs("export default () => null")).kind).toBe("linked");
    expect(sandbox.faults).toEqual([]);
  });

  it("cannot reach the host door or the compiler from its text", async () => {
    expect(await compileJs("__host('done')")).toMatchObject({
      kind: "linked",
      program: { form: "expression" },
    });
  });
});

it("asks to come back when there is no room", async () => {
  const outcome = { kind: "unavailable", reason: "full", retryAfterSeconds: 3 } as const;
  const figures = {
    cpuMs: 0,
    fuel: 0,
    wallMs: 0,
    peakMemoryBytes: 0,
    hostCalls: 0,
    suspensions: 0,
    logs: [],
    logsDropped: 0,
  };
  const ended = Promise.resolve({ ...outcome, ...figures });
  const refused = compile(
    { run: () => ({ answer: ended, end: ended }) },
    { source: "null", language: "js", share },
  );
  await expect(refused).rejects.toThrow(AppError);
  await expect(refused).rejects.toMatchObject({ code: "unavailable", retryAfterSeconds: 3 });
});
