import { describe, expect, it } from "vitest";
import { runDurableObjectAlarm } from "cloudflare:test";
import { newId } from "../../src/lib/id.ts";
import { keyWith, call, mintAccount, type TestAccount } from "../support/account.ts";
import { codeOf, pathsOf } from "../support/api.ts";
import { expireAll, stateObject, write } from "../support/state.ts";

const RULES = { entries: 100_000, bytes: 2 ** 30 };
const MIB = 1024 * 1024;

const makeResponder = async (account: TestAccount, more: object = {}): Promise<string> => {
  const got = await account.api("POST", "/responders", { name: "S", path: "/s", ...more });
  if (got.status !== 201) throw new Error(JSON.stringify(got.body));
  return got.body.id;
};
const stateOf = async (more: object = {}) => {
  const account = await mintAccount(more);
  const id = await makeResponder(account);
  return { account, id, path: `/responders/${id}/state`, object: stateObject(id) };
};
const segment = encodeURIComponent;

describe("the state's routes", () => {
  it("write, read and delete a key", async () => {
    const { account, path } = await stateOf();
    const put = await account.api("PUT", `${path}/a`, { value: { n: [1, null] } });
    expect([put.status, put.headers.get("etag")]).toEqual([200, '"1"']);
    expect(put.body).toEqual({
      key: "a",
      type: "json",
      size: 14,
      version: 1,
      etag: "1",
      createdAt: expect.stringMatching(/^20\d\d-.*\.\d{3}Z$/),
      updatedAt: put.body.createdAt,
      expiresAt: null,
    });
    const got = await account.api("GET", `${path}/a`);
    expect([got.status, got.headers.get("etag")]).toEqual([200, '"1"']);
    expect(got.body).toEqual({ ...put.body, value: { n: [1, null] } });
    expect((await account.api("DELETE", `${path}/a`)).status).toBe(204);
    const again = await account.api("DELETE", `${path}/a`);
    expect([again.status, codeOf(again)]).toEqual([404, "not-found"]);
    expect((await account.api("GET", `${path}/a`)).status).toBe(404);
  });

  it.each([
    ["null", null],
    ["a number", 0.5],
    ["a text", "é\0"],
    ["false", false],
    ["an empty list", []],
  ])("keep %s as it is", async (_what, value) => {
    const { account, path } = await stateOf();
    expect((await account.api("PUT", `${path}/v`, { value })).status).toBe(200);
    expect((await account.api("GET", `${path}/v`)).body.value).toEqual(value);
  });

  it("keep bytes, shown in base64", async () => {
    const { account, path } = await stateOf();
    const put = await account.api("PUT", `${path}/b`, { base64: "AP8H", ttlSeconds: 3_600 });
    expect(put.body).toMatchObject({ type: "bytes", size: 3 });
    expect(Date.parse(put.body.expiresAt) - Date.parse(put.body.updatedAt)).toBe(3_600_000);
    const got = await account.api("GET", `${path}/b`);
    expect([got.body.base64, "value" in got.body]).toEqual(["AP8H", false]);
  });

  it.each(["a/b", "a%2Fb", "ü ñ", "a\0b", "?#&+;", "..a", "__proto__", "{key}", ":x", "a//", "🎉"])(
    "take the key %j, percent-encoded",
    async (key) => {
      const { account, path } = await stateOf();
      expect((await account.api("PUT", `${path}/${segment(key)}`, { value: key })).body.key).toBe(key);
      expect((await account.api("GET", `${path}/${segment(key)}`)).body).toMatchObject({ key, value: key });
      const list = await account.api("GET", path);
      expect(list.body.items.map((item: { key: string }) => item.key)).toEqual([key]);
      expect((await account.api("DELETE", `${path}/${segment(key)}`)).status).toBe(204);
    },
  );

  it("list in the order of keys, by prefix, page by page, without values", async () => {
    const { account, path, object } = await stateOf();
    for (const key of ["b/2", "a", "b/1", "b/3", "c"]) await object.set(write(key, key), RULES);
    const keys = (got: { body: { items: { key: string }[] } }) => got.body.items.map(({ key }) => key);
    const all = await account.api("GET", path);
    expect([keys(all), all.body.nextCursor]).toEqual([["a", "b/1", "b/2", "b/3", "c"], null]);
    expect("value" in all.body.items[0]).toBe(false);
    const first = await account.api("GET", `${path}?prefix=b%2F&limit=2`);
    expect([keys(first), typeof first.body.nextCursor]).toEqual([["b/1", "b/2"], "string"]);
    const second = await account.api("GET", `${path}?prefix=b%2F&limit=2&cursor=${first.body.nextCursor}`);
    expect([keys(second), second.body.nextCursor]).toEqual([["b/3"], null]);
    const other = await stateOf();
    const foreign = await other.account.api("GET", `${other.path}?cursor=${first.body.nextCursor}`);
    expect([foreign.status, pathsOf(foreign)]).toEqual([422, ["cursor"]]);
  });

  it("write and delete only the version that was read", async () => {
    const { account, path } = await stateOf();
    const put = (value: unknown, match: string) =>
      account.api("PUT", `${path}/a`, { value }, { "if-match": match });
    expect((await put(1, "*")).status).toBe(412);
    await account.api("PUT", `${path}/a`, { value: 1 });
    expect((await put(2, '"1"')).body.version).toBe(2);
    const stale = await put(3, '"1"');
    expect([stale.status, codeOf(stale)]).toEqual([412, "stale"]);
    expect((await put(3, "not a version")).status).toBe(412);
    expect((await put(3, '"9", W/"2"')).body.version).toBe(3);
    expect((await put(4, "*")).body.version).toBe(4);
    expect((await account.api("DELETE", `${path}/a`, undefined, { "if-match": '"3"' })).status).toBe(412);
    expect((await account.api("DELETE", `${path}/a`, undefined, { "if-match": '"4"' })).status).toBe(204);
  });

  it("delete everything", async () => {
    const { account, path } = await stateOf();
    expect((await account.api("DELETE", path)).status).toBe(204);
    await account.api("PUT", `${path}/a`, { value: 1 });
    await account.api("PUT", `${path}/b`, { value: 1 });
    expect((await account.api("DELETE", path)).status).toBe(204);
    expect((await account.api("GET", path)).body.items).toEqual([]);
    expect((await account.api("PUT", `${path}/a`, { value: 1 })).body.version).toBe(3);
  });

  it("do not show what has expired", async () => {
    const { account, path, object } = await stateOf();
    await account.api("PUT", `${path}/a`, { value: 1, ttlSeconds: 60 });
    await expireAll(object);
    expect((await account.api("GET", `${path}/a`)).status).toBe(404);
    expect((await account.api("GET", path)).body.items).toEqual([]);
    expect((await account.api("DELETE", `${path}/a`)).status).toBe(404);
  });

  it("show as bytes what a broken script left as JSON", async () => {
    const { account, path, object } = await stateOf();
    const broken = (text: string) => ({
      type: "json" as const,
      bytes: Uint8Array.from(new TextEncoder().encode(text)),
    });
    await object.set({ ...write("bad", 0), value: broken("{") }, RULES);
    await object.set(
      { ...write("deep", 0), value: broken("[".repeat(200_000) + "]".repeat(200_000)) },
      RULES,
    );
    expect((await account.api("GET", `${path}/bad`)).body).toMatchObject({ type: "json", base64: "ew==" });
    expect((await account.api("GET", `${path}/deep`)).status).toBe(200);
  });
});

describe("bad input to the state's routes", () => {
  it.each([
    ["a key of 257 bytes", `/${"a".repeat(257)}`, { value: 1 }, ["key"], "at most 256 bytes"],
    ["a key of 129 letters of 2 bytes", `/${segment("é".repeat(129))}`, { value: 1 }, ["key"], "has 258"],
    ["a key that is no UTF-8", "/%ff", { value: 1 }, ["key"], "percent-encoded"],
    ["neither value nor base64", "/a", { ttlSeconds: 1 }, ["value"], "Required"],
    ["value and base64", "/a", { value: 1, base64: "AA==" }, [""], "base64"],
    ["an unknown field", "/a", { value: 1, ttl: 5 }, ["ttl"], "Unknown field"],
    ["base64 that is none", "/a", { base64: "*" }, ["base64"], "not base64"],
    ["a time to live of 0", "/a", { value: 1, ttlSeconds: 0 }, ["ttlSeconds"], "30 days"],
    ["31 days", "/a", { value: 1, ttlSeconds: 31 * 86_400 }, ["ttlSeconds"], "30 days"],
    ["a value of 1 MiB and a byte", "/a", { value: "x".repeat(MIB - 1) }, ["value"], `has ${MIB + 1}`],
  ])("refuses %s", async (_what, end, body, paths, words) => {
    const { account, path } = await stateOf();
    const got = await account.api("PUT", path + end, body);
    expect([got.status, codeOf(got)]).toEqual([422, "invalid"]);
    expect(pathsOf(got)).toEqual(paths);
    expect(got.body.detail).toContain(words);
    expect((await account.api("GET", path)).body.items).toEqual([]);
  });

  it("takes a key of 256 bytes and a value of exactly 1 MiB", async () => {
    const { account, path } = await stateOf();
    const key = segment("é".repeat(128));
    expect((await account.api("PUT", `${path}/${key}`, { value: "x".repeat(MIB - 2) })).body.size).toBe(MIB);
    const got = await account.api("GET", `${path}/${key}`);
    expect(got.body.value).toHaveLength(MIB - 2);
  });

  it("refuses what is beyond the account's limits", async () => {
    const { account, path } = await stateOf();
    const limits = { stateEntries: 1, stateBytes: 100 };
    await call("PATCH", `/api/v1/accounts/${account.id}`, {
      key: "test-admin-token-0123456789abcdef0123456789",
      json: { limits },
    });
    expect((await account.api("PUT", `${path}/a`, { value: 1 })).status).toBe(200);
    const more = await account.api("PUT", `${path}/b`, { value: 1 });
    expect([more.status, codeOf(more)]).toEqual([422, "over-limit"]);
    expect(more.body.detail).toContain("1 entries");
    expect(codeOf(await account.api("PUT", `${path}/a`, { value: "x".repeat(100) }))).toBe("over-limit");
  });

  it("knows no responder of another account, and none that is not there", async () => {
    const mine = await stateOf();
    const other = await mintAccount();
    await mine.account.api("PUT", `${mine.path}/a`, { value: 1 });
    for (const path of [
      mine.path,
      `/responders/${newId("rsp", Date.now())}/state`,
      "/responders/nonsense/state",
    ]) {
      for (const [method, end, json] of [
        ["GET", "", undefined],
        ["DELETE", "", undefined],
        ["GET", "/a", undefined],
        ["DELETE", "/a", undefined],
        ["PUT", "/a", { value: 2 }],
      ] as const) {
        const got = await other.api(method, path + end, json);
        expect([method, got.status, codeOf(got)]).toEqual([method, 404, "not-found"]);
      }
    }
    expect((await mine.account.api("GET", `${mine.path}/a`)).body.value).toBe(1);
  });

  it("needs the scopes", async () => {
    const { account, path } = await stateOf();
    const reader = await keyWith(account, ["state:read"]);
    const stranger = await keyWith(account, ["responders:write", "journal:read"]);
    const writer = await keyWith(account, ["state:write"]);
    const as = (key: string, method: string, json?: unknown) =>
      call(method, `/api/v1${path}/a`, { key, json });
    expect((await as(writer, "PUT", { value: 1 })).status).toBe(200);
    expect((await as(writer, "GET")).status).toBe(200);
    expect((await as(reader, "GET")).status).toBe(200);
    expect((await as(reader, "PUT", { value: 2 })).status).toBe(403);
    expect((await as(reader, "DELETE")).status).toBe(403);
    expect((await as(stranger, "GET")).status).toBe(403);
    expect((await call("DELETE", `/api/v1${path}`, { key: reader })).status).toBe(403);
  });

  it("says which methods there are", async () => {
    const { account, path } = await stateOf();
    const got = await account.api("POST", `${path}/a`, { value: 1 });
    expect([got.status, got.headers.get("allow")]).toEqual([405, "DELETE, GET, HEAD, PUT"]);
    expect((await account.api("PUT", `${path}/a/b`, { value: 1 })).status).toBe(404);
  });
});

describe("a responder that is deleted", () => {
  it("takes its state with it, and no run brings it back", async () => {
    const { account, id, path, object } = await stateOf();
    await account.api("PUT", `${path}/a`, { value: 1 });
    expect((await account.api("DELETE", `/responders/${id}`)).status).toBe(204);
    expect(await object.get("a")).toBeNull();
    expect(await object.set(write("a", 1), RULES)).toEqual({ kind: "gone" });
    expect((await account.api("GET", path)).status).toBe(404);
    expect(await runDurableObjectAlarm(object)).toBe(true);
    expect(await object.usage()).toEqual({ entries: 0, bytes: 0 });
  });
});

describe("the document", () => {
  it("describes the state's routes", async () => {
    const { body } = await call("GET", "/api/openapi.json");
    const path = body.paths["/api/v1/responders/{id}/state/{key}"];
    expect(Object.keys(path)).toEqual(["get", "put", "delete"]);
    expect(path.put["x-scope"]).toBe("state:write");
    expect(path.get.parameters.map(({ name }: { name: string }) => name)).toEqual(["id", "key"]);
    expect(Object.keys(path.put.responses)).toEqual(
      expect.arrayContaining(["200", "404", "412", "413", "415", "422"]),
    );
    expect(body.paths["/api/v1/responders/{id}/state"].get["x-scope"]).toBe("state:read");
  });
});
