import { eq } from "drizzle-orm";
import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import { createResponders } from "../../src/responders/index.ts";
import type { Responders, RespondersDeps } from "../../src/responders/index.ts";
import { createDb, createKv, schema } from "../../src/storage/index.ts";
import type { Kv } from "../../src/storage/index.ts";
import { call, mintAccount, type TestAccount } from "../support/account.ts";
import { targetTerms } from "../support/targets.ts";

const db = createDb(env.DB);
const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));
const kv = createKv(env.ROUTES, sleep);

/** Another isolate on the same storage: it shares no memory with the Worker under test. */
const isolate = (
  more: Partial<RespondersDeps> = {},
): Responders & { readonly settled: () => Promise<unknown> } => {
  const deferred: Promise<unknown>[] = [];
  const responders = createResponders({
    db,
    kv,
    now: () => Date.now(),
    sleep: () => Promise.resolve(),
    defer: (work) => deferred.push(work),
    compile: () => Promise.reject(new Error("not here")),
    link: () => Promise.reject(new Error("not here")),
    execute: () => {
      throw new Error("not here");
    },
    urlOf: (handle, _label, path) => `https://${handle}.test${path}`,
    unmatchedOf: (accountId) => env.UNMATCHED.get(env.UNMATCHED.idFromName(accountId)),
    stateOf: (id) => env.SCRIPT_STATE.get(env.SCRIPT_STATE.idFromName(id)),
    eraseJournal: (id) => env.JOURNAL.get(env.JOURNAL.idFromName(id)).erase(),
    secretHeads: () => Promise.resolve([]),
    resolveSecrets: () => Promise.reject(new Error("not here")),
    touchSecrets: () => undefined,
    targetTerms,
    randomBytes: (count) => new Uint8Array(count),
    openOutlet: () => {
      throw new Error("not here");
    },
    refusalOf: () => undefined,
    fillPolicy: { allowsPlainHttp: () => false },
    reserve: () => ({ take: () => true, release: () => undefined }),
    warn: () => undefined,
    ...more,
  });
  return { ...responders, settled: () => Promise.all(deferred) };
};

const rowOf = async (account: TestAccount) => {
  const [row] = await db.select().from(schema.accounts).where(eq(schema.accounts.id, account.id));
  if (row === undefined) throw new Error("no account");
  return row;
};
const revisionInKv = async (account: TestAccount): Promise<unknown> =>
  JSON.parse((await env.ROUTES.get(`routes:${account.handle}`)) ?? "{}").revision;
const keysOf = async (prefix: string): Promise<readonly string[]> =>
  (await env.ROUTES.list({ prefix })).keys.map((key) => key.name);
const make = async (account: TestAccount, more: object): Promise<string> => {
  const got = await account.api("POST", "/responders", { name: "One", path: "/one", ...more });
  expect(got.status).toBe(201);
  return got.body.id;
};
/** Publishing goes on after the answer. */
const published = (account: TestAccount, revision: number): Promise<void> =>
  vi.waitFor(async () => {
    expect(await rowOf(account)).toMatchObject({ routesRevision: revision, publishedRevision: revision });
    expect(await revisionInKv(account)).toBe(revision);
  });
const textOf = async (hit: Promise<Response>): Promise<string> => (await hit).text();

describe("a change", () => {
  it("holds at once where it was made", async () => {
    const account = await mintAccount();
    expect((await account.hit("GET", "/one")).status).toBe(404);
    const id = await make(account, { response: { body: "first" } });
    expect(await textOf(account.hit("GET", "/one"))).toBe("first");
    await account.api("PATCH", `/responders/${id}`, { response: { body: "second" } });
    expect(await textOf(account.hit("GET", "/one"))).toBe("second");
    await account.api("PATCH", `/responders/${id}`, { enabled: false });
    expect((await account.hit("GET", "/one")).status).toBe(404);
    await account.api("POST", `/responders/${id}/revisions/1/restore`);
    expect(await textOf(account.hit("GET", "/one"))).toBe("first");
    await account.api("DELETE", `/responders/${id}`);
    expect((await account.hit("GET", "/one")).status).toBe(404);
  });

  it("is in KV afterwards, as the account's revision", async () => {
    const account = await mintAccount();
    await make(account, {});
    await make(account, { name: "Two", path: "/two" });
    await published(account, 2);
    const lookup = await isolate().find(account.handle);
    expect(lookup.kind === "found" && lookup.table.match("", "PUT", "/two").kind).toBe("matched");
  });

  it("is found in the database while KV has nothing", async () => {
    const account = await mintAccount();
    await make(account, {});
    await published(account, 1);
    await env.ROUTES.delete(`routes:${account.handle}`);
    const lookup = await isolate().find(account.handle);
    expect(lookup.kind === "found" && lookup.table.revision).toBe(1);
    // Readers write nothing.
    expect(await env.ROUTES.get(`routes:${account.handle}`)).toBeNull();
  });

  it("of suspension is in the table", async () => {
    const account = await mintAccount();
    await make(account, {});
    const patch = { key: env.ADMIN_TOKEN ?? "", json: { suspended: true } };
    expect((await call("PATCH", `/api/v1/accounts/${account.id}`, patch)).status).toBe(200);
    await published(account, 2);
    const lookup = await isolate().find(account.handle);
    expect(lookup.kind === "found" && lookup.table.account.suspended).toBe(true);
    expect((await account.hit("GET", "/one")).status).toBe(410);
  });
});

/** KV that refuses so many puts of route tables, and shows all. */
const refusing = (refusals: number): { readonly kv: Kv; readonly puts: string[] } => {
  const puts: string[] = [];
  const refusingKv: Kv = {
    ...kv,
    tryPutRoutes: async (handle, table) => {
      puts.push(table);
      return puts.length > refusals && kv.tryPutRoutes(handle, table);
    },
  };
  return { kv: refusingKv, puts };
};

describe("publishing", () => {
  it("tries again with what the database has by then", async () => {
    const account = await mintAccount();
    const { kv: slow, puts } = refusing(1);
    const other = isolate({ kv: slow, sleep: async () => void (await make(account, {})) });
    expect(await other.publishNow(account.id)).toBe(true);
    expect(puts.map((text) => JSON.parse(text).revision)).toEqual([0, 1]);
    expect(await revisionInKv(account)).toBe(1);
  });

  it("leaves to the cron what KV refuses, and never rejects", async () => {
    const account = await mintAccount();
    await make(account, {});
    await published(account, 1);
    await db.update(schema.accounts).set({ routesRevision: 9 }).where(eq(schema.accounts.id, account.id));
    const other = isolate({ kv: refusing(99).kv });
    await other.publish(account.id);
    await other.settled();
    expect(await rowOf(account)).toMatchObject({ routesRevision: 9, publishedRevision: 1 });
    const lookup = await other.find(account.handle);
    expect(lookup.kind === "found" && lookup.table.revision).toBe(9);
    expect(await isolate().publishNow(account.id)).toBe(true);
    expect(await rowOf(account)).toMatchObject({ publishedRevision: 9 });
    expect(await revisionInKv(account)).toBe(9);
  });

  it("ends with the newest table when an older put comes last", async () => {
    const account = await mintAccount();
    let wasOvertaken = false;
    const late: Kv = {
      ...kv,
      // While this isolate's put of an old table is under way, another saves and publishes.
      tryPutRoutes: async (handle, table) => {
        if (!wasOvertaken) {
          wasOvertaken = true;
          await make(account, {});
          await published(account, 1);
        }
        return kv.tryPutRoutes(handle, table);
      },
    };
    expect(await isolate({ kv: late }).publishNow(account.id)).toBe(true);
    expect(wasOvertaken).toBe(true);
    expect(await revisionInKv(account)).toBe(1);
  });

  it("writes once for many changes at a time", async () => {
    const account = await mintAccount();
    await make(account, {});
    await published(account, 1);
    const { kv: counting, puts } = refusing(0);
    const other = isolate({ kv: counting });
    await Promise.all(Array.from({ length: 10 }, () => other.publish(account.id)));
    await other.settled();
    expect(puts).toHaveLength(1);
  });
});

const script = (text: string) => ({ script: { source: `export default () => ({ body: "${text}" })` } });

describe("what a table leaves out", () => {
  it("is loaded by its hash: large default responses and programs", async () => {
    const account = await mintAccount();
    const body = "x".repeat(500_000);
    const before = [await keysOf("response:"), await keysOf("code:")];
    const id = await make(account, { response: { headers: { "x-a": "1" }, body } });
    expect((await keysOf("response:")).length).toBe((before[0]?.length ?? 0) + 1);
    const response = await account.hit("GET", "/one");
    expect(response.headers.get("x-a")).toBe("1");
    expect(await response.text()).toBe(body);
    await account.api("PATCH", `/responders/${id}`, { ...script("one"), response: { body: "" } });
    expect(await textOf(account.hit("GET", "/one"))).toBe("one");
    await vi.waitFor(async () => expect(await keysOf("response:")).toEqual(before[0]));
    const codes = await keysOf("code:");
    expect(codes).toHaveLength((before[1]?.length ?? 0) + 1);
    await account.api("PATCH", `/responders/${id}`, script("two"));
    expect(await textOf(account.hit("GET", "/one"))).toBe("two");
    await vi.waitFor(async () => expect(await keysOf("code:")).toHaveLength(codes.length));
    expect(await keysOf("code:")).not.toEqual(codes);
    await account.api("DELETE", `/responders/${id}`);
    await vi.waitFor(async () => expect(await keysOf("code:")).toEqual(before[1]));
  });

  it("is what the database has now when KV no longer has it", async () => {
    const account = await mintAccount();
    const id = await make(account, { response: { body: "first".repeat(1_000) } });
    const reader = isolate();
    const lookup = await reader.find(account.handle);
    if (lookup.kind !== "found") throw new Error("not found");
    await account.api("PATCH", `/responders/${id}`, { response: { body: "second".repeat(1_000) } });
    const match = lookup.table.match("", "GET", "/one");
    if (match.kind !== "matched") throw new Error("not matched");
    const matched = { responder: match.responder, params: match.params, account: lookup.table.account };
    const hit = {
      requestId: "exc_1",
      receivedAt: 0,
      method: "GET",
      url: "https://x.test/one",
      path: "/one",
      rawQuery: null,
      headers: [],
      body: null,
      client: { ip: null },
      hops: 0,
    };
    const second = await reader.respond(matched, await reader.grant(matched), hit, null);
    expect(
      second.ending.kind === "reply" && new TextDecoder().decode(second.ending.reply.body ?? undefined),
    ).toBe("second".repeat(1_000));
    await account.api("DELETE", `/responders/${id}`);
    expect((await isolate().respond(matched, await reader.grant(matched), hit, null)).ending).toEqual({
      kind: "no-match",
    });
  });
});

describe("hits that match nothing", () => {
  it("are listed with the nearest routes, newest first", async () => {
    const account = await mintAccount();
    const id = await make(account, { name: "Push", path: "/github/:repo", method: "POST" });
    const missed = await account.hit("POST", "/gitlab/x?token=secret");
    const wrong = await account.hit("GET", "/github/x");
    expect([missed.status, wrong.status, wrong.headers.get("allow")]).toEqual([404, 405, "POST"]);
    const { status, body } = await vi.waitFor(
      async () => {
        const got = await account.api("GET", "/unmatched");
        expect(got.body.items).toHaveLength(2);
        return got;
        // The second of one second waits for the next write.
      },
      { timeout: 5_000, interval: 100 },
    );
    expect(status).toBe(200);
    expect(body.nextCursor).toBeNull();
    const near = { responderId: id, name: "Push", label: null, methods: ["POST"], path: "/github/:repo" };
    expect(body.items).toEqual([
      {
        id: wrong.headers.get("x-request-id"),
        at: expect.stringMatching(/Z$/),
        method: "GET",
        label: null,
        path: "/github/x",
        status: 405,
        nearest: [{ ...near, reason: "method", detail: expect.stringContaining("POST") }],
        skipped: 0,
      },
      {
        id: missed.headers.get("x-request-id"),
        at: expect.stringMatching(/Z$/),
        method: "POST",
        label: null,
        path: "/gitlab/x",
        status: 404,
        nearest: [{ ...near, reason: "segment", detail: expect.stringContaining("github") }],
        skipped: 0,
      },
    ]);
    const page = await account.api("GET", "/unmatched?limit=1");
    expect(page.body.items).toHaveLength(1);
    const next = await account.api("GET", `/unmatched?limit=1&cursor=${page.body.nextCursor}`);
    expect(next.body.items.map((item: { path: string }) => item.path)).toEqual(["/gitlab/x"]);
  });

  it("are the last fifty, of this account only", async () => {
    const [account, other] = [await mintAccount(), await mintAccount()];
    const log = env.UNMATCHED.get(env.UNMATCHED.idFromName(account.id));
    for (let count = 1; count <= 60; count += 1) {
      await log.record([
        {
          id: `exc_${count}`,
          at: count,
          method: "GET",
          label: null,
          path: `/${count}`,
          status: 404,
          nearest: [],
          skipped: 0,
        },
      ]);
    }
    const { items } = (await account.api("GET", "/unmatched?limit=200")).body;
    expect(items.map((item: { path: string }) => item.path)).toEqual(
      Array.from({ length: 50 }, (_, place) => `/${60 - place}`),
    );
    expect((await other.api("GET", "/unmatched")).body.items).toEqual([]);
  });
});

describe("the end of an account", () => {
  it("takes everything of its responders with it", async () => {
    const account = await mintAccount();
    const before = await keysOf("");
    const id = await make(account, {
      script: { source: "export default () => ({ body: 'x' })" },
      response: { body: "y".repeat(2_000) },
    });
    await account.hit("GET", "/nothing");
    expect(await textOf(account.hit("GET", "/one"))).toBe("x");
    await published(account, 1);
    const gone = await call("DELETE", `/api/v1/accounts/${account.id}`, { key: env.ADMIN_TOKEN ?? "" });
    expect(gone.status).toBe(204);
    expect((await account.hit("GET", "/one")).status).toBe(404);
    await vi.waitFor(async () => expect(await keysOf("")).toEqual(before));
    const { responders, responderRoutes, responderRevisions } = schema;
    await vi.waitFor(async () =>
      expect(await db.$count(schema.keys, eq(schema.keys.accountId, account.id))).toBe(0),
    );
    expect(await db.$count(responders, eq(responders.accountId, account.id))).toBe(0);
    expect(await db.$count(responderRoutes, eq(responderRoutes.accountId, account.id))).toBe(0);
    expect(await db.$count(responderRevisions, eq(responderRevisions.responderId, id))).toBe(0);
    expect(await env.UNMATCHED.get(env.UNMATCHED.idFromName(account.id)).list()).toEqual([]);
    expect((await isolate().find(account.handle)).kind).toBe("unknown");
  });
});
