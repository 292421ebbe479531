import { describe, expect, it } from "vitest";
import { codeOf, type Got, pathsOf } from "../support/api.ts";
import { mintAccount, type TestAccount } from "../support/account.ts";

const run = (account: TestAccount, responder: object, request: object = {}): Promise<Got> =>
  account.api("POST", "/run", { responder: { name: "Trial", path: "/github/:repo", ...responder }, request });
const module = (source: string, language = "js") => ({ script: { source, language } });
const HIT = { method: "POST", path: "/github/hookwright?x=1&y=2" };

describe("running a responder that is not saved", () => {
  it("answers with the default response without a script", async () => {
    const account = await mintAccount();
    const responder = { response: { status: 202, headers: { "content-type": "text/plain" }, body: "hello" } };
    const got = await run(account, responder, HIT);
    expect(got.status).toBe(200);
    expect(got.body).toMatchObject({
      response: { status: 202, headers: [["content-type", "text/plain"]], body: { text: "hello" } },
      run: { outcome: { kind: "static" }, fuel: 0, logs: [], egress: [] },
      warnings: [],
    });
    expect((await account.api("GET", "/responders")).body.items).toEqual([]);
  });

  it("gives a module the hit, and lays its reply over the default", async () => {
    const account = await mintAccount();
    const source = `
      export default async (request, ctx) => {
        console.log("seen", ctx.path);
        const { repo } = ctx.params;
        return { status: 201, body: {
          repo, method: request.method, url: request.url, type: request.headers.get("content-type"),
          host: request.headers.get("host"), sent: await request.json(), name: ctx.responder.name } };
      };`;
    const got = await run(
      account,
      { ...module(source), response: { headers: [["x-base", "1"]] } },
      { ...HIT, headers: { "Content-Type": "application/json" }, body: '{"ref":"main"}' },
    );
    expect(got.status).toBe(200);
    const { response, run: ran } = got.body;
    expect(response.status).toBe(201);
    expect(response.headers).toEqual([
      ["x-base", "1"],
      ["content-type", "application/json"],
    ]);
    expect(JSON.parse(response.body.text)).toEqual({
      repo: "hookwright",
      method: "POST",
      url: `http://${account.handle}.localhost/github/hookwright?x=1&y=2`,
      type: "application/json",
      host: `${account.handle}.localhost`,
      sent: { ref: "main" },
      name: "Trial",
    });
    expect(ran.outcome).toEqual({ kind: "returned" });
    expect(ran.fuel).toBeGreaterThan(0);
    expect(ran.logs).toEqual([{ at: expect.any(String), level: "log", text: "seen /github/hookwright" }]);
  });

  it("gives an expression its context, and takes its result", async () => {
    const account = await mintAccount();
    const source = `(() => ({
      statusCode: 299,
      headers: { "x-q": context.query.x, "x-path": context.path },
      body: new Uint8Array([0xff, context.body[0]]),
    }))()`;
    const got = await run(
      account,
      { ...module(source), response: { headers: [["x-base", "1"]] } },
      { ...HIT, body: { base64: "AQI=" } },
    );
    expect(got.body.response.status).toBe(299);
    expect(got.body.response.headers).toEqual(
      expect.arrayContaining([
        ["x-q", "1"],
        ["x-path", "/github/hookwright"],
      ]),
    );
    expect(got.body.response.headers).not.toContainEqual(["x-base", "1"]);
    expect(got.body.response.body).toEqual({ base64: "/wE=" });
    expect(got.body.run.outcome).toEqual({ kind: "returned" });
  });

  it("strips TypeScript", async () => {
    const account = await mintAccount();
    const source = `interface A { b: string }\nexport default (request: Request): object => ({ body: ("x" as string) });`;
    const got = await run(account, module(source, "ts"), HIT);
    expect(got.body.response).toMatchObject({ status: 200, body: { text: "x" } });
  });

  it("is a 200 with the sender's problem when the script throws, and tells its owner where", async () => {
    const account = await mintAccount();
    const source = `export default () => {\n  const inner = () => { throw new RangeError("secret detail"); };\n  inner();\n};`;
    const got = await run(account, module(source), HIT);
    expect(got.status).toBe(200);
    const { response, run: ran } = got.body;
    expect(response.status).toBe(500);
    expect(response.headers).toEqual([["content-type", "application/problem+json"]]);
    expect(JSON.parse(response.body.text)).toEqual({
      type: "urn:hookwright:problem:responder-failed",
      title: "The responder failed",
      status: 500,
      requestId: expect.stringMatching(/^exc_/),
    });
    expect(ran.outcome).toMatchObject({
      kind: "threw",
      error: { name: "RangeError", message: "secret detail", line: 2 },
    });
    expect(ran.outcome.error.stack).toContain("inner (script:2:");
  });

  it("tells of a script that loops for ever, and of a bad result", async () => {
    const account = await mintAccount({ tier: "basic" });
    const loop = await run(account, module("export default () => { for (;;); }"), HIT);
    expect(loop.body.response.status).toBe(504);
    expect(loop.body.run.outcome).toMatchObject({ kind: "exceeded", limit: "cpu", limitValue: 250 });
    const bad = await run(account, module("export default () => 5"), HIT);
    expect(bad.body.response.status).toBe(500);
    expect(bad.body.run.outcome).toMatchObject({ kind: "unusable", reason: "bad-result" });
  });

  it("repeats exactly: the same fuel and the same random numbers", async () => {
    const account = await mintAccount();
    const responder = module("export default () => ({ body: { random: Math.random() } })");
    const [first, second] = [await run(account, responder, HIT), await run(account, responder, HIT)];
    expect(second.body.response).toEqual(first.body.response);
    expect(second.body.run.fuel).toBe(first.body.run.fuel);
  });

  it("shows what waitUntil still did", async () => {
    const account = await mintAccount();
    const source = `export default (request, ctx) => {
      ctx.waitUntil(Promise.resolve().then(() => { console.log("after"); throw new Error("late"); }));
      return { body: "now" };
    }`;
    const got = await run(account, module(source), HIT);
    expect(got.body.response).toMatchObject({ status: 200, body: { text: "now" } });
    expect(got.body.run.logs.map((line: { text: string }) => line.text)).toContain("after");
    expect(got.body.run.outcome).toMatchObject({ kind: "threw", error: { message: "late" } });
  });

  it("leaves the body out where senders get none", async () => {
    const account = await mintAccount();
    const empty = await run(account, { response: { status: 204, body: "x" } }, HIT);
    expect(empty.body.response.body).toEqual({ text: "" });
    expect(empty.body.warnings).toHaveLength(1);
    const head = await run(account, { method: "GET", response: { body: "x" } }, { ...HIT, method: "HEAD" });
    expect(head.body.response.body).toEqual({ text: "" });
  });

  it("refuses what a create refuses, under `responder`", async () => {
    const account = await mintAccount();
    const bad = await run(account, { response: { status: 99 }, egress: { mode: "hosts" } });
    expect([bad.status, codeOf(bad)]).toEqual([422, "invalid"]);
    expect(pathsOf(bad)).toEqual(["responder.response.status", "responder.egress.hosts"]);
    const syntax = await run(account, module("export default () => {\n  const = 1;\n}"), HIT);
    expect(syntax.status).toBe(422);
    expect(syntax.body.detail).toMatch(/^Line 2, column \d+: /);
    expect(syntax.body.errors).toEqual([
      { path: "responder.script.source", message: expect.any(String), line: 2, column: expect.any(Number) },
    ]);
  });

  it("says where its warnings are as it does of errors, and which path has to be given", async () => {
    const account = await mintAccount();
    const source = "export default async () => { await fetch('https://x'); }";
    const responder = { ...module(source), response: { status: 204, body: "x" } };
    const got = await run(account, responder, HIT);
    expect(got.body.warnings.map(({ path }: { path: string }) => path)).toEqual([
      "responder.response.body",
      "responder.script.source",
    ]);
    const open = await run(account, {});
    expect([open.status, pathsOf(open)]).toEqual([422, ["request.path"]]);
    expect(open.body.detail).toContain("/github/:repo");
  });

  it.each([
    [{ responder: { response: { body: 1 } } }, "responder.response.body", "as a string"],
    [{ responder: { response: { body: null } } }, "responder.response.body", '{ "base64": "…" }'],
    [{ responder: { response: { body: { text: "", base64: "" } } } }, "responder.response.body", '{ "text"'],
    [{ responder: { script: "export default 1" } }, "responder.script", '"language"'],
    [{ responder: { script: { language: "js" } } }, "responder.script.source", "Required."],
    [{ responder: { script: { source: "1", lang: "js" } } }, "responder.script.lang", "Unknown field."],
    [{ responder: { method: 5 } }, "responder.method", '"POST"'],
    [{ responder: { response: { headers: "a: b" } } }, "responder.response.headers", '[["name", "value"]]'],
    [{ responder: {}, request: { body: 5 } }, "request.body", "as a string"],
    [{ responder: {}, request: { body: { k: 1 } } }, "request.body", '{ "text": "…" }'],
  ])("says which forms there are: %j", async ({ responder, ...more }, path, words) => {
    const account = await mintAccount();
    const named = { name: "Trial", path: "/", ...responder };
    const got = await account.api("POST", "/run", { responder: named, ...more });
    expect([got.status, pathsOf(got)]).toEqual([422, [path]]);
    expect(got.body.errors[0].message).toContain(words);
  });

  it.each([
    ["a path that it does not take", { path: "/other" }, "request.path"],
    ["no path where it has parameters", { path: undefined }, "request.path"],
    ["a path with dots", { path: "/github/%2E%2e" }, "request.path"],
    ["a path that is not encoded", { path: "/github/a b" }, "request.path"],
    ["a method that it does not take", { method: "DELETE" }, "request.method"],
    ["a method in lower case", { method: "post" }, "request.method"],
    ["a header with CR LF", { headers: [["a", "b\r\nc"]] }, "request.headers.0"],
    ["a body that is not base64", { body: { base64: "*" } }, "request.body.base64"],
    ["an unknown field", { query: "x" }, "request.query"],
  ])("refuses %s", async (_what, request, path) => {
    const account = await mintAccount();
    const got = await run(account, { method: ["POST", "PUT"] }, { ...HIT, ...request });
    expect(got.status).toBe(422);
    expect(pathsOf(got)).toEqual([path]);
  });

  it("has a hit of its own where none is given", async () => {
    const account = await mintAccount();
    const responder = {
      path: "/caf%C3%A9/",
      method: ["PUT"],
      ...module("export default (r, ctx) => ({ body: r.method + ctx.path })"),
    };
    expect((await run(account, responder)).body.response.body).toEqual({ text: "PUT/caf%C3%A9/" });
  });
});

const create = (account: TestAccount, script: object): Promise<Got> =>
  account.api("POST", "/responders", { name: "S", path: "/s", script });

describe("saving a script", () => {
  it("shows its form, keeps the source as it was, and warns", async () => {
    const account = await mintAccount();
    const source = "export default async () => { await fetch('https://x'); }\n";
    const got = await create(account, { source });
    expect(got.status).toBe(201);
    expect(got.body).toMatchObject({ form: "module", script: { source, language: "js" } });
    expect(got.body.warnings).toEqual([
      {
        path: "script.source",
        message: expect.stringContaining("fetch"),
        line: 1,
        column: expect.any(Number),
      },
    ]);
    const expression = await account.api("PATCH", `/responders/${got.body.id}`, {
      script: { source: "({ body: 'x' })" },
    });
    expect(expression.body).toMatchObject({ form: "expression", warnings: [] });
    const none = await account.api("PATCH", `/responders/${got.body.id}`, { script: null });
    expect(none.body).toMatchObject({ form: null, script: null });
  });

  it.each([
    ["statements without an export", "const a = 1;\nreturn a;"],
    ["only a comment", "// nothing"],
    ["nothing", ""],
    ["a module without a handler", "export const a = 1;"],
    ["onResponse alone", "export const onResponse = () => null;"],
    ["default and onRequest", "export default () => null; export const onRequest = () => null;"],
    ["an import", 'import a from "b"; export default () => a;'],
    ["thirty nested type arguments", `export default ${"<T>(".repeat(30)}`],
    ["256 KiB of <", "<".repeat(256 * 1024)],
  ])("refuses %s", async (_what, source) => {
    const account = await mintAccount();
    for (const language of ["js", "ts"]) {
      const got = await create(account, { source, language });
      expect([got.status, codeOf(got)]).toEqual([422, "invalid"]);
      expect(pathsOf(got)[0]).toBe("script.source");
    }
    expect((await account.api("GET", "/responders")).body.items).toEqual([]);
  });

  it("takes a BOM", async () => {
    const account = await mintAccount();
    expect((await create(account, { source: "\uFEFFexport default () => ({ body: 'b' })" })).status).toBe(
      201,
    );
  });
});

describe("testing a saved responder", () => {
  it("runs it, disabled or not, and records nothing", async () => {
    const account = await mintAccount();
    const made = await account.api("POST", "/responders", {
      name: "S",
      path: "/s/:x",
      enabled: false,
      script: { source: "export default (r, ctx) => ({ body: ctx.params.x + ctx.responder.id })" },
    });
    const { id } = made.body;
    const got = await account.api("POST", `/responders/${id}/test`, { request: { path: "/s/a%20b" } });
    expect(got.status).toBe(200);
    expect(got.body.response.body).toEqual({ text: `a b${id}` });
    expect((await account.api("GET", "/unmatched")).body.items).toEqual([]);
    const wrong = await account.api("POST", `/responders/${id}/test`, { request: { path: "/t/a" } });
    expect([wrong.status, pathsOf(wrong)]).toEqual([422, ["request.path"]]);
  });
});
