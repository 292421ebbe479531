import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it, vi } from "vitest";
import { createBase } from "../../src/api/base.ts";
import { registerSecrets } from "../../src/api/secrets.ts";
import { base64, base64url, hex, sha256Hex, utf8 } from "../../src/lib/bytes.ts";
import { createDb, schema } from "../../src/storage/index.ts";
import { ADMIN_TOKEN, callerOf, codeOf, createWorld, type Got, pathsOf } from "../support/api.ts";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { dumpOfDatabase, secretsWith } from "../support/secrets.ts";

const db = createDb(env.DB);
const VALUE = "sk_live_0123456789";

const create = async (account: TestAccount, more: object = {}): Promise<Got["body"]> => {
  const got = await account.api("POST", "/secrets", { name: "STRIPE", value: VALUE, ...more });
  expect([got.status, got.body.detail]).toEqual([201, undefined]);
  return got.body;
};
const rowOf = async (id: string) => {
  const [row] = await db.select().from(schema.secrets).where(eq(schema.secrets.id, id));
  if (row === undefined) throw new Error("no row");
  return row;
};
const patch = (account: TestAccount, id: string, json: unknown, headers = {}): Promise<Got> =>
  account.api("PATCH", `/secrets/${id}`, json, headers);
const names = (got: Got): readonly string[] => got.body.items.map((item: { name: string }) => item.name);

/** A responder, and in its row what its owner granted it. */
const grant = async (account: TestAccount, name: string, use: object): Promise<string> => {
  const { body } = await account.api("POST", "/responders", { name, path: `/${name}` });
  const secretUse = JSON.stringify({
    mode: "none",
    ids: [],
    used: [],
    open: false,
    reveal: false,
    interpolate: false,
    ...use,
  });
  await db.update(schema.responders).set({ secretUse }).where(eq(schema.responders.id, body.id));
  return body.id;
};

describe("keeping a secret", () => {
  it("answers with all of it but the value, its defaults filled in", async () => {
    const account = await mintAccount();
    const { status, headers, body } = await account.api("POST", "/secrets", { name: "STRIPE", value: VALUE });
    expect(status).toBe(201);
    expect(headers.get("location")).toBe(`/api/v1/secrets/${body.id}`);
    expect(headers.get("etag")).toBe(`"${body.etag}"`);
    expect(body).toEqual({
      id: expect.stringMatching(/^sec_[0-9a-hjkmnp-tv-z]{26}$/),
      name: "STRIPE",
      hosts: [],
      in: ["header:authorization"],
      version: 1,
      usedBy: [],
      lastUsedAt: null,
      createdAt: expect.stringMatching(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/),
      updatedAt: body.createdAt,
      etag: `${body.id}.1`,
      warnings: [{ path: "hosts", message: expect.stringContaining("sent nowhere") }],
    });
    const { warnings: _, ...shown } = body;
    const read = await account.api("GET", `/secrets/${body.id}`);
    expect([read.status, read.headers.get("etag"), read.body]).toEqual([200, `"${body.etag}"`, shown]);
    expect((await account.api("GET", "/secrets")).body).toEqual({ items: [shown], nextCursor: null });
  });

  it("keeps hosts as the URL parser writes them, and headers in lower case", async () => {
    const account = await mintAccount();
    const hosts = ["API.Stripe.com.:443", "*.München.de", "a.example.com:8443"];
    const body = await create(account, { hosts, in: ["header:X-Api-Key", "query"] });
    expect(body).toMatchObject({
      hosts: ["api.stripe.com", "*.xn--mnchen-3ya.de", "a.example.com:8443"],
      in: ["header:x-api-key", "query"],
      warnings: [],
    });
  });

  it("refuses what is wrong, each fault by its path, and never repeats the value", async () => {
    const account = await mintAccount();
    const cases: readonly (readonly [more: object, ...paths: string[]])[] = [
      [{ name: undefined }, "name"],
      [{ value: undefined }, "value"],
      [{ name: "1A" }, "name"],
      [{ name: "A B" }, "name"],
      [{ name: "" }, "name"],
      [{ name: "__proto" }, "name"],
      [{ name: "A".repeat(129) }, "name"],
      [{ name: null, value: null }, "name", "value"],
      [{ value: "" }, "value"],
      [{ value: VALUE.repeat(600) }, "value"],
      [{ value: "é".repeat(5_121) }, "value"],
      [{ value: `${VALUE}\ud800` }, "value"],
      [{ value: [VALUE] }, "value"],
      [{ value: { text: VALUE } }, "value"],
      [{ hosts: "a.com" }, "hosts"],
      [{ hosts: ["*", "a.com", "http://a.com"] }, "hosts.0", "hosts.2"],
      [{ hosts: ["localhost"] }, "hosts.0"],
      [{ hosts: ["a.com", "A.com"] }, "hosts.1"],
      [{ hosts: [1] }, "hosts.0"],
      [{ in: ["body"] }, "in.0"],
      [{ in: ["header:A", "header:a"] }, "in.1"],
      [{ places: ["query"] }, "places"],
      [{ id: "sec_1" }, "id"],
      [{ name: "1", value: "", hosts: ["*"], in: ["x"] }, "name", "value", "hosts.0", "in.0"],
    ];
    for (const [more, ...paths] of cases) {
      const got = await account.api("POST", "/secrets", { name: "A", value: VALUE, ...more });
      expect([more, got.status, pathsOf(got)]).toEqual([more, 422, paths]);
      expect(JSON.stringify(got.body)).not.toContain(VALUE);
    }
    const broken = await call("POST", "/api/v1/secrets", {
      key: account.key,
      text: `{"name":"A","value":"${VALUE}",}`,
      headers: { "content-type": "application/json" },
    });
    expect([broken.status, JSON.stringify(broken.body).includes(VALUE)]).toEqual([400, false]);
    expect((await account.api("GET", "/secrets")).body.items).toEqual([]);
  });

  it("takes 10,240 bytes of any text, and the longest name", async () => {
    const account = await mintAccount();
    await create(account, { name: `A${"_".repeat(127)}`, value: "é".repeat(5_120) });
    await create(account, { name: "b-1", value: "\0" });
    await create(account, { name: "B-1", value: "🔑\r\n" });
  });

  it("refuses a name that is taken, saying by which, in the same account only", async () => {
    const account = await mintAccount();
    const { id } = await create(account);
    const other = await create(account, { name: "stripe" });
    const taken = await account.api("POST", "/secrets", { name: "STRIPE", value: VALUE });
    expect([taken.status, codeOf(taken), pathsOf(taken)]).toEqual([409, "conflict", ["name"]]);
    expect(taken.body.detail).toContain(id);
    const renamed = await patch(account, other.id, { name: "STRIPE" });
    expect([renamed.status, renamed.body.detail.includes(id)]).toEqual([409, true]);
    await create(await mintAccount());
  });

  it("stops at what the plan allows, however many come at once", async () => {
    const account = await mintAccount();
    await call("PATCH", `/api/v1/accounts/${account.id}`, {
      key: env.ADMIN_TOKEN ?? "",
      json: { limits: { secrets: 3 } },
    });
    const all = await Promise.all(
      [1, 2, 3, 4, 5].map((n) => account.api("POST", "/secrets", { name: `S${n}`, value: VALUE })),
    );
    expect(all.map(({ status }) => String(status)).toSorted()).toEqual(["201", "201", "201", "422", "422"]);
    const refused = all.find(({ status }) => status === 422);
    expect(refused && codeOf(refused)).toBe("over-limit");
    const { body } = await account.api("GET", "/account");
    expect(body.usage).toMatchObject({ secrets: 3, responders: 0 });
  });

  it("is carried out once with an Idempotency-Key, and its repeat holds no value either", async () => {
    const account = await mintAccount();
    const json = { name: "ONCE", value: "pin-1234-secret" };
    const headers = { "idempotency-key": "one" };
    const first = await account.api("POST", "/secrets", json, headers);
    const again = await account.api("POST", "/secrets", json, headers);
    expect([again.status, again.headers.get("idempotency-replayed"), again.body]).toEqual([
      201,
      "true",
      first.body,
    ]);
    const other = await account.api("POST", "/secrets", { ...json, value: "pin-1235-secret" }, headers);
    expect([other.status, codeOf(other)]).toEqual([422, "idempotency-mismatch"]);
    // A hash of the body alone would let whoever reads the database try out values.
    expect(await dumpOfDatabase()).not.toContain(await sha256Hex(JSON.stringify(json)));
  });
});

describe("reading secrets", () => {
  it("goes by pages, newest first, and searches names", async () => {
    const account = await mintAccount();
    for (const name of ["ALPHA", "beta", "Alphabet"]) await create(account, { name });
    expect(names(await account.api("GET", "/secrets"))).toEqual(["Alphabet", "beta", "ALPHA"]);
    expect(names(await account.api("GET", "/secrets?q=alpha"))).toEqual(["Alphabet", "ALPHA"]);
    expect(names(await account.api("GET", "/secrets?q=%25"))).toEqual([]);
    const first = await account.api("GET", "/secrets?limit=2");
    expect(names(first)).toEqual(["Alphabet", "beta"]);
    const second = await account.api("GET", `/secrets?limit=2&cursor=${first.body.nextCursor}`);
    expect([names(second), second.body.nextCursor]).toEqual([["ALPHA"], null]);
    const elsewhere = await (await mintAccount()).api("GET", `/secrets?cursor=${first.body.nextCursor}`);
    expect([elsewhere.status, pathsOf(elsewhere)]).toEqual([422, ["cursor"]]);
  });

  it("tells which responders are granted a secret, and which name it", async () => {
    const account = await mintAccount();
    const [one, two] = [await create(account, { name: "ONE" }), await create(account, { name: "TWO" })];
    const every = await grant(account, "every", { mode: "all", used: ["ONE"] });
    const some = await grant(account, "some", { mode: "selected", ids: [two.id] });
    const named = await grant(account, "named", { used: ["TWO"] });
    await grant(account, "neither", {});
    const usersOf = async (id: string) => (await account.api("GET", `/secrets/${id}`)).body.usedBy;
    const ofTwo = [
      { id: named, name: "named", granted: false, used: true },
      { id: some, name: "some", granted: true, used: false },
      { id: every, name: "every", granted: true, used: false },
    ];
    expect(await usersOf(one.id)).toEqual([{ id: every, name: "every", granted: true, used: true }]);
    expect(await usersOf(two.id)).toEqual(ofTwo);
    const listed = (await account.api("GET", "/secrets")).body.items;
    expect(listed.map((item: { usedBy: unknown[] }) => item.usedBy.length)).toEqual([3, 1]);
    expect((await patch(account, two.id, { name: "TWO_B" })).body.usedBy).toEqual(ofTwo.slice(1));
  });
});

describe("changing a secret", () => {
  it("by its name leaves every byte of its ciphertext", async () => {
    const account = await mintAccount();
    const { id, etag } = await create(account, { hosts: ["a.com"] });
    const before = await rowOf(id);
    const renamed = await patch(account, id, { name: "RENAMED" });
    expect(renamed.body).toMatchObject({ name: "RENAMED", version: 1, etag: `${id}.2` });
    expect(renamed.body.etag).not.toBe(etag);
    const { name: _n, revision: _r, updatedAt: _u, ...after } = await rowOf(id);
    expect(before).toMatchObject(after);
  });

  it("by its value is a new version under a new key, even when it is the same", async () => {
    const account = await mintAccount();
    const { id } = await create(account);
    const before = await rowOf(id);
    expect((await patch(account, id, { value: VALUE })).body).toMatchObject({ version: 2, name: "STRIPE" });
    const after = await rowOf(id);
    expect(after.sealed).not.toBe(before.sealed);
    expect(after.wrapped).not.toBe(before.wrapped);
    // What was there before does not come back by writing it back.
    const { sealed, wrapped } = before;
    await db.update(schema.secrets).set({ sealed, wrapped }).where(eq(schema.secrets.id, id));
    const { secrets } = secretsWith();
    expect(await secrets.resolve(account.id, { mode: "all" })).toMatchObject({ kind: "unopened" });
  });

  it("narrows and widens where it goes: whoever widens gives the value", async () => {
    const account = await mintAccount();
    const first = { hosts: ["*.a.com", "b.com"], in: ["header:authorization", "query"] };
    const { id } = await create(account, first);
    const sealed = (await rowOf(id)).sealed;
    const steps: readonly (readonly [change: object, status: number, ...paths: string[]])[] = [
      [{ hosts: ["*.a.com", "b.com", "c.com"] }, 422, "hosts"],
      [{ hosts: ["a.com"] }, 422, "hosts"],
      [{ hosts: ["b.com:8443"] }, 422, "hosts"],
      [{ in: ["path"] }, 422, "in"],
      [{ hosts: ["evil.com"], in: ["path"], name: "NEW" }, 422, "hosts", "in"],
      [{ in: null, hosts: ["x.a.com", "*.y.a.com", "b.com"] }, 200],
      [{ hosts: ["*.a.com"] }, 422, "hosts"],
      [{ in: ["header:authorization", "query"] }, 422, "in"],
      [{ hosts: null }, 200],
      [{ hosts: ["x.a.com"] }, 422, "hosts"],
      [{ in: [] }, 200],
      [{ in: null }, 422, "in"],
      [{ hosts: [] }, 200],
      [{ value: null }, 422, "value"],
      [{ hosts: ["evil.com"], value: null }, 422, "value"],
      [{ hosts: ["evil.com"], value: "" }, 422, "value"],
    ];
    for (const [change, status, ...paths] of steps) {
      const got = await patch(account, id, change);
      expect([change, got.status, pathsOf(got)]).toEqual([change, status, paths]);
    }
    expect(await rowOf(id)).toMatchObject({ name: "STRIPE", version: 1, hosts: "[]", places: "[]", sealed });
    const wide = await patch(account, id, { ...first, value: VALUE });
    expect([wide.status, wide.body.version, wide.body.hosts, wide.body.in]).toEqual([
      200,
      2,
      first.hosts,
      first.in,
    ]);
    const { secrets } = secretsWith();
    expect(await secrets.resolve(account.id, { mode: "all" })).toMatchObject({
      kind: "granted",
      secrets: [{ value: VALUE, hosts: first.hosts, places: first.in }],
    });
  });

  it("never widens by a request that comes between", async () => {
    const account = await mintAccount();
    const { id } = await create(account, { hosts: ["a.com", "b.com"] });
    const both = await Promise.all([
      patch(account, id, { hosts: ["a.com"] }),
      patch(account, id, { hosts: ["b.com"] }),
    ]);
    expect(both.map(({ status }) => String(status)).toSorted()).toEqual(["200", "422"]);
  });

  it("is guarded against lost updates, and asked for what is there", async () => {
    const account = await mintAccount();
    const { id, etag } = await create(account);
    expect((await patch(account, id, { name: "A" }, { "if-match": `"${etag}"` })).status).toBe(200);
    expect((await patch(account, id, { name: "B" }, { "if-match": etag })).status).toBe(412);
    const stale = await account.api("DELETE", `/secrets/${id}`, undefined, { "if-match": etag });
    expect([stale.status, codeOf(stale)]).toEqual([412, "stale"]);
    for (const json of [{ version: 2 }, { usedBy: [] }, { name: null }]) {
      expect((await patch(account, id, json)).status).toBe(422);
    }
    expect((await patch(account, "sec_01jz3v8q6hft2m5x9k7w4c0b1d", { name: "B" })).status).toBe(404);
    expect((await account.api("DELETE", `/secrets/${id}`)).status).toBe(204);
    expect((await account.api("DELETE", `/secrets/${id}`)).status).toBe(404);
    expect((await account.api("GET", `/secrets/${id}`)).status).toBe(404);
  });

  it("says so when a row no longer opens, and takes its value again", async () => {
    const account = await mintAccount();
    const { id } = await create(account, { hosts: ["a.com", "b.com"] });
    await db.update(schema.secrets).set({ masterKeyId: "gone" }).where(eq(schema.secrets.id, id));
    expect((await patch(account, id, { name: "RENAMED" })).status).toBe(200);
    const narrowed = await patch(account, id, { hosts: ["a.com"] });
    expect([narrowed.status, pathsOf(narrowed)]).toEqual([422, ["value"]]);
    expect((await patch(account, id, { hosts: ["a.com"], value: VALUE })).status).toBe(200);
  });

  it("gives no responder more than 64 KiB, naming the one that would have it", async () => {
    const account = await mintAccount();
    const big = "x".repeat(10_240);
    const made: string[] = [];
    for (let index = 0; index < 6; index += 1) {
      made.push((await create(account, { name: `BIG${index}`, value: big })).id);
    }
    const some = await grant(account, "some", { mode: "selected", ids: made });
    // Seven are too many for whoever has all: nobody does yet.
    const seventh = await create(account, { name: "BIG6", value: big });
    await account.api("DELETE", `/secrets/${seventh.id}`);
    const every = await grant(account, "every", { mode: "all" });
    const refused = await account.api("POST", "/secrets", { name: "BIG6", value: big });
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["value"]]);
    expect(refused.body.detail).toContain(every);
    const small = await create(account, { name: "SMALL", value: "x".repeat(65_536 - 61_440) });
    const grown = await patch(account, small.id, { value: "x".repeat(65_536 - 61_440 + 1) });
    expect([grown.status, grown.body.detail.includes(every)]).toEqual([422, true]);
    await account.api("DELETE", `/responders/${every}`);
    expect((await patch(account, small.id, { value: big })).status).toBe(200);
    expect((await patch(account, made[0] ?? "", { value: big, name: some.slice(0, 3) })).status).toBe(200);
  });
});

describe("access", () => {
  it("needs secrets:read to look and secrets:write to change", async () => {
    const account = await mintAccount();
    const { id } = await create(account);
    const calls = [
      ["GET", "/secrets", undefined, "read"],
      ["GET", `/secrets/${id}`, undefined, "read"],
      ["POST", "/secrets", { name: "X", value: VALUE }, "write"],
      ["PATCH", `/secrets/${id}`, { name: "Y" }, "write"],
      ["DELETE", `/secrets/${id}`, undefined, "write"],
    ] as const;
    const others = await keyWith(account, [
      "secrets:use",
      "secrets:reveal",
      "responders:write",
      "account:read",
    ]);
    const reader = await keyWith(account, ["secrets:read"]);
    const writer = await keyWith(account, ["secrets:write"]);
    for (const [method, path, json, need] of calls) {
      const by = async (key: string): Promise<number> =>
        (await call(method, `/api/v1${path}`, { key, json })).status;
      expect([method, path, await by(others)]).toEqual([method, path, 403]);
      expect([method, path, (await by(reader)) < 300]).toEqual([method, path, need === "read"]);
      expect([method, path, (await by(writer)) < 300]).toEqual([method, path, true]);
    }
  });

  it("of another account finds nothing", async () => {
    const { id } = await create(await mintAccount());
    const stranger = await mintAccount();
    for (const [method, json] of [["GET"], ["PATCH", { name: "MINE" }], ["DELETE"]] as const) {
      expect((await stranger.api(method, `/secrets/${id}`, json)).status).toBe(404);
    }
    expect((await stranger.api("GET", "/secrets")).body.items).toEqual([]);
  });

  it("ends with the account, whose rows go", async () => {
    const account = await mintAccount();
    await create(account);
    await call("DELETE", `/api/v1/accounts/${account.id}`, { key: env.ADMIN_TOKEN ?? "" });
    expect(await db.$count(schema.secrets, eq(schema.secrets.accountId, account.id))).toBe(0);
  });
});

describe("a value", () => {
  it("is in no answer, no column and no line of the log, whatever is done", async () => {
    const lines: string[] = [];
    for (const method of ["log", "warn", "error"] as const) {
      vi.spyOn(console, method).mockImplementation((...parts: unknown[]) => void lines.push(parts.join(" ")));
    }
    const account = await mintAccount();
    const values = ["correct-horse-battery-staple-1", "correct-horse-battery-staple-2"] as const;
    const answers: Got[] = [];
    const note = async (got: Promise<Got>): Promise<Got["body"]> => {
      const answer = await got;
      answers.push(answer);
      return answer.body;
    };
    const json = { name: "HORSE", value: values[0] };
    const { id } = await note(account.api("POST", "/secrets", json, { "idempotency-key": "k" }));
    await note(account.api("POST", "/secrets", json, { "idempotency-key": "k" }));
    await note(account.api("POST", "/secrets", json));
    await note(account.api("POST", "/secrets", { ...json, hosts: ["*"] }, { "idempotency-key": "l" }));
    await note(patch(account, id, { name: "BATTERY" }));
    await note(patch(account, id, { value: values[1], hosts: ["a.com"], in: ["query"] }));
    await note(patch(account, id, { value: values[1], in: ["nowhere"] }));
    await note(account.api("GET", "/secrets"));
    await note(account.api("GET", `/secrets/${id}`));
    await note(account.api("GET", "/account"));
    await note(call("POST", "/api/v1/operator/secrets/rotate", { key: env.ADMIN_TOKEN ?? "" }));
    await note(account.api("DELETE", `/secrets/${id}`, undefined, { "if-match": "other" }));
    vi.restoreAllMocks();
    expect(lines.length).toBeGreaterThan(answers.length);
    const everything = [
      await dumpOfDatabase(),
      lines.join("\n"),
      ...answers.map(({ body, headers }) => JSON.stringify([body, [...headers]])),
    ].join("\n");
    expect(everything).toContain("BATTERY");
    for (const value of values) {
      const bytes = utf8(value);
      for (const form of [value, base64(bytes).slice(0, 30), base64url(bytes).slice(0, 30), hex(bytes)]) {
        expect(everything).not.toContain(form);
      }
    }
  });
});

describe("an installation without MASTER_KEYS", () => {
  it("answers 503 to every route of secrets, and stores nothing", async () => {
    const world = createWorld();
    const { secrets } = secretsWith({ masterKeys: [] });
    const off = callerOf(createBase(world.base, (router) => registerSecrets(router, { secrets })));
    const account = await mintAccount();
    const { id } = await create(account);
    const before = await rowOf(id);
    const calls = [
      ["GET", "/secrets"],
      ["POST", "/secrets", { name: "X", value: VALUE }],
      ["GET", `/secrets/${id}`],
      ["PATCH", `/secrets/${id}`, { name: "X" }],
      ["DELETE", `/secrets/${id}`],
    ] as const;
    for (const [method, path, json] of calls) {
      const got = await off(method, `/api/v1${path}`, { key: account.key, json });
      expect([method, path, got.status, codeOf(got)]).toEqual([method, path, 503, "secrets-off"]);
      expect(got.body.detail).toContain("MASTER_KEYS");
    }
    const rotate = await off("POST", "/api/v1/operator/secrets/rotate", { key: ADMIN_TOKEN });
    expect([rotate.status, codeOf(rotate)]).toEqual([503, "secrets-off"]);
    expect(await secrets.continueRotation()).toBe(0);
    expect(await rowOf(id)).toEqual(before);
    expect(await db.$count(schema.secrets, eq(schema.secrets.accountId, account.id))).toBe(1);
    expect(await secrets.resolve(account.id, { mode: "all" })).toEqual({
      kind: "unopened",
      names: ["STRIPE"],
      reason: expect.stringContaining("MASTER_KEYS"),
    });
  });
});
