import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HOPS_HEADER } from "../../src/lib/hops.ts";
import { NO_METRICS } from "../../src/journal/store/metrics/spans.ts";
import { hasNoticeTables } from "../../src/notifications/ledger/tables.ts";
import { standardWebhooks } from "../../src/secrets/webhooks/standard-webhooks.ts";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { pathsOf } from "../support/api.ts";
import { entryOf, THREW } from "../support/exchanges.ts";
import { journalOf, newJournal, type TestJournal } from "../support/journal.ts";

const URL_OF_RECEIVER = "https://receiver.example.com/in";
const TO_RECEIVER = { kind: "webhook", url: URL_OF_RECEIVER } as const;
const MINUTE = 60_000;

interface Got {
  readonly url: string;
  readonly headers: Headers;
  readonly body: Uint8Array<ArrayBuffer>;
}

let got: Got[] = [];
let answer: () => Response = () => new Response("thanks");

beforeEach(() => {
  got = [];
  answer = () => new Response("thanks");
  // The door out calls the platform's `fetch`: here nothing leaves.
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const { headers, body } = init;
    got.push({
      url,
      headers: new Headers(headers),
      body: new Uint8Array(await new Response(body).arrayBuffer()),
    });
    return answer();
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const objectOf = ({ id }: Pick<TestJournal, "id">) => env.JOURNAL.get(env.JOURNAL.idFromName(id));

const notifying = (more: object = {}, settings: object = {}): Promise<TestJournal> =>
  newJournal({ notifications: { on: "hits", every: "5m", to: [TO_RECEIVER], ...settings }, ...more });

/** Everything that is noted to be done at a time, as if that time were so much nearer. */
const pass = (journal: TestJournal, ms: number): Promise<void> =>
  runInDurableObject(objectOf(journal), async (_, { storage }) => {
    storage.sql.exec("UPDATE notice_pending SET due_at = due_at - ?, opened_at = opened_at - ?", ms, ms);
    storage.sql.exec("UPDATE notice_pending SET last_notice_at = last_notice_at - ?", ms);
    storage.sql.exec("UPDATE notice_deliveries SET next_at = next_at - ?", ms);
  });

const alarmOf = (journal: TestJournal): Promise<number | null> =>
  runInDurableObject(objectOf(journal), (_, { storage }) => storage.getAlarm());

/** So much later, when the alarm has gone off. */
const after = async (journal: TestJournal, ms: number): Promise<void> => {
  await pass(journal, ms);
  await runDurableObjectAlarm(objectOf(journal));
};

/** All that was ever counted for notices. */
const counted = (journal: TestJournal): Promise<number> =>
  runInDurableObject(objectOf(journal), (_, { storage: { sql } }) => {
    if (!hasNoticeTables(sql)) return 0;
    const { sum } = sql
      .exec<{ sum: number }>(
        "SELECT (SELECT sum(count) FROM notice_pending) + (SELECT coalesce(sum(count), 0) FROM notices) AS sum",
      )
      .one();
    return sum;
  });

/** Sends so many; resolves when they are counted, which follows their answers. */
const hits = async (journal: TestJournal, path: string, count: number): Promise<void> => {
  const before = await counted(journal);
  for (let sent = 0; sent < count; sent += 1) await journal.account.hit("POST", path);
  await vi.waitFor(async () => expect(await counted(journal)).toBe(before + count), { timeout: 5_000 });
};

const read = async ({ account, path }: TestJournal) =>
  (await account.api("GET", `${path}/notifications`)).body;

const dataOf = ({ body }: Got) => JSON.parse(new TextDecoder().decode(body)).data;

describe("the first hits after a quiet time", () => {
  it("are told together, in one signed message, a moment later", async () => {
    const journal = await notifying({ path: "/n1" });
    const { body: made } = await journal.account.api("POST", `${journal.path}/notifications/secret`);
    expect(made.secret).toMatch(/^whsec_/);
    await hits(journal, "/n1", 50);
    const alarm = await alarmOf(journal);
    expect(alarm).toBeLessThanOrEqual(Date.now() + 10_000);
    await after(journal, 10_000);
    expect(got).toHaveLength(1);
    const [message] = got;
    if (message === undefined) throw new Error("nothing came");
    expect(message.url).toBe(URL_OF_RECEIVER);
    expect(dataOf(message)).toMatchObject({ count: 50, failures: 0, responder: { id: journal.id } });
    const { items } = await journal.log.list({ filter: {}, limit: 5, bodyBytes: 0 });
    expect(dataOf(message).exchanges).toEqual(items.map(({ id }) => id).toReversed());
    const signed = {
      url: message.url,
      header: (name: string) => message.headers.get(name) ?? undefined,
      body: message.body,
      asSigned: <Data>(data: Data): Data => data,
    };
    const clock = { now: Date.now(), toleranceSeconds: 300 };
    expect(standardWebhooks(signed, [{ name: "S", text: made.secret }], clock)).toEqual({ ok: true, at: 0 });
    expect(await read(journal)).toMatchObject({
      secretMadeAt: expect.any(String),
      items: [
        {
          id: message.headers.get("webhook-id"),
          on: "hits",
          count: 50,
          deliveries: [
            {
              to: TO_RECEIVER,
              state: "delivered",
              nextTryAt: null,
              attempts: [{ status: 200, error: null }],
            },
          ],
        },
      ],
    });
  });

  it("are told of at most once a window: what comes meanwhile waits for its end", async () => {
    const journal = await notifying({ path: "/n2" });
    await hits(journal, "/n2", 1);
    await after(journal, 10_000);
    await hits(journal, "/n2", 3);
    await after(journal, 4 * MINUTE);
    expect(got.map((each) => dataOf(each).count)).toEqual([1]);
    await after(journal, 2 * MINUTE);
    expect(got.map((each) => dataOf(each).count)).toEqual([1, 3]);
    await after(journal, 60 * MINUTE);
    expect(got).toHaveLength(2);
    expect(await alarmOf(journal)).toBeNull();
  });
});

describe("failures", () => {
  it("are all that is told where only they are asked for", async () => {
    const journal = await notifying({ path: "/n3" }, { on: "failures" });
    await journal.account.hit("POST", "/n3");
    expect((await journal.log.follow(`exc_${"0".repeat(26)}`, {}, 1, 5_000)).items).toHaveLength(1);
    expect(await alarmOf(journal)).toBeNull();
    const source = "export default () => { throw new Error('no') }";
    await journal.account.api("PATCH", journal.path, { script: { source } });
    await hits(journal, "/n3", 2);
    await after(journal, 10_000);
    expect(got.map(dataOf)).toMatchObject([{ count: 2, failures: 2 }]);
    expect(JSON.parse(new TextDecoder().decode(got[0]?.body)).type).toBe("responder.failures");
  });
});

describe("a responder that keeps no journal", () => {
  it("notifies all the same, and still counts and keeps nothing", async () => {
    const journal = await notifying({ path: "/n4", journal: { keep: 0 } });
    await hits(journal, "/n4", 2);
    await after(journal, 10_000);
    expect(got.map(dataOf)).toMatchObject([{ count: 2, exchanges: [] }]);
    expect((await journal.log.list({ filter: {}, limit: 5, bodyBytes: 0 })).items).toEqual([]);
    expect(await journal.log.metrics()).toEqual(NO_METRICS);
  });
});

describe("a receiver that fails", () => {
  it("is tried five times over hours, under one id, and only statuses and classes are kept", async () => {
    answer = () => new Response("the inside of a receiver", { status: 503 });
    const journal = await notifying({ path: "/n5" });
    await hits(journal, "/n5", 1);
    await after(journal, 10_000);
    for (const minutes of [1, 10, 60, 240, 600]) await after(journal, minutes * MINUTE);
    expect(got).toHaveLength(5);
    expect(new Set(got.map(({ headers }) => headers.get("webhook-id"))).size).toBe(1);
    const view = await read(journal);
    const [delivery] = view.items[0].deliveries;
    expect(delivery.state).toBe("failed");
    expect(delivery.attempts).toHaveLength(5);
    expect(delivery.attempts[0]).toMatchObject({ status: 503, error: "status" });
    expect(JSON.stringify(view)).not.toContain("inside");
    expect(await alarmOf(journal)).toBeNull();
  });

  it("gets what it missed as soon as it answers again", async () => {
    answer = () => {
      throw new Error("Network connection lost.");
    };
    const journal = await notifying({ path: "/n6" });
    await hits(journal, "/n6", 1);
    await after(journal, 10_000);
    answer = () => new Response(null, { status: 204 });
    await after(journal, MINUTE);
    const [delivery] = (await read(journal)).items[0].deliveries;
    expect(delivery).toMatchObject({
      state: "delivered",
      attempts: [
        { status: null, error: "connect" },
        { status: 204, error: null },
      ],
    });
  });

  it("does not keep another target waiting", async () => {
    const other = { kind: "webhook", url: "https://other.example.com/in" };
    const journal = await notifying({ path: "/n7" }, { to: [TO_RECEIVER, other] });
    answer = () => new Response(null, { status: got.at(-1)?.url === other.url ? 200 : 500 });
    await hits(journal, "/n7", 1);
    await after(journal, 10_000);
    const { deliveries } = (await read(journal)).items[0];
    expect(deliveries.map(({ state }: { state: string }) => state)).toEqual(["pending", "delivered"]);
  });
});

describe("a change of the definition", () => {
  it("decides about what was counted before it", async () => {
    const journal = await notifying({ path: "/n8" });
    await hits(journal, "/n8", 1);
    await journal.account.api("PATCH", journal.path, { notifications: { every: "1h" } });
    await after(journal, 10_000);
    await hits(journal, "/n8", 1);
    await after(journal, 6 * MINUTE);
    expect(got).toHaveLength(1);
    await journal.account.api("PATCH", journal.path, { notifications: null });
    await after(journal, 60 * MINUTE);
    expect(got).toHaveLength(1);
    expect(await alarmOf(journal)).toBeNull();
  });

  it("ends tries to a target that it no longer names", async () => {
    answer = () => new Response(null, { status: 500 });
    const journal = await notifying({ path: "/n9" });
    await hits(journal, "/n9", 1);
    await after(journal, 10_000);
    const to = [{ kind: "webhook", url: "https://other.example.com/in" }];
    await journal.account.api("PATCH", journal.path, { notifications: { to } });
    await after(journal, MINUTE);
    expect(got).toHaveLength(1);
    expect((await read(journal)).items[0].deliveries).toMatchObject([{ state: "withdrawn" }]);
  });

  it("leaves nothing of a responder that is deleted", async () => {
    const journal = await notifying({ path: "/n10" });
    await hits(journal, "/n10", 1);
    await after(journal, 10_000);
    await hits(journal, "/n10", 1);
    await journal.account.api("DELETE", journal.path);
    const isThere = () =>
      runInDurableObject(objectOf(journal), (_, { storage }) => hasNoticeTables(storage.sql));
    await vi.waitFor(async () => expect(await isThere()).toBe(false), { timeout: 5_000 });
    const rows = await env.DB.prepare("SELECT id FROM signing_secrets WHERE id = ?").bind(journal.id).all();
    expect(rows.results).toEqual([]);
  });
});

describe("a crash", () => {
  it("between sending and noting it sends the same message again", async () => {
    const journal = await notifying({ path: "/n11" });
    await hits(journal, "/n11", 1);
    await after(journal, 10_000);
    // As it would be if nothing after the sending had been written.
    await runInDurableObject(objectOf(journal), (_, { storage }) => {
      storage.sql.exec("UPDATE notice_deliveries SET state = 'pending', next_at = 1");
      return storage.setAlarm(Date.now() + MINUTE);
    });
    await runDurableObjectAlarm(objectOf(journal));
    expect(got).toHaveLength(2);
    const ids = new Set(got.map(({ headers }) => headers.get("webhook-id")));
    const bodies = new Set(got.map(({ body }) => new TextDecoder().decode(body)));
    expect([ids.size, bodies.size]).toEqual([1, 1]);
  });
});

describe("a notification to a hook of one's own", () => {
  it("counts its hops, so that a loop ends", async () => {
    const journal = await notifying({ path: "/n12" });
    const rule = { on: "hits", every: "5m" } as const;
    const notify = { responderId: journal.id, rule, hops: 2 };
    await journal.log.record(entryOf({ run: THREW }, { notify }));
    await after(journal, 10_000);
    expect(got[0]?.headers.get(HOPS_HEADER)).toMatch(/^3\./);
  });
});

describe("the API", () => {
  it("shows settings as they were given, merges a patch, and refuses what cannot be", async () => {
    const journal = await notifying({ path: "/n13" });
    const { account, path } = journal;
    const patched = await account.api("PATCH", path, { notifications: { on: "failures" } });
    expect(patched.body.notifications).toEqual({ on: "failures", every: "5m", to: [TO_RECEIVER] });
    const url = (text: string) => ({ kind: "webhook", url: text });
    const refused = await account.api("PATCH", path, {
      notifications: {
        every: "1m",
        to: [url("http://10.0.0.1/"), url("ftp://example.com"), { kind: "email", address: "a@example.com" }],
      },
    });
    expect(refused.status).toBe(422);
    expect(pathsOf(refused)).toEqual([
      "notifications.every",
      "notifications.to.0",
      "notifications.to.1",
      "notifications.to.2",
    ]);
    expect(JSON.stringify(refused.body)).toContain("send_email");
    const whole = await account.api("POST", "/responders", { name: "X", path: "/x", notifications: {} });
    expect(whole.status).toBe(422);
  });

  it("shows the signing secret once, and to nobody else", async () => {
    const journal = await notifying({ path: "/n14" });
    const { account, path } = journal;
    const first = await account.api("POST", `${path}/notifications/secret`);
    const second = await account.api("POST", `${path}/notifications/secret`);
    expect(first.status).toBe(201);
    expect(second.body.secret).not.toBe(first.body.secret);
    const everything = await Promise.all([
      account.api("GET", path),
      account.api("GET", `${path}/notifications`),
    ]);
    expect(JSON.stringify(everything.map(({ body }) => body))).not.toContain("whsec_");
    const other: TestAccount = await mintAccount();
    expect((await other.api("POST", `${path}/notifications/secret`)).status).toBe(404);
    expect((await other.api("GET", `${path}/notifications`)).status).toBe(404);
    const reader = await keyWith(account, ["responders:read"]);
    const asReader = await call("POST", `/api/v1${path}/notifications/secret`, { key: reader });
    expect(asReader.status).toBe(403);
  });

  it("tells of nothing where nothing was sent", async () => {
    const journal = await journalOf(await mintAccount());
    expect(await read(journal)).toEqual({ items: [], secretMadeAt: null });
  });
});
