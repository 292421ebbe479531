import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { codeOf, type Got, pathsOf } from "../support/api.ts";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";

const create = async (account: TestAccount, more: object = {}): Promise<Got["body"]> => {
  const { status, body } = await account.api("POST", "/responders", { name: "One", path: "/one", ...more });
  expect(body).toMatchObject({ id: expect.any(String) });
  expect(status).toBe(201);
  return body;
};

const statuses = (got: readonly Got[]): readonly string[] =>
  got.map(({ status }) => String(status)).toSorted();
const names = (got: Got): readonly string[] => got.body.items.map((item: { name: string }) => item.name);

describe("making a responder", () => {
  it("answers with the whole resource, its defaults filled in", async () => {
    const account = await mintAccount();
    const { status, headers, body } = await account.api("POST", "/responders", {
      name: "One",
      path: "/one/:x",
    });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`/api/v1/responders/${body.id}`);
    expect(headers.get("etag")).toBe(`"${body.etag}"`);
    expect(body).toEqual({
      id: expect.stringMatching(/^rsp_[0-9a-hjkmnp-tv-z]{26}$/),
      name: "One",
      enabled: true,
      label: null,
      method: "ANY",
      path: "/one/:x",
      response: { status: 200, headers: [], body: "", interpolate: false },
      script: null,
      upstream: null,
      secrets: { mode: "none" },
      egress: { mode: "none" },
      kv: true,
      journal: { keep: 100 },
      notifications: null,
      url: `http://${account.handle}.localhost/one/:x`,
      form: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
      etag: `${body.id}.1`,
      warnings: [],
    });
    const { warnings: _, ...shown } = body;
    const read = await account.api("GET", `/responders/${body.id}`);
    expect(read.status).toBe(200);
    expect(read.body).toEqual({ ...shown, stats: { hits: 0, lastHitAt: null } });
  });

  it("keeps what was given: pairs from an object, bodies as they came, several methods, a label", async () => {
    const account = await mintAccount();
    const body = await create(account, {
      label: "staging",
      method: ["POST", "PUT"],
      response: { headers: { "X-A": "1", "content-type": "image/png" }, body: { base64: "iVBORw==" } },
    });
    expect(body).toMatchObject({
      label: "staging",
      method: ["POST", "PUT"],
      url: `http://staging-${account.handle}.localhost/one`,
      response: {
        headers: [
          ["X-A", "1"],
          ["content-type", "image/png"],
        ],
        body: { base64: "iVBORw==" },
      },
    });
  });

  it("takes the fields of powers at their defaults", async () => {
    const account = await mintAccount();
    await create(account, {
      upstream: null,
      secrets: { mode: "none", names: [], reveal: false },
      egress: { mode: "none" },
      kv: true,
      journal: { keep: 100 },
      notifications: null,
    });
  });

  it("warns of what will not do what it seems to", async () => {
    const account = await mintAccount();
    const body = await create(account, {
      response: { status: 204, headers: [["Content-Length", "5"]], body: "${secrets.A}" },
    });
    expect(body.warnings.map((warning: { path: string }) => warning.path)).toEqual([
      "response.body",
      "response.headers.0",
      "response.body",
    ]);
  });

  it.each([
    ["no name", { name: undefined }, "name"],
    ["an empty name", { name: " " }, "name"],
    ["a name of 101 characters", { name: "x".repeat(101) }, "name"],
    ["a name with a line break", { name: "a\nb" }, "name"],
    ["no path", { path: undefined }, "path"],
    ["a path without a slash", { path: "one" }, "path"],
    ["a path with dots", { path: "/a/../b" }, "path"],
    ["a path with encoded dots", { path: "/a/%2e%2e/b" }, "path"],
    ["a path with empty segments", { path: "/a//b" }, "path"],
    ["a path with a NUL", { path: "/a\u0000" }, "path"],
    ["a path with a backslash", { path: "/a\\b" }, "path"],
    ["a path of 10,000 characters", { path: `/${"a".repeat(10_000)}` }, "path"],
    ["a journal of less than nothing", { journal: { keep: -1 } }, "journal.keep"],
    ["half an exchange", { journal: { keep: 0.5 } }, "journal.keep"],
    ["more exchanges than any plan keeps", { journal: { keep: 10_001 } }, "journal.keep"],
    ["an unknown field of the journal", { journal: { keep: 1, for: "ever" } }, "journal.for"],
    ["an unknown field", { colour: "red" }, "colour"],
    ["an unknown inner field", { response: { code: 200 } }, "response.code"],
    ["a wrong type", { enabled: "yes" }, "enabled"],
    ["a status of 600", { response: { status: 600 } }, "response.status"],
    ["a status of 101", { response: { status: 101 } }, "response.status"],
    ["a status of 200.5", { response: { status: 200.5 } }, "response.status"],
    ["a header name with a space", { response: { headers: [["a b", "c"]] } }, "response.headers.0"],
    ["a header value with CR LF", { response: { headers: { a: "b\r\nc: d" } } }, "response.headers.0"],
    ["a header value beyond Latin-1", { response: { headers: [["a", "→"]] } }, "response.headers.0"],
    ["a header of three", { response: { headers: [["a", "b", "c"]] } }, "response.headers.0"],
    ["headers that are too long", { response: { headers: [["a", "b".repeat(17_000)]] } }, "response.headers"],
    ["a body that is not base64", { response: { body: { base64: "?" } } }, "response.body.base64"],
    ["a body of 1 MiB and one byte", { response: { body: "a".repeat(1_048_577) } }, "response.body"],
    ["a label in upper case", { label: "A" }, "label"],
    ["a label that ends with a hyphen", { label: "a-" }, "label"],
    ["a label of punycode", { label: "xn--a" }, "label"],
    ["a label that is too long", { label: "a".repeat(62) }, "label"],
    ["no method", { method: [] }, "method"],
    ["a method in lower case", { method: "post" }, "method"],
    ["CONNECT", { method: "CONNECT" }, "method"],
    ["TRACE among others", { method: ["GET", "TRACE"] }, "method"],
    ["ANY among others", { method: ["ANY", "GET"] }, "method"],
    ["a method twice", { method: ["GET", "GET"] }, "method"],
    ["a script of 257 KiB", { script: { source: "x".repeat(257 * 1024) } }, "script.source"],
    ["a script in another language", { script: { source: "1", language: "py" } }, "script.language"],
  ])("refuses %s, and stores nothing", async (_what, more, path) => {
    const account = await mintAccount();
    const got = await account.api("POST", "/responders", { name: "One", path: "/one", ...more });
    expect([got.status, codeOf(got)]).toEqual([422, "invalid"]);
    expect(pathsOf(got).some((at) => at === path || at.startsWith(`${path}.`))).toBe(true);
    expect((await account.api("GET", "/responders")).body.items).toEqual([]);
  });

  it("refuses malformed JSON, other types and 20 MB", async () => {
    const { key } = await mintAccount();
    const post = (text: string, type = "application/json"): Promise<Got> =>
      call("POST", "/api/v1/responders", { key, text, headers: { "content-type": type } });
    expect((await post("{")).status).toBe(400);
    expect((await post("{}", "text/plain")).status).toBe(415);
    expect((await post(`"${"a".repeat(20_000_000)}"`)).status).toBe(413);
  });

  it("needs its scope", async () => {
    const account = await mintAccount();
    const reader = await keyWith(account, ["responders:read"]);
    const body = { name: "One", path: "/one" };
    expect((await call("POST", "/api/v1/responders", { key: reader, json: body })).status).toBe(403);
    expect((await call("GET", "/api/v1/responders", { key: reader })).status).toBe(200);
    expect((await call("POST", "/api/v1/run", { key: reader, json: { responder: body } })).status).toBe(403);
  });

  it("stops at the tier's number of responders", async () => {
    const account = await mintAccount({ tier: "basic" });
    const made = await Promise.all(
      Array.from({ length: 22 }, (_, place) =>
        account.api("POST", "/responders", { name: `R${place}`, path: `/r${place}` }),
      ),
    );
    const refused = made.filter((got) => got.status !== 201);
    expect(refused.map(codeOf)).toEqual(["over-limit", "over-limit"]);
    expect((await account.api("GET", "/account")).body.usage.responders).toBe(20);
  });

  it("is done once for one Idempotency-Key", async () => {
    const account = await mintAccount();
    const body = { name: "One", path: "/one" };
    const first = await account.api("POST", "/responders", body, { "idempotency-key": "k" });
    const again = await account.api("POST", "/responders", body, { "idempotency-key": "k" });
    expect(again.status).toBe(201);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual(first.body);
  });
});

describe("names and routes that are taken", () => {
  it("conflict, naming the other", async () => {
    const account = await mintAccount();
    const other = await create(account, { name: "Other", path: "/a/:x", method: ["GET", "PUT"] });
    const byName = await account.api("POST", "/responders", { name: "Other", path: "/b" });
    expect([byName.status, codeOf(byName)]).toEqual([409, "conflict"]);
    expect(byName.body.detail).toContain(other.id);
    const byRoute = await account.api("POST", "/responders", {
      name: "New",
      path: "/a/:y",
      method: ["PUT", "POST"],
    });
    expect([byRoute.status, codeOf(byRoute)]).toEqual([409, "conflict"]);
    expect(byRoute.body.detail).toContain("Other");
    expect(byRoute.body.detail).toContain(other.id);
    expect((await account.api("GET", "/responders")).body.items).toHaveLength(1);
  });

  it("do not conflict with another method, ANY, another label, or another account", async () => {
    const account = await mintAccount();
    await create(account, { name: "1", path: "/a", method: "POST" });
    await create(account, { name: "2", path: "/a", method: "ANY" });
    await create(account, { name: "3", path: "/a", method: "GET" });
    await create(account, { name: "4", path: "/a", method: "GET", label: "x" });
    await create(account, { name: "5", path: "/a/", method: "GET" });
    await create(await mintAccount(), { name: "1", path: "/a", method: "POST" });
    const both = await account.api("POST", "/responders", { name: "6", path: "/a", method: "ANY" });
    expect(both.status).toBe(409);
  });

  it("let one of many at once win, by name and by route", async () => {
    const account = await mintAccount();
    const byRoute = await Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        account.api("POST", "/responders", { name: `R${place}`, path: `/:p${place}` }),
      ),
    );
    expect(statuses(byRoute)).toEqual(["201", "409", "409", "409", "409", "409"]);
    const byName = await Promise.all(
      Array.from({ length: 6 }, (_, place) =>
        account.api("POST", "/responders", { name: "Same", path: `/p${place}` }),
      ),
    );
    expect(statuses(byName)).toEqual(["201", "409", "409", "409", "409", "409"]);
    expect((await account.api("GET", "/responders")).body.items).toHaveLength(2);
  });

  it("are free again after a change and a delete", async () => {
    const account = await mintAccount();
    const one = await create(account);
    await account.api("PATCH", `/responders/${one.id}`, { name: "Moved", path: "/moved" });
    const two = await create(account);
    await account.api("DELETE", `/responders/${two.id}`);
    await create(account);
  });
});

describe("how many exchanges are kept", () => {
  it("is 100, or what the plan allows of it, and any number up to that", async () => {
    const account = await mintAccount({ tier: "standard" });
    const one = await create(account);
    expect(one.journal).toEqual({ keep: 100 });
    const path = `/responders/${one.id}`;
    const patched = async (journal: unknown) => {
      const { status, body } = await account.api("PATCH", path, { journal });
      return status === 200 ? body.journal.keep : body.errors;
    };
    expect(await patched({ keep: 1_000 })).toBe(1_000);
    expect(await patched({})).toBe(1_000);
    expect(await patched({ keep: 0 })).toBe(0);
    expect(await patched({ keep: null })).toBe(100);
    expect(await patched({ keep: 7 })).toBe(7);
    expect(await patched(null)).toBe(100);
    expect(await patched({ keep: 1_001 })).toEqual([
      { path: "journal.keep", message: expect.stringMatching(/from 0 .* to 1000/) },
    ]);
    await call("PATCH", `/api/v1/accounts/${account.id}`, {
      key: env.ADMIN_TOKEN ?? "",
      json: { limits: { journalKeep: 50 } },
    });
    expect((await create(account, { name: "Two", path: "/two" })).journal).toEqual({ keep: 50 });
  });
});

describe("changing a responder", () => {
  it("changes what is named and nothing else", async () => {
    const account = await mintAccount();
    const one = await create(account, {
      method: ["GET", "POST"],
      response: { status: 201, headers: [["x-a", "1"]], body: "text" },
    });
    const changed = await account.api("PATCH", `/responders/${one.id}`, {
      enabled: false,
      method: "PUT",
      response: { status: 202 },
    });
    expect(changed.status).toBe(200);
    expect(changed.body).toMatchObject({
      name: "One",
      path: "/one",
      enabled: false,
      method: "PUT",
      etag: `${one.id}.2`,
      createdAt: one.createdAt,
      response: { status: 202, headers: [["x-a", "1"]], body: "text", interpolate: false },
    });
  });

  it("takes null for the default, and replaces headers and bodies whole", async () => {
    const account = await mintAccount();
    const one = await create(account, {
      label: "a",
      response: {
        status: 201,
        headers: [
          ["x-a", "1"],
          ["x-b", "2"],
        ],
        body: { base64: "AAA=" },
      },
    });
    const path = `/responders/${one.id}`;
    const first = await account.api("PATCH", path, {
      label: null,
      response: { headers: { "x-c": "3" }, body: "b" },
    });
    expect(first.body).toMatchObject({
      label: null,
      response: { status: 201, headers: [["x-c", "3"]], body: "b" },
    });
    const second = await account.api("PATCH", path, {
      response: null,
      method: null,
      enabled: null,
      script: null,
    });
    expect(second.body.response).toEqual({ status: 200, headers: [], body: "", interpolate: false });
    expect((await account.api("PATCH", path, { name: null })).status).toBe(422);
  });

  it("refuses what a create refuses, and leaves it as it was", async () => {
    const account = await mintAccount();
    const one = await create(account);
    await create(account, { name: "Two", path: "/two" });
    const path = `/responders/${one.id}`;
    expect((await account.api("PATCH", path, { path: "/two" })).status).toBe(409);
    expect((await account.api("PATCH", path, { name: "Two" })).status).toBe(409);
    expect((await account.api("PATCH", path, { response: { status: 99 } })).status).toBe(422);
    expect((await account.api("PATCH", path, { kv: "no" })).status).toBe(422);
    expect((await account.api("GET", path)).body).toMatchObject({
      path: "/one",
      name: "One",
      etag: one.etag,
    });
  });

  it("is guarded by If-Match", async () => {
    const account = await mintAccount();
    const one = await create(account);
    const path = `/responders/${one.id}`;
    const change = (etag: string): Promise<Got> =>
      account.api("PATCH", path, { enabled: false }, { "if-match": etag });
    expect((await change(`"${one.etag}"`)).status).toBe(200);
    const stale = await change(one.etag);
    expect([stale.status, codeOf(stale)]).toEqual([412, "stale"]);
    expect((await change("*")).status).toBe(200);
    expect((await account.api("DELETE", path, undefined, { "if-match": one.etag })).status).toBe(412);
    expect((await account.api("DELETE", path, undefined, { "if-match": `${one.id}.3` })).status).toBe(204);
  });

  it("loses nothing when several change it at once", async () => {
    const account = await mintAccount();
    const one = await create(account);
    const path = `/responders/${one.id}`;
    const changes = [{ enabled: false }, { label: "x" }, { response: { status: 299 } }, { path: "/new" }];
    const got = await Promise.all(changes.map((change) => account.api("PATCH", path, change)));
    expect(got.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await account.api("GET", path)).body).toMatchObject({
      enabled: false,
      label: "x",
      path: "/new",
      etag: `${one.id}.5`,
      response: { status: 299 },
    });
    const guarded = await Promise.all(
      changes.map((change) => account.api("PATCH", path, change, { "if-match": `${one.id}.5` })),
    );
    expect(statuses(guarded)).toEqual(["200", "412", "412", "412"]);
  });

  it("is not for other accounts", async () => {
    const [account, stranger] = [await mintAccount(), await mintAccount()];
    const { id } = await create(account);
    expect((await stranger.api("GET", `/responders/${id}`)).status).toBe(404);
    expect((await stranger.api("PATCH", `/responders/${id}`, { enabled: false })).status).toBe(404);
    expect((await stranger.api("DELETE", `/responders/${id}`)).status).toBe(404);
    expect((await stranger.api("GET", `/responders/${id}/revisions`)).status).toBe(404);
    expect((await stranger.api("POST", `/responders/${id}/test`, {})).status).toBe(404);
    expect((await account.api("GET", `/responders/${id}`)).body.enabled).toBe(true);
  });

  it("is gone after a delete", async () => {
    const account = await mintAccount();
    const { id } = await create(account);
    expect((await account.api("DELETE", `/responders/${id}`)).status).toBe(204);
    expect((await account.api("DELETE", `/responders/${id}`)).status).toBe(404);
    expect((await account.api("GET", `/responders/${id}`)).status).toBe(404);
    expect((await account.api("POST", `/responders/${id}/revisions/1/restore`)).status).toBe(404);
  });
});

describe("lists", () => {
  it("go page by page, newest first, and search names", async () => {
    const account = await mintAccount();
    for (const name of ["Alpha", "Beta", "Gamma", "alphabet"])
      await create(account, { name, path: `/${name}` });
    const first = await account.api("GET", "/responders?limit=3");
    expect(names(first)).toEqual(["alphabet", "Gamma", "Beta"]);
    const second = await account.api("GET", `/responders?limit=3&cursor=${first.body.nextCursor}`);
    expect([names(second), second.body.nextCursor]).toEqual([["Alpha"], null]);
    expect(names(await account.api("GET", "/responders?q=ALPHA"))).toEqual(["alphabet", "Alpha"]);
    expect(names(await account.api("GET", "/responders?q=%25"))).toEqual([]);
    expect((await account.api("GET", "/responders?limit=0")).status).toBe(422);
  });

  it("end a page early rather than grow without bound", async () => {
    const account = await mintAccount();
    const body = "a".repeat(1_000_000);
    for (const name of ["1", "2", "3", "4", "5", "6"])
      await create(account, { name, path: `/${name}`, response: { body } });
    const first = await account.api("GET", "/responders");
    expect(first.body.items).toHaveLength(4);
    const second = await account.api("GET", `/responders?cursor=${first.body.nextCursor}`);
    expect(second.body.items.map((item: { name: string }) => item.name)).toEqual(["2", "1"]);
    expect(second.body.nextCursor).toBeNull();
  });
});

describe("revisions", () => {
  it("are one a save, and can be read and restored", async () => {
    const account = await mintAccount();
    const one = await create(account, { response: { body: "first" } });
    const path = `/responders/${one.id}`;
    await account.api("PATCH", path, { name: "Two", response: { body: "second" } });
    const list = await account.api("GET", `${path}/revisions`);
    expect(
      list.body.items.map((item: { revision: number; name: string }) => [item.revision, item.name]),
    ).toEqual([
      [2, "Two"],
      [1, "One"],
    ]);
    const first = await account.api("GET", `${path}/revisions/1`);
    expect(first.body).toMatchObject({
      revision: 1,
      responder: { name: "One", response: { body: "first" } },
    });
    const stale = await account.api("POST", `${path}/revisions/1/restore`, undefined, {
      "if-match": `${one.id}.1`,
    });
    expect(stale.status).toBe(412);
    const restored = await account.api("POST", `${path}/revisions/1/restore`);
    expect(restored.status).toBe(200);
    expect(restored.body).toMatchObject({ name: "One", response: { body: "first" }, etag: `${one.id}.3` });
    expect((await account.api("POST", `${path}/revisions/9/restore`)).status).toBe(404);
  });

  it("are kept to the last 20", async () => {
    const account = await mintAccount();
    const one = await create(account);
    const path = `/responders/${one.id}`;
    for (let count = 0; count < 22; count += 1)
      await account.api("PATCH", path, { enabled: count % 2 === 0 });
    const first = await account.api("GET", `${path}/revisions?limit=15`);
    const second = await account.api("GET", `${path}/revisions?cursor=${first.body.nextCursor}`);
    const numbers = [...first.body.items, ...second.body.items].map(
      (item: { revision: number }) => item.revision,
    );
    expect(numbers).toEqual(Array.from({ length: 20 }, (_, place) => 23 - place));
    expect((await account.api("GET", `${path}/revisions/3`)).status).toBe(404);
  });

  it("restore only what does not conflict by now", async () => {
    const account = await mintAccount();
    const one = await create(account);
    await account.api("PATCH", `/responders/${one.id}`, { path: "/elsewhere" });
    await create(account, { name: "Squatter", path: "/one" });
    const refused = await account.api("POST", `/responders/${one.id}/revisions/1/restore`);
    expect(refused.status).toBe(409);
    expect(refused.body.detail).toContain("Squatter");
  });
});

describe("the OpenAPI document", () => {
  it("has every operation with its scope", async () => {
    const { status, body } = await call("GET", "/api/openapi.json");
    expect(status).toBe(200);
    const scopeOf = (method: string, path: string): unknown =>
      body.paths[`/api/v1${path}`]?.[method]?.["x-scope"];
    expect(scopeOf("get", "/responders")).toBe("responders:read");
    expect(scopeOf("post", "/responders")).toBe("responders:write");
    expect(scopeOf("patch", "/responders/{id}")).toBe("responders:write");
    expect(scopeOf("delete", "/responders/{id}")).toBe("responders:write");
    expect(scopeOf("post", "/responders/{id}/revisions/{n}/restore")).toBe("responders:write");
    expect(scopeOf("post", "/responders/{id}/test")).toBe("responders:write");
    expect(scopeOf("post", "/run")).toBe("responders:write");
    expect(scopeOf("get", "/unmatched")).toBe("responders:read");
    const { required } = body.components.schemas.ResponderInput;
    expect(required.toSorted()).toEqual(["name", "path"]);
  });
});
