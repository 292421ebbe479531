import { eq } from "drizzle-orm";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { createDb, schema } from "../../src/storage/index.ts";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { codeOf, type Got, pathsOf } from "../support/api.ts";
import { makeSecret } from "../support/secret-forms.ts";

const db = createDb(env.DB);
const VALUE = "sk_live_a1B2c3D4e5F6";

const module = (body: string): object => ({
  source: `export default async (request, ctx) => { ${body} }`,
  language: "js",
});
const granting = (names: readonly string[], more: object = {}): object => ({
  secrets: { mode: "selected", names, ...more },
});
const create = async (account: TestAccount, more: object): Promise<Got["body"]> => {
  const { status, body } = await account.api("POST", "/responders", { name: "One", path: "/one", ...more });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};
const textOf = async (account: TestAccount, path = "/one"): Promise<string> =>
  (await account.hit("GET", path)).text();

describe("a grant of secrets", () => {
  it("is shown by name, and kept by id: a rename keeps it, a namesake gets nothing", async () => {
    const account = await mintAccount();
    const id = await makeSecret(account, "KEY", VALUE);
    const { id: responder, secrets } = await create(account, {
      ...granting(["KEY"]),
      script: module("return { body: Object.keys(ctx.secrets) };"),
    });
    expect(secrets).toEqual({ mode: "selected", names: ["KEY"], reveal: false });
    await account.api("PATCH", `/secrets/${id}`, { name: "RENAMED" });
    expect(await textOf(account)).toBe('["RENAMED"]');
    const read = await account.api("GET", `/responders/${responder}`);
    expect(read.body.secrets.names).toEqual(["RENAMED"]);
    expect((await account.api("DELETE", `/secrets/${id}`)).status).toBe(204);
    await makeSecret(account, "RENAMED", "another value");
    expect(await textOf(account)).toBe("[]");
    const after = await account.api("PATCH", `/responders/${responder}`, { enabled: true });
    expect(after.body.secrets.names).toEqual([]);
  });

  it("of all follows what there is", async () => {
    const account = await mintAccount();
    await create(account, {
      secrets: { mode: "all" },
      script: module("return { body: Object.keys(ctx.secrets) };"),
    });
    expect(await textOf(account)).toBe("[]");
    await makeSecret(account, "B", VALUE);
    await makeSecret(account, "A", VALUE);
    expect(await textOf(account)).toBe('["A","B"]');
  });

  it("that is withdrawn, or whose secret is deleted, holds at once", async () => {
    const account = await mintAccount();
    const id = await makeSecret(account, "KEY", VALUE);
    const { id: responder } = await create(account, {
      ...granting(["KEY"]),
      script: module('return { body: String("KEY" in ctx.secrets) };'),
    });
    expect(await textOf(account)).toBe("true");
    await account.api("PATCH", `/responders/${responder}`, { secrets: null });
    expect(await textOf(account)).toBe("false");
    await account.api("PATCH", `/responders/${responder}`, granting(["KEY"]));
    expect(await textOf(account)).toBe("true");
    await account.api("DELETE", `/secrets/${id}`);
    expect(await textOf(account)).toBe("false");
  });

  it("is refused for a name that there is not, for too much, and for a shape that says nothing", async () => {
    const account = await mintAccount();
    for (let count = 0; count < 7; count += 1) await makeSecret(account, `S${count}`, "x".repeat(10_000));
    const post = (secrets: object) => account.api("POST", "/responders", { name: "A", path: "/a", secrets });
    const cases: readonly (readonly [object, readonly string[]])[] = [
      [{ mode: "selected", names: ["NONE"] }, ["secrets.names.0"]],
      [{ mode: "selected" }, ["secrets.names"]],
      [{ mode: "none", names: ["S0"] }, ["secrets.names"]],
      [{ mode: "all", names: ["S0"] }, ["secrets.names", "secrets"]],
      [{ mode: "none", reveal: true }, ["secrets.reveal"]],
      [{ mode: "all" }, ["secrets"]],
      [{ mode: "selected", names: ["S0", "S1", "S2", "S3", "S4", "S5", "S6"] }, ["secrets"]],
    ];
    for (const [secrets, paths] of cases) {
      const got = await post(secrets);
      expect([got.status, pathsOf(got)]).toEqual([422, paths]);
    }
    expect((await post({ mode: "selected", names: ["S0", "S1"] })).status).toBe(201);
  });

  it("warns of names that are used and not granted, granted and not used, and compared by ===", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    await makeSecret(account, "IDLE", VALUE);
    const { warnings } = await create(account, {
      ...granting(["KEY", "IDLE"]),
      script: module('return { body: ctx.secrets.KEY === "x" ? ctx.secrets.OTHER : 1 };'),
      response: { body: "${secrets.KEY}" },
    });
    const texts = warnings.map(({ message }: { message: string }) => message).join("\n");
    expect(texts).toContain("`OTHER` is used, but this responder is not granted it");
    expect(texts).toContain("`IDLE` is granted, but not used");
    expect(texts).toContain("await handle.equals(value)");
    expect(texts).toContain("only with `interpolate`");
  });
});

describe("scopes", () => {
  const scopes = ["responders:write", "secrets:read", "journal:replay"];
  const withKey = (key: string) => (method: string, path: string, json?: unknown) =>
    call(method, `/api/v1${path}`, { key, json });

  it("ask for secrets:use wherever a grant is saved, tested or run, and for nothing where there is none", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const plain = withKey(await keyWith(account, scopes));
    const user = withKey(await keyWith(account, [...scopes, "secrets:use"]));
    const body = { name: "A", path: "/a", ...granting(["KEY"]) };
    expect((await plain("POST", "/responders", body)).status).toBe(403);
    expect((await plain("POST", "/responders", { ...body, ...granting(["UNKNOWN"]) })).status).toBe(403);
    const made = await user("POST", "/responders", body);
    expect(made.status).toBe(201);
    const path = `/responders/${made.body.id}`;
    const calls: readonly (readonly [string, string, object])[] = [
      ["PATCH", path, { name: "B" }],
      ["PATCH", path, { secrets: null }],
      ["POST", `${path}/test`, {}],
      ["POST", `${path}/revisions/1/restore`, {}],
      ["POST", "/run", { responder: body }],
    ];
    for (const [method, target, json] of calls) {
      expect([target, (await plain(method, target, json)).status]).toEqual([target, 403]);
      expect([target, (await user(method, target, json)).status]).toEqual([target, 200]);
      // What took the grant away is undone.
      await user("PATCH", path, granting(["KEY"]));
    }
    expect((await plain("POST", "/responders", { name: "C", path: "/c" })).status).toBe(201);
  });

  it("ask for secrets:reveal to let secrets out, and to change what lets them out", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const user = withKey(await keyWith(account, [...scopes, "secrets:use"]));
    const exposing: readonly object[] = [
      granting(["KEY"], { reveal: true }),
      { ...granting(["KEY"]), response: { interpolate: true } },
      { response: { interpolate: true } },
    ];
    for (const [index, more] of exposing.entries()) {
      const body = { name: `N${index}`, path: `/n${index}`, ...more };
      const refused = await user("POST", "/responders", body);
      expect([refused.status, refused.body.detail]).toEqual([403, expect.stringContaining("secrets:reveal")]);
      const { body: made } = await account.api("POST", "/responders", body);
      const path = `/responders/${made.id}`;
      expect((await user("PATCH", path, { name: `M${index}`, enabled: false })).status).toBe(200);
      for (const change of [
        { path: `/x${index}` },
        { script: module("") },
        { response: { body: "x" } },
        { secrets: null, response: null },
      ]) {
        expect([change, (await user("PATCH", path, change)).status]).toEqual([change, 403]);
      }
      expect((await user("POST", `${path}/revisions/1/restore`, {})).status).toBe(200);
      const run = await account.api("POST", "/run", { responder: { ...body, name: "R", path: "/r" } });
      expect([run.status, codeOf(run)]).toEqual([422, "invalid"]);
    }
  });

  it("ask for secrets:reveal to rename what a responder lets out by its name", async () => {
    const account = await mintAccount();
    const shown = await makeSecret(account, "SHOWN", "for everybody");
    const hidden = await makeSecret(account, "HIDDEN", VALUE);
    const { id: responder } = await create(account, {
      secrets: { mode: "all" },
      response: { body: "${secrets.SHOWN}", interpolate: true },
    });
    const key = await keyWith(account, ["secrets:write"]);
    const rename = (id: string, name: string) =>
      call("PATCH", `/api/v1/secrets/${id}`, { key, json: { name } });
    expect((await rename(shown, "OTHER")).body.detail).toMatch(/secrets:reveal.+"One"/);
    await account.api("PATCH", `/secrets/${shown}`, { name: "OTHER" });
    expect((await rename(hidden, "SHOWN")).status).toBe(403);
    expect(await textOf(account)).toBe("${secrets.SHOWN}");
    // The same name is no rename, and where nothing is let out anybody may.
    expect((await rename(hidden, "HIDDEN")).status).toBe(200);
    await account.api("PATCH", `/responders/${responder}`, { response: { interpolate: false } });
    expect((await rename(hidden, "SHOWN")).status).toBe(200);
  });

  it("ask for secrets:reveal to read the state of a script that holds secrets", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const { id } = await create(account, {
      ...granting(["KEY"], { reveal: true }),
      script: module('await ctx.kv.set("k", ctx.secrets.KEY); return { body: "ok" };'),
    });
    expect(await textOf(account)).toBe("ok");
    const reader = withKey(await keyWith(account, ["state:read"]));
    expect((await reader("GET", `/responders/${id}/state/k`)).status).toBe(403);
    expect((await reader("GET", `/responders/${id}/state`)).status).toBe(403);
    expect((await account.api("GET", `/responders/${id}/state/k`)).body.value).toBe(VALUE);
  });
});

describe("the default response", () => {
  const exposing = (body: string, headers: object = {}): object => ({
    secrets: { mode: "all" },
    response: { interpolate: true, body, headers },
  });

  it("has secrets filled in once, left to right, in text and header values", async () => {
    const account = await mintAccount();
    await makeSecret(account, "A", "value-of-a ${secrets.B}");
    await makeSecret(account, "B", "value-of-b");
    const { warnings } = await create(
      account,
      exposing("${secrets.A}|${secrets.B}|${secrets.NONE}|$${secrets.B}", { "x-key": "k=${secrets.B}" }),
    );
    expect(warnings.map(({ message }: { message: string }) => message)).toEqual([
      expect.stringContaining("NONE"),
    ]);
    const response = await account.hit("GET", "/one");
    expect(response.headers.get("x-key")).toBe("k=value-of-b");
    expect(await response.text()).toBe("value-of-a ${secrets.B}|value-of-b|${secrets.NONE}|$value-of-b");
  });

  it("stays as it is written without interpolate, and where it came from a sender", async () => {
    const account = await mintAccount();
    await makeSecret(account, "A", VALUE);
    await create(account, { secrets: { mode: "all" }, response: { body: "${secrets.A}" } });
    expect(await textOf(account)).toBe("${secrets.A}");
    await create(account, {
      name: "Echo",
      path: "/echo",
      ...exposing("default"),
      script: module("return new Response(request.body);"),
    });
    const echoed = await account.hit("POST", "/echo", { body: "${secrets.A}" });
    expect(await echoed.text()).toBe("${secrets.A}");
  });

  it("fails the hit where a header cannot carry the value", async () => {
    const account = await mintAccount();
    await makeSecret(account, "LINES", "one line\r\nset-cookie: a=1");
    const { id } = await create(account, exposing("", { "x-key": "${secrets.LINES}" }));
    const response = await account.hit("GET", "/one");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("LINES");
    const { body } = await account.api("POST", `/responders/${id}/test`, {});
    expect(body.response.status).toBe(500);
    expect(body.run.outcome).toMatchObject({
      kind: "threw",
      error: {
        name: "SecretNotAllowed",
        message: expect.stringContaining("x-key cannot carry the text of LINES"),
      },
    });
  });

  it("is shown to no key, neither in a test nor anywhere else", async () => {
    const account = await mintAccount();
    await makeSecret(account, "A", VALUE);
    const { id } = await create(account, exposing("<${secrets.A}>", { "x-key": "${secrets.A}" }));
    const { body } = await account.api("POST", `/responders/${id}/test`, {});
    expect(body.response).toMatchObject({ body: { text: "<[secret A]>" } });
    expect(JSON.stringify(body)).not.toContain(VALUE);
  });
});

describe("reveal", () => {
  it("gives the texts to the script, and to nobody who looks at it", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const { id } = await create(account, {
      ...granting(["KEY"], { reveal: true }),
      script: module(
        "console.log(ctx.secrets.KEY); if (request.method === 'PUT') throw new Error(ctx.secrets.KEY); return { body: typeof ctx.secrets.KEY + ctx.secrets.KEY };",
      ),
    });
    expect(await textOf(account)).toBe(`string${VALUE}`);
    for (const method of ["GET", "PUT"]) {
      const { body } = await account.api("POST", `/responders/${id}/test`, { request: { method } });
      expect(JSON.stringify(body)).not.toContain(VALUE);
      expect(body.run.logs[0].text).toBe("[secret KEY]");
    }
  });

  it("works in the expression form", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    await create(account, {
      ...granting(["KEY"], { reveal: true }),
      script: { source: "({ body: context.secrets.KEY + context.secrets.OTHER })", language: "js" },
    });
    expect(await textOf(account)).toBe(`${VALUE}undefined`);
  });
});

describe("an isolate that has not heard of a change yet", () => {
  // As when another isolate made the change, and dropped what it replaced: the table here still lets secrets out.
  const changedElsewhere = async (account: TestAccount, id: string, by: string): Promise<void> => {
    const rowOf = async (responder: string) => {
      const [row] = await db.select().from(schema.responders).where(eq(schema.responders.id, responder));
      if (row === undefined) throw new Error("no row");
      return row;
    };
    const { keys } = await env.ROUTES.list();
    await Promise.all(
      keys.filter(({ name }) => /^(code|response):/.test(name)).map(({ name }) => env.ROUTES.delete(name)),
    );
    const { definition, program, routed } = await rowOf(by);
    await db
      .update(schema.responders)
      .set({ definition, program, routed: routed.replace(by, id) })
      .where(eq(schema.responders.id, id));
  };

  it("runs no script that was saved after the grant was withdrawn", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const tell = module("return { body: String(ctx.secrets.KEY) };");
    const exposing = await create(account, {
      ...granting(["KEY"], { reveal: true }),
      script: module("return { body: 'nothing' };"),
    });
    const later = await create(account, { name: "Two", path: "/two", script: tell });
    await changedElsewhere(account, exposing.id, later.id);
    const response = await account.hit("GET", "/one");
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining(VALUE)]);
  });

  it("fills no default response in that was saved after it", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const long = "x".repeat(2_000);
    const exposing = await create(account, {
      ...granting(["KEY"]),
      response: { body: long, interpolate: true },
    });
    const later = await create(account, {
      name: "Two",
      path: "/two",
      response: { body: `${long}\${secrets.KEY}` },
    });
    await changedElsewhere(account, exposing.id, later.id);
    const response = await account.hit("GET", "/one");
    expect([response.status, await response.text()]).toEqual([500, expect.not.stringContaining(VALUE)]);
  });

  it("runs what is there now where the grant is the same", async () => {
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE);
    const grant = granting(["KEY"]);
    const before = await create(account, { ...grant, script: module("return { body: 'before' };") });
    const later = await create(account, {
      ...grant,
      name: "Two",
      path: "/two",
      script: module("return { body: 'after' };"),
    });
    await changedElsewhere(account, before.id, later.id);
    expect(await textOf(account)).toBe("after");
  });
});

describe("a secret that does not open", () => {
  it("fails the run closed, and leaves a static answer alone", async () => {
    const account = await mintAccount();
    const secret = await makeSecret(account, "KEY", VALUE);
    const { id } = await create(account, { ...granting(["KEY"]), script: module('return { body: "ran" };') });
    await create(account, {
      name: "Static",
      path: "/static",
      ...granting(["KEY"]),
      response: { body: "as ever" },
    });
    await db.update(schema.secrets).set({ wrapped: "AAAA" }).where(eq(schema.secrets.id, secret));
    const response = await account.hit("GET", "/one");
    expect(response.status).toBe(500);
    expect(await response.text()).not.toContain("KEY");
    expect(await textOf(account, "/static")).toBe("as ever");
    const { body } = await account.api("POST", `/responders/${id}/test`, {});
    expect(body.run.outcome.error).toMatchObject({
      name: "SecretUnavailable",
      message: expect.stringContaining("KEY"),
    });
  });
});

describe("use of a secret", () => {
  it("is told by usedBy and lastUsedAt", async () => {
    const account = await mintAccount();
    const id = await makeSecret(account, "KEY", VALUE);
    const { id: granted } = await create(account, {
      ...granting(["KEY"]),
      script: module('return { body: String(await ctx.secrets.KEY.equals("no")) };'),
    });
    const { id: names } = await create(account, {
      name: "Names it",
      path: "/two",
      script: module("return { body: String(ctx.secrets.KEY) };"),
    });
    const before = await account.api("GET", `/secrets/${id}`);
    expect(before.body.lastUsedAt).toBe(null);
    expect(before.body.usedBy).toEqual(
      expect.arrayContaining([
        { id: granted, name: "One", granted: true, used: true },
        { id: names, name: "Names it", granted: false, used: true },
      ]),
    );
    expect(await textOf(account)).toBe("false");
    await expect
      .poll(async () => (await account.api("GET", `/secrets/${id}`)).body.lastUsedAt)
      .toEqual(expect.any(String));
  });
});
