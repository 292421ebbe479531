import { describe, expect, it } from "vitest";
import engine from "../../../build/engine.wasm";
import { utf8 } from "../../../src/lib/bytes.ts";
import { createRuntime } from "../../../src/runtime/index.ts";
import { INPUT, type Options, scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const faults: unknown[] = [];
const runtime = createRuntime({ module: engine, now: Date.now, onFault: (error) => faults.push(error) });
const run = scriptRunner(runtime);
const js = scriptEvaluator(run);

const executed = (code: string, options?: Options) => run("module", code, options).answer;
const answerOf = async (code: string, options?: Options) => {
  const { answer, outcome } = await executed(code, options);
  return answer ?? outcome;
};
const returning = (value: string, options?: Options) => answerOf(`export default () => (${value})`, options);

const NO_WISHES = { journal: {}, skipRequest: false, trackResponse: false };
const TEXT = "text/plain; charset=utf-8";
const JSON_TYPE = "application/json";

describe("an answer of the module form", () => {
  it.each([
    ["nothing", "undefined", { kind: "none" }],
    ["null", "null", { kind: "none" }],
    ["an empty object", "{}", { kind: "reply" }],
    ["a status", "{ status: 404 }", { kind: "reply", status: 404 }],
    ["a text", "{ body: 'é' }", { kind: "reply", body: utf8("é"), bodyType: TEXT }],
    ["an empty text", "{ body: '' }", { kind: "reply", body: utf8(""), bodyType: TEXT }],
    ["an empty body", "{ body: null }", { kind: "reply", body: null }],
    ["a body left out", "{ body: undefined }", { kind: "reply" }],
    [
      "an object",
      "{ body: { a: [1, null] } }",
      { kind: "reply", body: utf8('{"a":[1,null]}'), bodyType: JSON_TYPE },
    ],
    ["an array", "{ body: [] }", { kind: "reply", body: utf8("[]"), bodyType: JSON_TYPE }],
    ["a number", "{ body: 0 }", { kind: "reply", body: utf8("0"), bodyType: JSON_TYPE }],
    ["false", "{ body: false }", { kind: "reply", body: utf8("false"), bodyType: JSON_TYPE }],
    [
      "a date",
      "{ body: new Date(0) }",
      { kind: "reply", body: utf8('"1970-01-01T00:00:00.000Z"'), bodyType: JSON_TYPE },
    ],
    ["bytes", "{ body: new Uint8Array([0, 255]) }", { kind: "reply", body: new Uint8Array([0, 255]) }],
    ["a buffer", "{ body: new Uint8Array([7]).buffer }", { kind: "reply", body: new Uint8Array([7]) }],
    [
      "a view",
      "{ body: new Uint16Array([1, 2]).subarray(1) }",
      { kind: "reply", body: new Uint8Array([2, 0]) },
    ],
    [
      "a DataView",
      "{ body: new DataView(new Uint8Array([1, 2, 3]).buffer, 1, 1) }",
      { kind: "reply", body: new Uint8Array([2]) },
    ],
    [
      "a form",
      "{ body: new URLSearchParams({ a: 'b c' }) }",
      {
        kind: "reply",
        headers: {
          mode: "merge",
          set: [["content-type", "application/x-www-form-urlencoded;charset=UTF-8"]],
        },
        body: utf8("a=b+c"),
      },
    ],
    ["a blob", "{ body: new Blob(['x']) }", { kind: "reply", body: utf8("x") }],
    [
      "a blob with a type",
      "{ body: new Blob(['x'], { type: 'text/csv' }), headers: { a: '1' } }",
      {
        kind: "reply",
        headers: {
          mode: "merge",
          set: [
            ["a", "1"],
            ["content-type", "text/csv"],
          ],
        },
        body: utf8("x"),
      },
    ],
    [
      "headers of an object, null removing one",
      "{ headers: { 'X-A': '1', 'X-B': null, n: 5, gone: undefined } }",
      {
        kind: "reply",
        headers: {
          mode: "merge",
          set: [
            ["x-a", "1"],
            ["x-b", null],
            ["n", "5"],
          ],
        },
      },
    ],
    [
      "headers of pairs",
      "{ headers: [['set-cookie', 'a=1'], ['Set-Cookie', 'b=2'], ['x', null]] }",
      {
        kind: "reply",
        headers: {
          mode: "merge",
          set: [
            ["set-cookie", "a=1"],
            ["set-cookie", "b=2"],
            ["x", null],
          ],
        },
      },
    ],
    [
      "headers of Headers",
      "{ headers: new Headers([['x', '1'], ['x', '2']]) }",
      {
        kind: "reply",
        headers: {
          mode: "merge",
          set: [
            ["x", "1"],
            ["x", "2"],
          ],
        },
      },
    ],
    [
      "headers of a Map",
      "{ headers: new Map([['X', '1']]) }",
      { kind: "reply", headers: { mode: "merge", set: [["x", "1"]] } },
    ],
    [
      "its own content type",
      "{ headers: { 'Content-Type': 'text/csv' }, body: 'a,b' }",
      { kind: "reply", headers: { mode: "merge", set: [["content-type", "text/csv"]] }, body: utf8("a,b") },
    ],
    ["a Response", "new Response()", { kind: "response", status: 200, headers: [], body: null }],
    [
      "a Response of bytes",
      "new Response(new Uint8Array([0, 1]), { status: 599, headers: [['a', '1'], ['a', '2']] })",
      {
        kind: "response",
        status: 599,
        headers: [
          ["a", "1"],
          ["a", "2"],
        ],
        body: new Uint8Array([0, 1]),
      },
    ],
    [
      "a Response of JSON",
      "Response.json({ a: 1 })",
      { kind: "response", status: 200, headers: [["content-type", JSON_TYPE]], body: utf8('{"a":1}') },
    ],
    [
      "a Response of status 204",
      "new Response(null, { status: 204 })",
      { kind: "response", status: 204, headers: [], body: null },
    ],
    [
      "an object without a prototype",
      "Object.assign(Object.create(null), { status: 201 })",
      { kind: "reply", status: 201 },
    ],
    ["a promise of one", "Promise.resolve({ status: 202 })", { kind: "reply", status: 202 }],
  ])("may be %s", async (_, value, expected) => {
    expect(await returning(value)).toEqual({ ...expected, wishes: NO_WISHES });
  });

  it("passes the sender's body through without reading it", async () => {
    const input = { input: { body: new Uint8Array(9_000_000) } };
    expect(await answerOf("export default (request) => new Response(request.body)", input)).toMatchObject({
      kind: "response",
      body: { input: 0 },
    });
    expect(await answerOf("export default (r) => ({ body: r.body })", input)).toMatchObject({
      kind: "reply",
      body: { input: 0 },
    });
    const { outcome } = await executed("export default (r) => new Response(r.clone().body)", input);
    expect(outcome.peakMemoryBytes).toBeLessThan(4_000_000);
  });

  it("may come from onRequest, and module variables are made anew for each hit", async () => {
    const code = "let hits = 0; export function onRequest() { hits += 1; return { body: [hits] } }";
    expect(await answerOf(code)).toMatchObject({ body: utf8("[1]") });
    expect(await answerOf(code)).toMatchObject({ body: utf8("[1]") });
  });
});

describe("a result that is no answer", () => {
  it.each([
    ["a string", "'text'", /answers with a Response, a plain object .*; this one returned a string/],
    ["a number", "5", /returned a number/],
    ["true", "true", /returned a boolean/],
    ["a function", "() => 1", /returned a function/],
    ["an array", "[1]", /an array/],
    ["a Map", "new Map()", /of class Map/],
    ["a Date", "new Date()", /of class Date/],
    ["bytes", "new Uint8Array(2)", /of class Uint8Array/],
    ["an error", "new Error('x')", /of class Error/],
    ["an unknown field", "{ statusCode: 200 }", /unknown field statusCode/],
    ["JSON without body", "{ ok: true }", /return \{ body: … \}/],
    ["a Request", "new Request('https://example.com')", /no upstream/],
    ["Response.error()", "Response.error()", /cannot be sent/],
    ["a status of 199", "{ status: 199 }", /status: 199 is not a whole number from 200 to 599/],
    ["a status of 600", "{ status: 600 }", /600/],
    ["a status of 200.5", "{ status: 200.5 }", /200.5/],
    ["a status as text", "{ status: '200' }", /a string is not/],
    ["headers as text", "{ headers: 'a: b' }", /a string is not headers/],
    ["a header name with a space", "{ headers: { 'a b': 'c' } }", /Invalid header name/],
    ["a header value with a line break", "{ headers: { a: 'x\\r\\ny: 1' } }", /no line breaks/],
    ["a header value above U+00FF", "{ headers: { a: '€' } }", /nothing above U\+00FF/],
    ["a header value of an object", "{ headers: { a: {} } }", /the value of a is an object/],
    ["header values in an array", "{ headers: { a: ['b'] } }", /Repeats go as an array of pairs/],
    ["a header pair of one", "{ headers: [['a']] }", /must be a pair/],
    ["a Response as body", "{ body: new Response() }", /return the Response itself/],
    ["a body without await", "{ body: Promise.resolve('x') }", /a Promise is not a body yet; await it/],
  ])("is told of plainly: %s", async (_, value, message) => {
    const { answer, outcome } = await executed(`export default () => (${value})`);
    expect(answer).toBeNull();
    expect(outcome).toMatchObject({ kind: "unusable", reason: "bad-result", error: { name: "BadResult" } });
    expect("error" in outcome && outcome.error?.message).toMatch(message);
  });

  it.each([
    ["a cycle", "(() => { const a = {}; a.a = a; return { body: a } })()", "not-json"],
    ["a BigInt", "{ body: { a: 1n } }", "not-json"],
    ["a function", "{ body: () => 1 }", "not-json"],
    ["a symbol", "{ body: Symbol('s') }", "not-json"],
  ])("is not JSON when the body is %s", async (_, value, reason) => {
    expect((await executed(`export default () => (${value})`)).outcome).toMatchObject({
      kind: "unusable",
      reason,
    });
  });

  it("is a body that was read already", async () => {
    for (const code of [
      "export default async (r) => { await r.text(); return new Response(r.body) }",
      "export default async () => { const a = new Response('x'); await a.text(); return a }",
      "export default async (r) => { const { body } = r; await r.text(); return { body } }",
    ]) {
      const { answer, outcome } = await executed(code);
      expect(answer).toBeNull();
      expect("error" in outcome && outcome.error?.message).toMatch(/already been read/);
    }
  });

  it("is a module without a handler, or with one that is no function", async () => {
    for (const code of ["export const a = 1", "export default 5", "export const onRequest = 'f'"]) {
      expect((await executed(code)).outcome).toMatchObject({ kind: "unusable", reason: "bad-result" });
    }
  });
});

describe("a handler that fails", () => {
  it("is told with name, message and its own lines", async () => {
    const { outcome } = await executed(
      "function inner() {\n  null.x\n}\nexport default async () => {\n  await 1\n  inner()\n}",
    );
    expect(outcome).toMatchObject({ kind: "threw", error: { name: "TypeError", line: 2 } });
    expect("error" in outcome && outcome.error?.stack).toMatch(
      /^at inner \(script:2:\d+\)\nat .*\(script:6:\d+\)/,
    );
  });

  it.each([
    ["a string", "throw 'boom'", "Error", "boom"],
    ["an object", "throw { code: 5 }", "Error", "{ code: 5 }"],
    ["null", "throw null", "Error", "null"],
    ["nothing", "throw undefined", "Error", "undefined"],
    ["an error of its own", "throw Object.assign(new Error('m'), { name: 'Mine' })", "Mine", "m"],
    ["a DOMException", "throw new DOMException('d', 'DataError')", "DataError", "d"],
    [
      "what throws when it is read",
      "throw { get message() { throw 1 }, get name() { throw 2 } }",
      "Error",
      "{ message: [Getter], name: [Getter] }",
    ],
    ["a rejected promise", "return Promise.reject(new RangeError('r'))", "RangeError", "r"],
    ["a getter of the result", "return { get status() { throw new Error('own') } }", "Error", "own"],
    ["toJSON", "return { body: { toJSON() { throw new Error('json') } } }", "Error", "json"],
  ])("by %s", async (_, body, name, message) => {
    const { outcome } = await executed(`export default () => { ${body} }`);
    expect(outcome).toMatchObject({ kind: "threw", error: { name, message } });
  });

  it("at its top level, or in its syntax", async () => {
    expect((await executed("export default 1; throw new Error('top')")).outcome).toMatchObject({
      kind: "threw",
      error: { message: "top", line: 1 },
    });
    expect((await executed("export default (")).outcome).toMatchObject({
      kind: "threw",
      error: { name: "SyntaxError" },
    });
  });

  it("when it waits for what never comes", async () => {
    expect((await executed("export default () => new Promise(() => {})")).outcome).toMatchObject({
      kind: "unusable",
      reason: "never-settled",
    });
  });

  it("in its lines of the source that a map leads to", async () => {
    // One segment: the first generated line stands at line 3 of the source.
    const { outcome } = await executed("export default () => { throw new Error('mapped') }", { map: "AEA" });
    expect(outcome).toMatchObject({ kind: "threw", error: { line: 3 } });
    expect("error" in outcome && outcome.error?.stack).toContain("(script:3:");
  });
});

describe("ctx", () => {
  it("says what is known of the hit", async () => {
    expect(
      await js(
        `return { ...ctx, signal: ctx.signal.aborted, secrets: typeof ctx.secrets, time: ctx.timeLeft() <= 30000 && ctx.timeLeft() > 20000, has: "replay" in ctx }`,
      ),
    ).toEqual({
      params: INPUT.params,
      path: INPUT.path,
      client: INPUT.client,
      responder: INPUT.responder,
      requestId: INPUT.requestId,
      locals: {},
      secrets: "object",
      signal: false,
      time: true,
      has: true,
    });
  });

  it("holds no secret, and says so when one is read", async () => {
    expect(
      await js(`
        const thrown = (f) => { try { f(); return "nothing" } catch (e) { return e.name + ": " + e.message } };
        return ["X" in ctx.secrets, thrown(() => ctx.secrets.X), Object.keys(ctx.secrets), thrown(() => { const { TOKEN } = ctx.secrets })]`),
    ).toEqual([
      false,
      "SecretNotGranted: The secret X is not granted to this responder.",
      [],
      "SecretNotGranted: The secret TOKEN is not granted to this responder.",
    ]);
  });

  it("can be looked at and answered whole", async () => {
    const looked = { params: INPUT.params, locals: {}, secrets: {}, signal: {} };
    expect(await js("return JSON.parse(JSON.stringify(ctx))")).toMatchObject(looked);
    expect(await js("return { ...ctx }")).toMatchObject(looked);
    expect(await js("console.log(ctx); return await ctx.secrets")).toEqual({});
  });

  it("passes on what is wished for the journal, the last word holding", async () => {
    expect(
      await answerOf(
        "export default (r, ctx) => { ctx.journal({ keep: false, bodies: true }); ctx.journal({ keep: true }); return new Response() }",
      ),
    ).toMatchObject({ wishes: { journal: { keep: true, bodies: true } } });
    for (const wish of ["{ all: true }", "{ keep: 1 }", "5", ""]) {
      expect((await executed(`export default (r, ctx) => ctx.journal(${wish})`)).outcome).toMatchObject({
        kind: "threw",
        error: { name: "TypeError" },
      });
    }
  });

  it("aborts its signal at 90 % of the wall time", async () => {
    expect(
      await js(
        `const left = await new Promise((done) => ctx.signal.addEventListener("abort", () => done(ctx.timeLeft()))); return [left <= 150 && left > 0, ctx.signal.reason.name]`,
        { limits: { wallMs: 1_500 } },
      ),
    ).toEqual([true, "TimeoutError"]);
  });

  it("lets the answer go and the run go on until waitUntil is over", async () => {
    const { answer, end } = run(
      "module",
      `export default (r, ctx) => {
        ctx.waitUntil(new Promise((done) => setTimeout(() => { console.log("late"); ctx.waitUntil(Promise.resolve().then(() => console.log("later"))); done() }, 30)));
        return { status: 201 };
      }`,
    );
    const first = await answer;
    expect(first.answer).toMatchObject({ kind: "reply", status: 201 });
    expect(first.outcome.logs).toEqual([]);
    const last = await end;
    expect(last.kind).toBe("returned");
    expect(last.logs.map(({ text }) => text)).toEqual(["late", "later"]);
  });

  it("tells of a failure in waitUntil only at the end, after everything else is over", async () => {
    const { answer, end } = run(
      "module",
      `export default (r, ctx) => {
        ctx.waitUntil(Promise.reject(new Error("lost")));
        ctx.waitUntil(new Promise((done) => setTimeout(done, 20)).then(() => console.log("other")));
        return { body: "ok" };
      }`,
    );
    expect((await answer).answer).toMatchObject({ kind: "reply", body: utf8("ok") });
    const last = await end;
    expect(last).toMatchObject({ kind: "threw", error: { message: "lost" } });
    expect(last.logs.map(({ text }) => text)).toEqual(["other"]);
  });
});

describe("bodies and the heap", () => {
  it("reads 5 MB of text in a heap of 10 MB", async () => {
    const input = { input: { body: utf8("x".repeat(5_000_000)) } };
    expect(await js("return (await request.text()).length", input)).toBe(5_000_000);
  });

  it("ends as exceeded memory when a body does not fit, naming its size", async () => {
    const { outcome } = await executed("export default async (r) => ({ body: (await r.text()).length })", {
      input: { body: utf8("x".repeat(9_900_000)) },
    });
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "memory" });
    expect("error" in outcome && outcome.error?.message).toContain("9900000");
  });

  it("answers 4 MB of text and of bytes", async () => {
    for (const value of [
      "'é'.repeat(2_000_000)",
      "new Uint8Array(4_000_000)",
      "new Uint8Array(5_000_000).subarray(1_000_000)",
    ]) {
      const answer = await returning(`{ body: ${value} }`);
      expect("body" in answer && answer.body instanceof Uint8Array && answer.body.length).toBe(4_000_000);
    }
  });

  it("ends as exceeded output above the answer's limits", async () => {
    const limits = { answerBodyBytes: 1_000, answerHeadBytes: 500 };
    expect(
      (await executed("export default () => ({ body: 'x'.repeat(1001) })", { limits })).outcome,
    ).toMatchObject({
      kind: "exceeded",
      limit: "output",
    });
    expect(
      (await executed("export default () => ({ headers: { a: 'x'.repeat(600) } })", { limits })).outcome,
    ).toMatchObject({
      kind: "exceeded",
      limit: "output",
    });
  });
});

describe("the host", () => {
  it("had no fault of its own in all of this", () => {
    expect(faults).toEqual([]);
  });
});
