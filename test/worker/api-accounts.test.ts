import { env, exports } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { beforeAll, describe, expect, it } from "vitest";
import { SCOPES, type Scope } from "../../src/accounts/index.ts";
import { registerAccount } from "../../src/api/account.ts";
import { registerAccounts } from "../../src/api/accounts.ts";
import { type Api, createBase } from "../../src/api/base.ts";
import type { BaseDeps } from "../../src/api/deps.ts";
import { registerKeys } from "../../src/api/keys.ts";
import { registerReference } from "../../src/api/reference.ts";
import { createPublisher } from "../../src/responders/routing/publish.ts";
import { createKv, schema } from "../../src/storage/index.ts";
import { ADMIN_TOKEN, callerOf, codeOf, createWorld, type Got, pathsOf } from "../support/api.ts";

const world = createWorld();
const { witness } = world;

const apiOf = (base: BaseDeps): Api =>
  createBase(base, (router, app) => {
    const deps = {
      accounts: world.accounts,
      usageOf: async () => ({ responders: 3, scripts: 0, secrets: 0 }),
      assets: {
        fetch: async ({ url }: Request) =>
          url.endsWith(".js") ? new Response("js") : new Response("", { status: 404 }),
      },
    };
    registerAccount(router, deps);
    registerKeys(router, deps);
    registerAccounts(router, deps);
    registerReference(app, deps);
  });

const call = callerOf(apiOf(world.base));
const operate = (
  method: string,
  path: string,
  json?: unknown,
  headers: Record<string, string> = {},
): Promise<Got> => call(method, `/api/v1/accounts${path}`, { key: ADMIN_TOKEN, json, headers });

interface Made {
  readonly id: string;
  readonly handle: string;
  readonly key: string;
  readonly keyId: string;
}
let number = 0;
/** A new account of its own for a test. */
const mint = async (more: object = {}): Promise<Made> => {
  number += 1;
  const { status, body } = await operate("POST", "", { name: `Account ${number}`, ...more });
  expect(status).toBe(201);
  return { id: body.id, handle: body.handle, key: body.key.secret, keyId: body.key.id };
};
const keyWith = async (account: Made, scopes: readonly string[], more: object = {}): Promise<string> => {
  const { status, body } = await call("POST", "/api/v1/keys", {
    key: account.key,
    json: { name: "k", scopes, ...more },
  });
  expect(status).toBe(201);
  return body.secret;
};
const at = (ms: number): string => new Date(world.base.now() + ms).toISOString();

describe("operators", () => {
  it("make an account with a key of every scope, shown once", async () => {
    const got = await operate("POST", "", { name: "Globex", handle: "globex1", tier: "standard" });
    expect(got.status).toBe(201);
    const { key, ...shown } = got.body;
    expect(got.headers.get("location")).toBe(`/api/v1/accounts/${shown.id}`);
    expect(shown).toMatchObject({ name: "Globex", handle: "globex1", tier: "standard", suspended: false });
    expect(shown.limits).toMatchObject({ cpuMs: 1_000, responders: 100, heapMb: 10 });
    expect(Object.keys(shown).toSorted()).toEqual([
      "createdAt",
      "etag",
      "handle",
      "id",
      "limits",
      "name",
      "suspended",
      "tier",
      "updatedAt",
    ]);
    expect(shown.createdAt).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
    expect(key.secret).toMatch(/^hw_live_[A-Za-z0-9_-]{43}$/);
    expect((await operate("GET", `/${shown.id}`)).body).toEqual(shown);
    expect((await call("GET", "/api/v1/keys", { key: key.secret })).body.items).toMatchObject([
      { id: key.id, scopes: ["*"], prefix: key.secret.slice(0, 12), expiresAt: null },
    ]);
    const rows = await world.db.select().from(schema.keys).where(eq(schema.keys.id, key.id));
    expect(JSON.stringify(rows)).not.toContain(key.secret);
  });

  it("get a random handle where they choose none", async () => {
    const [one, two] = [await mint(), await mint()];
    expect(one.handle).toMatch(/^[a-z][a-z0-9]{11}$/);
    expect(one.handle).not.toBe(two.handle);
  });

  it("cannot choose a handle that is bad, reserved, taken, or was ever given", async () => {
    for (const handle of [
      "ab",
      "Abc",
      "1abc",
      "a-b",
      "a".repeat(33),
      "www",
      "api",
      "localhost",
      "status",
      "mail2",
      "",
    ]) {
      const got = await operate("POST", "", { name: "x", handle });
      expect([handle, got.status, pathsOf(got)]).toEqual([handle, 422, ["handle"]]);
    }
    const { id } = await mint({ handle: "onlyonce" });
    const taken = await operate("POST", "", { name: "x", handle: "onlyonce" });
    expect([taken.status, codeOf(taken), pathsOf(taken)]).toEqual([409, "conflict", ["handle"]]);
    expect((await operate("DELETE", `/${id}`)).status).toBe(204);
    expect((await operate("POST", "", { name: "x", handle: "onlyonce" })).status).toBe(409);
    const both = await Promise.all([1, 2].map(() => operate("POST", "", { name: "x", handle: "atonce" })));
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([201, 409]));
  });

  it("get each fault of their input named", async () => {
    const cases: readonly (readonly [json: unknown, ...paths: string[]])[] = [
      [{}, "name"],
      [{ name: "" }, "name"],
      [{ name: "x".repeat(101) }, "name"],
      [{ name: "a\nb" }, "name"],
      [{ name: "x", tier: "gold" }, "tier"],
      [{ name: "x", plan: 1 }, "plan"],
    ];
    for (const [json, ...paths] of cases) {
      const got = await operate("POST", "", json);
      expect([json, got.status, pathsOf(got)]).toEqual([json, 422, paths]);
    }
  });

  it("change limits one by one, and give them back", async () => {
    const { id, key } = await mint({ tier: "basic" });
    const limits = async (patch: unknown): Promise<Record<string, unknown>> =>
      (await operate("PATCH", `/${id}`, { limits: patch })).body.limits;
    expect(await limits({ cpuMs: 400, heapMb: 32 })).toMatchObject({
      cpuMs: 400,
      heapMb: 32,
      wallMs: 30_000,
    });
    expect(await limits({ responders: 7 })).toMatchObject({ cpuMs: 400, heapMb: 32, responders: 7 });
    expect(await limits({ cpuMs: null })).toMatchObject({ cpuMs: 250, responders: 7 });
    const raised = (await operate("PATCH", `/${id}`, { tier: "standard" })).body;
    expect(raised.limits).toMatchObject({ cpuMs: 1_000, responders: 7, heapMb: 32 });
    const mine = await call("GET", "/api/v1/account", { key });
    expect(mine.body.limits).toEqual(raised.limits);
    expect(await limits(null)).toMatchObject({ cpuMs: 1_000, responders: 100, heapMb: 10 });
  });

  it("cannot set a limit that makes no sense", async () => {
    const { id } = await mint();
    const cases: readonly (readonly [limits: unknown, path: string])[] = [
      [{ heapMb: 64 }, "limits.heapMb"],
      [{ cpuMs: 0 }, "limits.cpuMs"],
      [{ cpuMs: -1 }, "limits.cpuMs"],
      [{ cpuMs: 1.5 }, "limits.cpuMs"],
      [{ cpuMs: "1" }, "limits.cpuMs"],
      [{ cpuMs: 2 ** 31 }, "limits.cpuMs"],
      [{ sourceBytes: 2 ** 21 }, "limits.sourceBytes"],
      [{ cpu: 1 }, "limits.cpu"],
      [7, "limits"],
    ];
    for (const [limits, path] of cases) {
      const got = await operate("PATCH", `/${id}`, { limits });
      expect([limits, got.status, pathsOf(got)]).toEqual([limits, 422, [path]]);
    }
    const wrong = await operate("PATCH", `/${id}`, { handle: "other", id: "x", suspended: "yes" });
    expect([wrong.status, pathsOf(wrong).toSorted()]).toEqual([422, ["handle", "id", "suspended"]]);
  });

  it("make hooks see a change of tier, limits or suspension, and of nothing else", async () => {
    const { id } = await mint();
    const published = async (patch: object): Promise<number> => {
      const before = witness.published.filter((each) => each === id).length;
      expect((await operate("PATCH", `/${id}`, patch)).status).toBe(200);
      return witness.published.filter((each) => each === id).length - before;
    };
    expect(await published({ name: "New name" })).toBe(0);
    expect(await published({ suspended: false })).toBe(0);
    expect(await published({})).toBe(0);
    expect(await published({ suspended: true })).toBe(1);
    expect(await published({ tier: "ultimate" })).toBe(1);
    expect(await published({ limits: { cpuMs: 1 } })).toBe(1);
    const [row] = await world.db.select().from(schema.accounts).where(eq(schema.accounts.id, id));
    expect([row?.routesRevision, row?.name, row?.suspended]).toEqual([3, "New name", true]);
    expect(await world.accounts.listLagging(100)).toContain(id);
  });

  it("are guarded against lost updates", async () => {
    const { id } = await mint();
    const { headers, body } = await operate("GET", `/${id}`);
    expect(headers.get("etag")).toBe(`"${body.etag}"`);
    const changed = await operate("PATCH", `/${id}`, { name: "A" }, { "if-match": `"${body.etag}"` });
    expect(changed.status).toBe(200);
    expect(changed.body.etag).not.toBe(body.etag);
    for (const ifMatch of [body.etag, `"${body.etag}"`, '"x"', "nonsense"]) {
      const stale = await operate("PATCH", `/${id}`, { name: "B" }, { "if-match": ifMatch });
      expect([ifMatch, stale.status, codeOf(stale)]).toEqual([ifMatch, 412, "stale"]);
    }
    expect((await operate("DELETE", `/${id}`, undefined, { "if-match": body.etag })).status).toBe(412);
    expect((await operate("GET", `/${id}`)).body.name).toBe("A");
    expect((await operate("PATCH", `/${id}`, { name: "C" }, { "if-match": "*" })).status).toBe(200);
    const { etag } = (await operate("GET", `/${id}`)).body;
    const both = await Promise.all(
      ["D", "E"].map((name) => operate("PATCH", `/${id}`, { name }, { "if-match": etag })),
    );
    expect(new Set(both.map(({ status }) => status))).toEqual(new Set([200, 412]));
  });

  it("list accounts by pages, newest first, and search their names", async () => {
    const made = [
      await mint({ name: "Zebra one" }),
      await mint({ name: "zebra two" }),
      await mint({ name: "ZEBRA 3" }),
    ];
    const first = (await operate("GET", "?q=zebra&limit=2")).body;
    const second = (await operate("GET", `?q=zebra&limit=2&cursor=${first.nextCursor}`)).body;
    const ids = [...first.items, ...second.items].map(({ id }: { id: string }) => id);
    expect(ids.toSorted()).toEqual(made.map(({ id }) => id).toSorted());
    expect(ids).toEqual(ids.toSorted().toReversed());
    expect(second.nextCursor).toBeNull();
    expect((await operate("GET", "?q=%25")).body.items).toEqual([]);
  });

  it("see no secret in a replayed creation", async () => {
    const headers = { "idempotency-key": "account-once" };
    const first = await operate("POST", "", { name: "Once" }, headers);
    const again = await operate("POST", "", { name: "Once" }, headers);
    expect([first.status, again.status, again.headers.get("idempotency-replayed")]).toEqual([
      201,
      201,
      "true",
    ]);
    expect(again.body).toEqual({ ...first.body, key: { id: first.body.key.id } });
    const kept = await world.db.select().from(schema.idempotentAnswers);
    expect(JSON.stringify(kept)).not.toContain(first.body.key.secret);
  });

  it("need the operators' token, and a token at all", async () => {
    const { key, id } = await mint();
    for (const [method, path] of [
      ["GET", ""],
      ["POST", ""],
      ["GET", `/${id}`],
      ["PATCH", `/${id}`],
      ["DELETE", `/${id}`],
    ] as const) {
      for (const given of [key, `${ADMIN_TOKEN}x`, ADMIN_TOKEN.slice(1)]) {
        const got = await call(method, `/api/v1/accounts${path}`, {
          key: given,
          ...(method === "POST" ? { json: { name: "x" } } : {}),
        });
        expect([method, got.status, codeOf(got)]).toEqual([method, 401, "unauthorized"]);
      }
      expect((await call(method, `/api/v1/accounts${path}`)).status).toBe(401);
    }
    const off = callerOf(apiOf({ ...world.base, adminToken: undefined }));
    for (const given of [ADMIN_TOKEN, "undefined", key]) {
      const got = await off("GET", "/api/v1/accounts", { key: given });
      expect([got.status, codeOf(got)]).toEqual([503, "operators-off"]);
    }
    expect((await operate("GET", "/acc_01jz3v8q6hft2m5x9k7w4c0b1d")).status).toBe(404);
  });
});

describe("a suspended account", () => {
  it("can be read, and its keys deleted, but nothing else changed", async () => {
    const account = await mint();
    const spare = await keyWith(account, ["account:read"]);
    expect((await operate("PATCH", `/${account.id}`, { suspended: true })).body.suspended).toBe(true);
    expect((await call("GET", "/api/v1/account", { key: account.key })).status).toBe(200);
    const { items } = (await call("GET", "/api/v1/keys", { key: account.key })).body;
    const write = await call("POST", "/api/v1/keys", {
      key: account.key,
      json: { name: "k", scopes: ["*"] },
    });
    expect([write.status, codeOf(write)]).toEqual([403, "account-suspended"]);
    const { id } = items.find(({ prefix }: { prefix: string }) => spare.startsWith(prefix));
    expect((await call("DELETE", `/api/v1/keys/${id}`, { key: account.key })).status).toBe(204);
    await operate("PATCH", `/${account.id}`, { suspended: false });
    await keyWith(account, ["*"]);
  });
});

describe("a deleted account", () => {
  it("ends its keys at once, and the rest in the background and by the cron", async () => {
    const account = await mint();
    const spare = await keyWith(account, ["account:read"]);
    await call("POST", "/api/v1/keys", {
      key: account.key,
      json: { name: "k", scopes: ["*"] },
      headers: { "idempotency-key": "x" },
    });
    expect((await operate("DELETE", `/${account.id}`)).status).toBe(204);
    for (const key of [account.key, spare]) {
      expect((await call("GET", "/api/v1/account", { key })).status).toBe(401);
    }
    expect((await operate("DELETE", `/${account.id}`)).status).toBe(404);
    expect((await operate("GET", `/${account.id}`)).status).toBe(404);
    expect((await operate("PATCH", `/${account.id}`, { name: "x" })).status).toBe(404);
    expect((await operate("GET", "?limit=200")).body.items.map(({ id }: { id: string }) => id)).not.toContain(
      account.id,
    );
    expect(witness.published).toContain(account.id);
    await world.settled();
    expect(witness.erased).toContain(account.id);
    const left = async (): Promise<readonly number[]> => [
      await world.db.$count(schema.accounts, eq(schema.accounts.id, account.id)),
      await world.db.$count(schema.keys, eq(schema.keys.accountId, account.id)),
      await world.db.$count(schema.idempotentAnswers, eq(schema.idempotentAnswers.accountId, account.id)),
      await world.db.$count(schema.handles, eq(schema.handles.handle, account.handle)),
    ];
    expect(await left()).toEqual([1, 0, 0, 1]);
    await world.accounts.finishDeletions();
    expect(await left()).toEqual([1, 0, 0, 1]);
    witness.skip(11 * 60_000);
    await world.accounts.finishDeletions();
    expect(await left()).toEqual([0, 0, 0, 1]);
  });
});

describe("publishing a deleted account", () => {
  it("does not wait for KV, and tries on afterwards", async () => {
    const account = await mint();
    await operate("DELETE", `/${account.id}`);
    const { promise: refusing, resolve: giveUp } = Promise.withResolvers<boolean>();
    const asked: string[] = [];
    const forgotten: string[] = [];
    const deferred: Promise<unknown>[] = [];
    const publisher = createPublisher({
      db: world.db,
      kv: {
        ...createKv(env.ROUTES, () => Promise.resolve()),
        deleteRoutes: (handle) => {
          asked.push(handle);
          return refusing;
        },
      },
      tables: {
        find: () => Promise.resolve({ kind: "unknown" }),
        accept: () => undefined,
        forget: (handle) => {
          forgotten.push(handle);
        },
      },
      now: () => 0,
      sleep: () => Promise.resolve(),
      defer: (work) => {
        deferred.push(work);
      },
      warn: () => undefined,
    });
    await publisher.publish(account.id);
    expect(forgotten).toContain(account.handle);
    giveUp(false);
    await Promise.all(deferred);
    expect(asked).toEqual([account.handle]);
    expect(await publisher.publishNow(account.id)).toBe(false);
  });
});

describe("keys", () => {
  it("are shown once, then by their prefix", async () => {
    const account = await mint();
    const json = { name: "CI", scopes: ["responders:write", "account:read"], expiresAt: at(3_600_000) };
    const { status, headers, body } = await call("POST", "/api/v1/keys", { key: account.key, json });
    const { secret, ...shown } = body;
    expect([status, headers.get("location")]).toEqual([201, `/api/v1/keys/${shown.id}`]);
    expect(shown).toEqual({
      id: expect.stringMatching(/^key_[0-9a-z]{26}$/),
      name: "CI",
      prefix: secret.slice(0, 12),
      scopes: ["responders:write", "account:read"],
      expiresAt: json.expiresAt,
      lastUsedAt: null,
      createdAt: expect.any(String),
    });
    expect((await call("GET", "/api/v1/keys", { key: account.key })).body.items[0]).toEqual(shown);
    const read = await call("GET", headers.get("location") ?? "", { key: account.key });
    expect([read.status, read.body]).toEqual([200, shown]);
    expect((await call("GET", "/api/v1/account", { key: secret })).status).toBe(200);
  });

  it("tell when they were last used, to the minute", async () => {
    const account = await mint();
    const lastUsed = async (): Promise<number | null> => {
      const [row] = await world.db.select().from(schema.keys).where(eq(schema.keys.id, account.keyId));
      return row?.lastUsedAt ?? null;
    };
    expect(await lastUsed()).toBeNull();
    await call("GET", "/api/v1/account", { key: account.key });
    await world.settled();
    const first = await lastUsed();
    expect(first).not.toBeNull();
    await call("GET", "/api/v1/account", { key: account.key });
    await world.settled();
    expect(await lastUsed()).toBe(first);
    witness.skip(61_000);
    await call("GET", "/api/v1/account", { key: account.key });
    await world.settled();
    expect(await lastUsed()).not.toBe(first);
  });

  it("fail from the call after they were deleted or expired", async () => {
    const account = await mint();
    const expiring = await keyWith(account, ["account:read"], {
      expiresAt: at(90_000),
    });
    expect((await call("GET", "/api/v1/account", { key: expiring })).status).toBe(200);
    witness.skip(91_000);
    expect((await call("GET", "/api/v1/account", { key: expiring })).status).toBe(401);
    const doomed = await call("POST", "/api/v1/keys", {
      key: account.key,
      json: { name: "d", scopes: ["*"] },
    });
    expect((await call("DELETE", `/api/v1/keys/${doomed.body.id}`, { key: doomed.body.secret })).status).toBe(
      204,
    );
    expect((await call("GET", "/api/v1/account", { key: doomed.body.secret })).status).toBe(401);
    expect((await call("DELETE", `/api/v1/keys/${doomed.body.id}`, { key: account.key })).status).toBe(404);
  });

  it("make no key that can do more than themselves", async () => {
    const account = await mint();
    const maker = await keyWith(account, ["keys:write", "responders:write", "journal:read"]);
    const make = (scopes: readonly string[]): Promise<Got> =>
      call("POST", "/api/v1/keys", { key: maker, json: { name: "n", scopes } });
    for (const scopes of [["responders:write"], ["responders:read"], ["journal:read", "keys:write"]]) {
      expect((await make(scopes)).status).toBe(201);
    }
    for (const scopes of [
      ["*"],
      ["journal:write"],
      ["responders:read", "secrets:reveal"],
      ["account:read"],
    ]) {
      const got = await make(scopes);
      expect([scopes, got.status, codeOf(got)]).toEqual([scopes, 403, "forbidden"]);
    }
    expect((await call("GET", "/api/v1/account", { key: maker })).status).toBe(403);
    expect(witness.events.at(-1)).toMatchObject({ status: 403, problem: "forbidden", accountId: account.id });
  });

  it("make no key that outlives them", async () => {
    const account = await mint();
    const maker = await keyWith(account, ["keys:write"], { expiresAt: at(3_600_000) });
    const make = (expiresAt: unknown): Promise<Got> =>
      call("POST", "/api/v1/keys", { key: maker, json: { name: "n", scopes: ["keys:write"], expiresAt } });
    expect((await make(at(3_000_000))).status).toBe(201);
    for (const expiresAt of [undefined, null, at(3_700_000)]) {
      const got = await make(expiresAt);
      expect([expiresAt, got.status, codeOf(got)]).toEqual([expiresAt, 403, "forbidden"]);
    }
    expect(pathsOf(await make(at(-1_000)))).toEqual(["expiresAt"]);
  });

  it("get each fault of their input named", async () => {
    const { key } = await mint();
    const cases: readonly (readonly [json: unknown, ...paths: string[]])[] = [
      [{ name: "n" }, "scopes"],
      [{ name: "n", scopes: [] }, "scopes"],
      [{ name: "n", scopes: "*" }, "scopes"],
      [{ name: "n", scopes: ["*", "*"] }, "scopes"],
      [{ name: "n", scopes: ["responders:all"] }, "scopes.0"],
      [{ name: "n", scopes: ["*"], expiresAt: "tomorrow" }, "expiresAt"],
      [{ name: "n", scopes: ["*"], expiresAt: 1 }, "expiresAt"],
      [{ name: "n", scopes: ["*"], expiresAt: "2027-02-30T00:00:00Z" }, "expiresAt"],
      [{ name: "n", scopes: ["*"], id: "key_1" }, "id"],
    ];
    for (const [json, ...paths] of cases) {
      const got = await call("POST", "/api/v1/keys", { key, json });
      expect([json, got.status, pathsOf(got)]).toEqual([json, 422, paths]);
    }
    const offset = await call("POST", "/api/v1/keys", {
      key,
      json: { name: "n", scopes: ["*"], expiresAt: "2099-01-01T01:00:00+01:00" },
    });
    expect(offset.body.expiresAt).toBe("2099-01-01T00:00:00.000Z");
  });

  it("belong to their account alone", async () => {
    const [mine, other] = [await mint(), await mint()];
    for (const method of ["GET", "DELETE"]) {
      expect((await call(method, `/api/v1/keys/${other.keyId}`, { key: mine.key })).status).toBe(404);
    }
    const { items } = (await call("GET", "/api/v1/keys", { key: mine.key })).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([mine.keyId]);
    const { nextCursor } = (
      await (async () => {
        await keyWith(mine, ["*"]);
        return call("GET", "/api/v1/keys?limit=1", { key: mine.key });
      })()
    ).body;
    expect(
      (await call("GET", `/api/v1/keys?cursor=${nextCursor}`, { key: mine.key })).body.items,
    ).toHaveLength(1);
    expect((await call("GET", `/api/v1/keys?cursor=${nextCursor}`, { key: other.key })).status).toBe(422);
  });

  it("are without their secret in a replayed creation", async () => {
    const { key } = await mint();
    const make = (): Promise<Got> =>
      call("POST", "/api/v1/keys", {
        key,
        json: { name: "n", scopes: ["*"] },
        headers: { "idempotency-key": "key-once" },
      });
    const [first, again] = [await make(), await make()];
    const { secret, ...shown } = first.body;
    expect(again.body).toEqual(shown);
    const kept = await world.db.select().from(schema.idempotentAnswers);
    expect(JSON.stringify(kept)).not.toContain(secret);
  });
});

describe("my account", () => {
  it("shows tier, every limit, and what is used", async () => {
    const account = await mint({ name: "Mine", tier: "ultimate" });
    const { body } = await call("GET", "/api/v1/account", { key: account.key });
    expect(Object.keys(body)).toEqual(["id", "name", "handle", "tier", "limits", "usage"]);
    expect(body.usage).toEqual({ responders: 3, scripts: 0, secrets: 0, keys: 1 });
    expect(body.limits).toMatchObject({ heapMb: 32, cpuMs: 10_000, cpuMsPer10s: null, responders: 10_000 });
  });
});

interface Documented {
  readonly operationId: string;
  readonly "x-scope": string;
  readonly security: readonly object[];
  readonly parameters?: readonly {
    readonly name: string;
    readonly in: string;
    readonly schema: { example?: string };
  }[];
  readonly responses: Record<string, { readonly headers: Record<string, { readonly $ref: string }> }>;
}

interface DocumentedField {
  readonly pattern?: string;
  readonly anyOf?: readonly DocumentedField[];
  readonly items?: DocumentedField;
}

/** The Worker itself, every route of it. */
const callWorker = callerOf({ fetch: (request) => exports.default.fetch(request) });

describe("the document of the whole API", () => {
  let document: {
    openapi: string;
    paths: Record<string, Record<string, Documented>>;
    components: { schemas: Record<string, { properties?: Record<string, DocumentedField> }> };
  };
  beforeAll(async () => {
    document = (await callWorker("GET", "/api/openapi.json")).body;
  });
  /** Those for which one needs a key: all but what is open to anybody. */
  const operations = () =>
    Object.entries(document.paths)
      .flatMap(([path, item]) =>
        Object.entries(item).map(([method, documented]) => ({
          method: method.toUpperCase(),
          path,
          documented,
        })),
      )
      .filter(({ documented }) => documented.security.length > 0);

  it("is OpenAPI 3.1 whose references all lead somewhere, and each operation has a name of its own", () => {
    expect(document.openapi).toBe("3.1.0");
    const text = JSON.stringify(document);
    const names = new Set(
      Array.from(text.matchAll(/"\$ref":"#\/components\/schemas\/(\w+)"/g), ([, name]) => name),
    );
    expect(names.size).toBeGreaterThan(5);
    for (const name of names) expect(document).toHaveProperty(["components", "schemas", name ?? ""]);
    const ids = operations().map(({ documented }) => documented.operationId);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it("has the refusals that any operation may meet, and the headers of every answer", () => {
    expect(operations().length).toBeGreaterThan(15);
    for (const { documented } of operations()) {
      const { responses, operationId } = documented;
      const headersOf = (status: number): readonly string[] => Object.keys(responses[status]?.headers ?? {});
      const rated = documented["x-scope"] !== "operator";
      expect([operationId, headersOf(429)]).toEqual([
        operationId,
        rated ? ["X-Request-Id", "Retry-After"] : [],
      ]);
      expect(headersOf(503)).toContain("Retry-After");
      expect(headersOf(405)).toContain("Allow");
      expect(headersOf(401)).toContain("WWW-Authenticate");
      for (const { headers } of Object.values(responses)) {
        for (const [name, { $ref }] of Object.entries(headers)) {
          expect($ref).toBe(`#/components/headers/${name}`);
          expect(document).toHaveProperty(["components", "headers", name, "schema", "type"]);
        }
        expect(headers).toHaveProperty("X-Request-Id");
      }
    }
    const headersOf = (path: string, method: string, status: number): readonly string[] =>
      Object.keys(document.paths[`/api/v1${path}`]?.[method]?.responses[status]?.headers ?? {});
    expect(headersOf("/responders", "post", 201)).toEqual([
      "X-Request-Id",
      "ETag",
      "Location",
      "Idempotency-Replayed",
    ]);
    expect(headersOf("/responders/{id}", "get", 200)).toEqual(["X-Request-Id", "ETag"]);
    expect(headersOf("/keys", "post", 201)).toEqual(["X-Request-Id", "Location", "Idempotency-Replayed"]);
    expect(headersOf("/keys", "post", 422)).toContain("Idempotency-Replayed");
    expect(headersOf("/keys/{id}", "delete", 204)).toEqual(["X-Request-Id"]);
  });

  it("has patterns that fit just the methods, labels and paths that are taken", async () => {
    const { method, label, path } = document.components.schemas["ResponderInput"]?.properties ?? {};
    const cases: readonly (readonly [field: string, pattern: string | undefined, ...values: string[]])[] = [
      [
        "method",
        method?.anyOf?.[0]?.pattern,
        "POST",
        "M-SEARCH",
        "ANY",
        "TRACE",
        "CONNECT",
        "TRACK",
        "post",
        "",
      ],
      ["label", label?.pattern, "a", "a-b", "x--n", "-A", "-a", "a-", "A", "xn--a", "a_b", ""],
      ["path", path?.pattern, "/ok", "/:x/*", "ok", "", "/a b", "/a?b", "/a#b", "/a\\b"],
    ];
    expect(method?.anyOf?.[1]?.items?.pattern).toBe(method?.anyOf?.[0]?.pattern);
    const made = await callWorker("POST", "/api/v1/accounts", {
      key: env.ADMIN_TOKEN ?? "",
      json: { name: "Forms", tier: "ultimate" },
    });
    for (const [field, pattern, ...values] of cases) {
      for (const value of values) {
        const json = { name: `${field} ${value}`, path: `/${field}`, [field]: value };
        const { status } = await callWorker("POST", "/api/v1/responders", {
          key: made.body.key.secret,
          json,
        });
        const fits = new RegExp(pattern ?? "no pattern", "u").test(value);
        expect([field, value, status]).toEqual([field, value, fits ? 201 : 422]);
      }
    }
  });

  it("names the scope that each operation needs", () => {
    const scopes = operations().map(({ documented }) => [documented.operationId, documented["x-scope"]]);
    expect(Object.fromEntries(scopes)).toMatchObject({
      readMyAccount: "account:read",
      createKey: "keys:write",
      listKeys: "keys:write",
      readKey: "keys:write",
      deleteKey: "keys:write",
      createAccount: "operator",
      listAccounts: "operator",
      readAccount: "operator",
      updateAccount: "operator",
      deleteAccount: "operator",
    });
    const known = new Set<string>([...SCOPES, "operator"]);
    expect(scopes.filter(([, scope]) => !known.has(scope ?? ""))).toEqual([]);
  });

  it("is true: each operation takes its scope and fails with every other", async () => {
    const made = await callWorker("POST", "/api/v1/accounts", {
      key: env.ADMIN_TOKEN ?? "",
      // The tier whose rate this many calls stay under.
      json: { name: "All", tier: "ultimate" },
    });
    const keys = new Map<Scope, string>();
    for (const scope of SCOPES) {
      const json = { name: scope, scopes: [scope] };
      const { body } = await callWorker("POST", "/api/v1/keys", { key: made.body.key.secret, json });
      keys.set(scope, body.secret);
    }
    for (const { method, path, documented } of operations()) {
      const { "x-scope": scope, parameters = [], responses } = documented;
      if (scope === "operator") continue;
      const given = new Map(parameters.map(({ name, schema: { example } }) => [name, example ?? "1"]));
      const route = path.replaceAll(/\{(\w+)\}/g, (_, name: string) => given.get(name) ?? "");
      for (const [held, key] of keys) {
        const body = method === "POST" || method === "PATCH" ? { json: { name: 1 } } : {};
        const { status } = await callWorker(method, route, { key, ...body });
        const passes = held === "*" || held === scope || held === scope.replace(":read", ":write");
        const asExpected = passes ? status !== 403 && status !== 401 : status === 403;
        expect({ method, path, held, status, asExpected }).toEqual({
          method,
          path,
          held,
          status,
          asExpected: true,
        });
        expect({ method, path, statuses: Object.keys(responses) }).toMatchObject({
          statuses: expect.arrayContaining([String(status)]),
        });
      }
    }
  });
});

describe("the reference page", () => {
  it("runs only our own files", async () => {
    const page = await call("GET", "/api/docs");
    expect(page.status).toBe(200);
    expect(page.headers.get("content-security-policy")).toMatch(
      /^default-src 'none'; script-src 'self'; style-src 'self';/,
    );
    expect(page.headers.get("content-security-policy")).not.toContain("unsafe");
    expect(page.body).not.toMatch(/<script>|<style|\bon\w+=|style=|https?:/);
    const file = await call("GET", "/api/docs/reference.js");
    expect([file.status, file.headers.get("x-content-type-options")]).toEqual([200, "nosniff"]);
    expect((await call("GET", "/api/docs/secrets.txt")).status).toBe(404);
    expect((await call("GET", "/api/docs/swagger-ui.css")).status).toBe(503);
  });
});
