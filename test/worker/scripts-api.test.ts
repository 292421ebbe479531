import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { codeOf, type Got, pathsOf } from "../support/api.ts";

const GREET = 'export const greet = (name) => "Hello, " + name;\n';
const make = async (account: TestAccount, more: object = {}): Promise<Got["body"]> => {
  const got = await account.api("POST", "/scripts", { name: "greet", source: GREET, ...more });
  expect(got.body).toMatchObject({ id: expect.any(String) });
  expect(got.status).toBe(201);
  return got.body;
};
const names = (got: Got): readonly string[] => got.body.items.map((item: { name: string }) => item.name);

describe("making a script", () => {
  it("answers with the whole resource, and reads it back", async () => {
    const account = await mintAccount();
    const got = await account.api("POST", "/scripts", { name: "greet", source: GREET });
    expect(got.status).toBe(201);
    const { body } = got;
    expect(got.headers.get("location")).toBe(`/api/v1/scripts/${body.id}`);
    expect(got.headers.get("etag")).toBe(`"${body.etag}"`);
    expect(body).toEqual({
      id: expect.stringMatching(/^scr_[0-9a-hjkmnp-tv-z]{26}$/),
      name: "greet",
      description: "",
      version: 1,
      language: "js",
      source: GREET,
      form: "module",
      draft: null,
      usedBy: { responders: [], scripts: [] },
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
      etag: `${body.id}.1`,
      warnings: [],
    });
    const { warnings: _, ...shown } = body;
    const read = await account.api("GET", `/scripts/${body.id}`);
    expect(read.body).toEqual(shown);
    expect(read.headers.get("etag")).toBe(`"${body.etag}"`);
    const own = await account.api("GET", "/account");
    expect(own.body.usage).toMatchObject({ scripts: 1 });
  });

  it("refuses what is no script, saying where", async () => {
    const account = await mintAccount();
    const refused = async (more: object): Promise<Got> => {
      const got = await account.api("POST", "/scripts", { name: "x", source: GREET, ...more });
      expect(got.status).toBe(422);
      return got;
    };
    for (const name of ["", "A", "1a", "a_b", "-a", "a".repeat(65), "a/b", "a@1"]) {
      expect(pathsOf(await refused({ name }))).toEqual(["name"]);
    }
    expect(pathsOf(await refused({ description: "x".repeat(1_001) }))).toEqual(["description"]);
    expect(pathsOf(await refused({ source: "x".repeat(256 * 1024 + 1) }))).toEqual(["source"]);
    expect(pathsOf(await refused({ language: "py" }))).toEqual(["language"]);
    expect(pathsOf(await refused({ colour: "red" }))).toEqual(["colour"]);
    expect(pathsOf(await refused({ source: undefined }))).toEqual(["source"]);
    const syntax = await refused({ source: "export const a = 1;\nexport const b = ;\n" });
    expect(syntax.body.errors).toEqual([
      { path: "source", message: expect.any(String), line: 2, column: expect.any(Number) },
    ]);
    const missing = await refused({ source: 'import { a } from "scripts/nowhere";\nexport { a };\n' });
    expect(missing.body.errors[0]).toMatchObject({
      path: "source",
      line: 1,
      message: expect.stringContaining("nowhere"),
    });
    const own = await refused({ name: "own", source: 'import { a } from "scripts/own";\nexport { a };\n' });
    expect(pathsOf(own)).toEqual(["source"]);
    expect((await account.api("GET", "/scripts")).body.items).toEqual([]);
  });

  it("warns of what no responder can give it", async () => {
    const account = await mintAccount();
    const { warnings } = await make(account, { source: "export const run = (text) => eval(text);\n" });
    expect(warnings).toEqual([
      { path: "source", message: expect.stringContaining("eval"), line: 1, column: expect.any(Number) },
    ]);
    const quiet = await make(account, {
      name: "quiet",
      source: "export const run = (ctx) => fetch(ctx.secrets.X + ctx.kv);\n",
    });
    expect(quiet.warnings).toEqual([]);
  });

  it("gives each name once, and says who has it", async () => {
    const account = await mintAccount();
    const first = await make(account);
    const again = await account.api("POST", "/scripts", { name: "greet", source: GREET });
    expect([again.status, codeOf(again)]).toEqual([409, "conflict"]);
    expect(again.body.errors).toEqual([{ path: "name", message: expect.stringContaining(first.id) }]);
    const second = await make(account, { name: "other" });
    const taken = await account.api("PATCH", `/scripts/${second.id}`, { name: "greet" });
    expect([taken.status, pathsOf(taken)]).toEqual([409, ["name"]]);
    // Other accounts have names of their own.
    await make(await mintAccount());
  });

  it("holds the plan's number, of several at once too", async () => {
    const account = await mintAccount({ tier: "basic" });
    await call("PATCH", `/api/v1/accounts/${account.id}`, {
      key: env.ADMIN_TOKEN ?? "",
      json: { limits: { scripts: 2 } },
    });
    const got = await Promise.all(
      ["a", "b", "c", "d"].map((name) => account.api("POST", "/scripts", { name, source: GREET })),
    );
    expect(got.map(codeOf).toSorted()).toEqual(["", "", "over-limit", "over-limit"]);
  });
});

describe("the list", () => {
  it("is newest first, in pages, searched by name, without sources", async () => {
    const account = await mintAccount();
    for (const name of ["alpha", "beta", "alphabet"]) await make(account, { name });
    expect(names(await account.api("GET", "/scripts"))).toEqual(["alphabet", "beta", "alpha"]);
    const page = await account.api("GET", "/scripts?limit=2");
    expect(names(page)).toEqual(["alphabet", "beta"]);
    const rest = await account.api("GET", `/scripts?limit=2&cursor=${page.body.nextCursor}`);
    expect([names(rest), rest.body.nextCursor]).toEqual([["alpha"], null]);
    expect(names(await account.api("GET", "/scripts?q=ALPHA"))).toEqual(["alphabet", "alpha"]);
    expect(Object.keys(page.body.items[0])).toEqual([
      "id",
      "name",
      "description",
      "version",
      "language",
      "createdAt",
      "updatedAt",
      "etag",
    ]);
  });
});

describe("versions", () => {
  it("are made by another source or language, and by nothing else", async () => {
    const account = await mintAccount();
    const { id, etag } = await make(account);
    const path = `/scripts/${id}`;
    const renamed = await account.api("PATCH", path, { name: "hello", description: "Says hello." });
    expect(renamed.body).toMatchObject({
      name: "hello",
      description: "Says hello.",
      version: 1,
      source: GREET,
    });
    const same = await account.api("PATCH", path, { source: GREET, language: "js" });
    expect(same.body).toMatchObject({ version: 1 });
    const typed = await account.api("PATCH", path, { language: "ts" });
    expect(typed.body).toMatchObject({ version: 2, language: "ts", source: GREET });
    const third = await account.api("PATCH", path, { source: `// three\n${GREET}`, description: null });
    expect(third.body).toMatchObject({ version: 3, language: "ts", description: "" });
    const stale = await account.api("PATCH", path, { source: "export {};" }, { "if-match": etag });
    expect(stale.status).toBe(412);
    const broken = await account.api("PATCH", path, { source: "export const = 1" });
    expect([broken.status, pathsOf(broken)]).toEqual([422, ["source"]]);
    const list = await account.api("GET", `${path}/versions?limit=2`);
    expect(list.body.items).toEqual([
      {
        version: 3,
        language: "ts",
        createdAt: expect.any(String),
        createdBy: expect.stringMatching(/^key_/),
      },
      {
        version: 2,
        language: "ts",
        createdAt: expect.any(String),
        createdBy: expect.stringMatching(/^key_/),
      },
    ]);
    const rest = await account.api("GET", `${path}/versions?limit=2&cursor=${list.body.nextCursor}`);
    expect(rest.body).toMatchObject({ items: [{ version: 1, language: "js" }], nextCursor: null });
    const first = await account.api("GET", `${path}/versions/1`);
    expect(first.body).toMatchObject({ version: 1, language: "js", source: GREET });
    expect((await account.api("GET", `${path}/versions/4`)).status).toBe(404);
    expect((await account.api("GET", `${path}/versions/x`)).status).toBe(404);
  });

  it("are compared, line by line", async () => {
    const account = await mintAccount();
    const { id } = await make(account, { source: "export const a = 1;\nexport const b = 2;\n" });
    await account.api("PATCH", `/scripts/${id}`, { source: "export const a = 1;\nexport const b = 3;\n" });
    const got = await account.api("GET", `/scripts/${id}/versions/2/difference`);
    expect(got.body).toEqual({
      from: 1,
      to: 2,
      added: 1,
      removed: 1,
      patch: [
        "--- scripts/greet@1",
        "+++ scripts/greet@2",
        "@@ -1,2 +1,2 @@",
        " export const a = 1;",
        "-export const b = 2;",
        "+export const b = 3;",
        "",
      ].join("\n"),
    });
    const back = await account.api("GET", `/scripts/${id}/versions/1/difference?from=2`);
    expect(back.body).toMatchObject({ from: 2, to: 1, added: 1, removed: 1 });
    const whole = await account.api("GET", `/scripts/${id}/versions/1/difference`);
    expect(whole.body).toMatchObject({ from: 0, to: 1, added: 2, removed: 0 });
    expect((await account.api("GET", `/scripts/${id}/versions/1/difference?from=9`)).status).toBe(404);
    expect((await account.api("GET", `/scripts/${id}/versions/1/difference?from=x`)).status).toBe(422);
  });

  it("are rolled back to by a new one", async () => {
    const account = await mintAccount();
    const { id } = await make(account);
    await account.api("PATCH", `/scripts/${id}`, { source: "export const greet = () => 'Bye';\n" });
    const once = { "idempotency-key": "roll-back" };
    const restore = `/scripts/${id}/versions/1/restore`;
    const foreseen = await account.api("POST", `${restore}?dryRun=1`, undefined, once);
    expect(foreseen.body).toEqual({ wouldPublish: true, responders: [] });
    // The dry run was another request.
    const restored = await account.api("POST", restore, undefined, once);
    expect([restored.status, restored.body]).toMatchObject([200, { version: 3, source: GREET }]);
    expect((await account.api("POST", `/scripts/${id}/versions/9/restore`)).status).toBe(404);
  });
});

describe("drafts", () => {
  it("are saved whatever they hold, reach nobody, and become the next version", async () => {
    const account = await mintAccount();
    const { id } = await make(account);
    const path = `/scripts/${id}`;
    const faulty = await account.api("PUT", `${path}/draft`, { source: "export const = 1", language: "ts" });
    expect(faulty.status).toBe(200);
    expect(faulty.body).toMatchObject({
      version: 1,
      source: GREET,
      draft: { source: "export const = 1", language: "ts" },
      warnings: [{ path: "draft.source", line: 1 }],
    });
    const refused = await account.api("POST", `${path}/draft/publish`);
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["source"]]);
    const good = await account.api("PUT", `${path}/draft`, { source: "export const a = 1;\n" });
    expect(good.body).toMatchObject({
      draft: { source: "export const a = 1;\n", language: "js" },
      warnings: [],
    });
    const stale = await account.api("POST", `${path}/draft/publish`, undefined, {
      "if-match": faulty.body.etag,
    });
    expect(stale.status).toBe(412);
    const foreseen = await account.api("POST", `${path}/draft/publish?dryRun=1`);
    expect(foreseen.body).toEqual({ wouldPublish: true, responders: [] });
    const published = await account.api("POST", `${path}/draft/publish`);
    expect(published.body).toMatchObject({ version: 2, source: "export const a = 1;\n", draft: null });
    expect((await account.api("POST", `${path}/draft/publish`)).status).toBe(404);
    await account.api("PUT", `${path}/draft`, { source: "x" });
    expect((await account.api("DELETE", `${path}/draft`)).status).toBe(204);
    expect((await account.api("DELETE", `${path}/draft`)).status).toBe(404);
    const long = await account.api("PUT", `${path}/draft`, { source: "x".repeat(256 * 1024 + 1) });
    expect([long.status, pathsOf(long)]).toEqual([422, ["source"]]);
  });

  it("are all that there is of a script until they are published", async () => {
    const account = await mintAccount();
    const made = await make(account, { draft: true, source: "export const = 1" });
    expect(made).toMatchObject({ version: 0, source: null, language: null, form: null });
    expect(made.warnings).toMatchObject([{ path: "draft.source", line: 1 }]);
    const used = await account.api("POST", "/responders", {
      name: "R",
      path: "/r",
      script: { ref: "greet" },
    });
    expect([used.status, pathsOf(used)]).toEqual([422, ["script.ref"]]);
    const languageOnly = await account.api("PATCH", `/scripts/${made.id}`, { language: "ts" });
    expect([languageOnly.status, pathsOf(languageOnly)]).toEqual([422, ["source"]]);
    await account.api("PUT", `/scripts/${made.id}/draft`, { source: GREET });
    const published = await account.api("POST", `/scripts/${made.id}/draft/publish`);
    expect(published.body).toMatchObject({ version: 1, source: GREET, draft: null });
  });
});

describe("who may", () => {
  it("is told by the scopes of the key", async () => {
    const account = await mintAccount();
    const { id } = await make(account);
    const as = async (scope: string, method: string, path: string, json?: unknown): Promise<number> => {
      const key = await keyWith(account, [scope]);
      return (await call(method, `/api/v1${path}`, { key, json })).status;
    };
    for (const path of [
      "/scripts",
      `/scripts/${id}`,
      `/scripts/${id}/versions`,
      `/scripts/${id}/versions/1`,
    ]) {
      expect(await as("scripts:read", "GET", path)).toBe(200);
      expect(await as("scripts:write", "GET", path)).toBe(200);
      expect(await as("responders:write", "GET", path)).toBe(403);
    }
    for (const [method, path, json] of [
      ["POST", "/scripts", { name: "b", source: GREET }],
      ["PATCH", `/scripts/${id}`, { name: "c" }],
      ["PUT", `/scripts/${id}/draft`, { source: GREET }],
      ["POST", `/scripts/${id}/draft/publish`, undefined],
      ["DELETE", `/scripts/${id}/draft`, undefined],
      ["POST", `/scripts/${id}/versions/1/restore`, undefined],
      ["DELETE", `/scripts/${id}`, undefined],
    ] as const) {
      expect(await as("scripts:read", method, path, json)).toBe(403);
    }
  });

  it("never reaches another account's scripts", async () => {
    const account = await mintAccount();
    const { id } = await make(account);
    const other = await mintAccount();
    for (const [method, path, json] of [
      ["GET", `/scripts/${id}`, undefined],
      ["GET", `/scripts/${id}/versions`, undefined],
      ["GET", `/scripts/${id}/versions/1`, undefined],
      ["GET", `/scripts/${id}/versions/1/difference`, undefined],
      ["PATCH", `/scripts/${id}`, { name: "mine" }],
      ["PUT", `/scripts/${id}/draft`, { source: GREET }],
      ["POST", `/scripts/${id}/draft/publish`, undefined],
      ["POST", `/scripts/${id}/versions/1/restore`, undefined],
      ["DELETE", `/scripts/${id}`, undefined],
    ] as const) {
      expect((await other.api(method, path, json)).status).toBe(404);
    }
    expect((await other.api("GET", "/scripts")).body.items).toEqual([]);
    const imports = await other.api("POST", "/scripts", {
      name: "thief",
      source: 'export * from "scripts/greet";\n',
    });
    expect(imports.status).toBe(422);
    const ref = await other.api("POST", "/responders", { name: "R", path: "/r", script: { ref: "greet" } });
    expect([ref.status, pathsOf(ref)]).toEqual([422, ["script.ref"]]);
    expect((await account.api("GET", `/scripts/${id}`)).body).toMatchObject({ name: "greet", version: 1 });
  });
});

describe("a delete", () => {
  it("takes versions and draft with it, and gives the name back", async () => {
    const account = await mintAccount();
    const { id, etag } = await make(account);
    await account.api("PATCH", `/scripts/${id}`, { description: "x" });
    expect((await account.api("DELETE", `/scripts/${id}`, undefined, { "if-match": etag })).status).toBe(412);
    expect((await account.api("DELETE", `/scripts/${id}`)).status).toBe(204);
    expect((await account.api("DELETE", `/scripts/${id}`)).status).toBe(404);
    expect((await account.api("GET", `/scripts/${id}/versions`)).status).toBe(404);
    await make(account);
  });
});

describe("the end of an account", () => {
  it("takes its library with it", async () => {
    const account = await mintAccount();
    const { id } = await make(account);
    const key = env.ADMIN_TOKEN ?? "";
    expect((await call("DELETE", `/api/v1/accounts/${account.id}`, { key })).status).toBe(204);
    const left = env.DB.prepare("select count(*) as left from script_versions where scriptId = ?").bind(id);
    await vi.waitFor(async () => expect(await left.first("left")).toBe(0));
  });
});
