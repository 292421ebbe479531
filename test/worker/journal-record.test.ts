import { createExecutionContext, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { beforeAll, describe, expect, it } from "vitest";
import { type Exchange, type JournalLog, journalLogOf } from "../../src/journal/index.ts";
import { fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import worker from "../../src/index.ts";
import { call, fetchWorker, mintAccount, type TestAccount } from "../support/account.ts";

let account: TestAccount;
let made = 0;
beforeAll(async () => {
  account = await mintAccount({ tier: "standard" });
});

interface Recorded {
  readonly id: string;
  readonly log: JournalLog;
  /** What is recorded, in that order, once so many are. */
  readonly recorded: (count: number) => Promise<readonly Exchange[]>;
}

const responder = async (json: object, owner = account): Promise<Recorded> => {
  made += 1;
  const { status, body } = await owner.api("POST", "/responders", { name: `Responder ${made}`, ...json });
  expect([status, body.errors]).toEqual([201, undefined]);
  const log = journalLogOf(env.JOURNAL.get(env.JOURNAL.idFromName(body.id)));
  const recorded = async (count: number): Promise<readonly Exchange[]> => {
    for (;;) {
      const { items } = await log.list({ filter: {}, limit: 200, bodyBytes: 1e9 });
      if (items.length >= count) return items.toReversed();
      const newest = items[0]?.id;
      const { items: more } = await log.follow(newest, {}, 200, 5_000);
      if (more.length === 0) throw new Error(`${items.length} of ${count} exchanges came.`);
    }
  };
  return { id: body.id, log, recorded };
};

const module = (source: string) => ({ script: { source, language: "js" } });
const expression = module;

/** Until so many hits are counted, kept or not. */
const counted = async (log: JournalLog, hits: number): Promise<void> => {
  for (let attempt = 0; attempt < 500; attempt += 1) {
    if ((await log.metrics()).totals.hits >= hits) return;
    await scheduler.wait(10);
  }
  throw new Error(`${hits} hits were not counted.`);
};

describe("a hit", () => {
  it("is recorded as it came and as it was answered", async () => {
    const { recorded } = await responder({
      path: "/whole/:what",
      response: {
        status: 202,
        headers: [
          ["X-Answer", "a"],
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
          ["connection", "close"],
        ],
        body: "ünïcode",
      },
    });
    const response = await account.hit("POST", "/whole/thing%20x?b=2&a=1", {
      headers: { "X-Sender": "me", cookie: "session=1", "content-type": "application/octet-stream" },
      body: Uint8Array.from([0, 255, 1]),
    });
    const [exchange] = await recorded(1);
    expect(exchange).toMatchObject({
      id: response.headers.get("x-request-id"),
      request: {
        method: "POST",
        url: `http://${account.handle}.localhost/whole/thing%20x?b=2&a=1`,
        path: "/whole/thing%20x",
        rawQuery: "b=2&a=1",
        body: { bytes: Uint8Array.from([0, 255, 1]), size: 3, truncated: false },
      },
      response: { status: 202, body: { bytes: utf8("ünïcode"), truncated: false } },
      run: { outcome: { kind: "static" } },
      replayOf: null,
      pinned: false,
    });
    const names = new Map(exchange?.request.headers);
    expect([names.get("x-sender"), names.get("cookie")]).toEqual(["me", "session=1"]);
    expect(exchange?.response.headers).toEqual(
      [...response.headers].filter(([name]) => name !== "content-length"),
    );
    expect(exchange?.response.headers.filter(([name]) => name === "set-cookie").length).toBe(2);
  });

  it("is recorded with its run, and with what that did after its answer", async () => {
    const { recorded } = await responder({
      path: "/run",
      ...module(`export default (request, ctx) => {
        console.warn("before");
        ctx.waitUntil(new Promise((resolve) => setTimeout(() => { console.error("after"); resolve(); }, 20)));
        return { body: "answered" };
      }`),
    });
    expect(await (await account.hit("GET", "/run")).text()).toBe("answered");
    const [exchange] = await recorded(1);
    expect(exchange?.run).toMatchObject({ outcome: { kind: "returned" }, suspensions: 1, logsDropped: 0 });
    expect(exchange?.run.logs.map(({ level, text }) => [level, text])).toEqual([
      ["warn", "before"],
      ["error", "after"],
    ]);
    expect(exchange?.run.fuel).toBeGreaterThan(0);
  });

  it("is recorded with the error in the user's own lines, and the problem that the sender got", async () => {
    const { recorded } = await responder({
      path: "/throws",
      ...module("export default () => {\n  throw new TypeError('not today');\n}"),
    });
    const response = await account.hit("POST", "/throws", { body: "why?" });
    const [exchange] = await recorded(1);
    expect(exchange?.run.outcome).toMatchObject({
      kind: "threw",
      error: { name: "TypeError", message: "not today", line: 2 },
    });
    expect(exchange?.response.status).toBe(500);
    expect(fromUtf8(exchange?.response.body.bytes ?? new Uint8Array())).toBe(await response.text());
  });

  it("is recorded with a run that did not end well after it had answered", async () => {
    const { recorded } = await responder({
      path: "/later",
      ...module(`export default (request, ctx) => {
        ctx.waitUntil(Promise.reject(new Error("too late")));
        return { body: "fine" };
      }`),
    });
    expect((await account.hit("GET", "/later")).status).toBe(200);
    const [exchange] = await recorded(1);
    expect([exchange?.response.status, exchange?.run.outcome.kind]).toEqual([200, "threw"]);
  });

  it.each([
    ["HEAD", 200],
    ["GET", 204],
  ])("of %s answered %d has no body in its answer", async (method, status) => {
    const { recorded } = await responder({
      path: `/empty-${status}`,
      response: { status, body: "never sent" },
    });
    await account.hit(method, `/empty-${status}`);
    expect((await recorded(1))[0]?.response.body).toEqual({ bytes: null, size: 0, truncated: false });
  });

  it("with a body beyond what is kept is cut at a character's end, its true size beside it", async () => {
    const own = await mintAccount({ tier: "basic" });
    const { recorded } = await responder({ path: "/cut", response: { body: "ok" } }, own);
    await own.hit("POST", "/cut", { body: `${"x".repeat(256 * 1024 - 1)}é and more` });
    const [exchange] = await recorded(1);
    expect(exchange?.request.body).toMatchObject({ size: 256 * 1024 + 10, truncated: true });
    expect(exchange?.request.body.bytes?.length).toBe(256 * 1024 - 1);
  });

  it("whose body was refused is recorded with the problem and the size that was announced", async () => {
    const own = await mintAccount({ tier: "basic" });
    await call("PATCH", `/api/v1/accounts/${own.id}`, {
      key: env.ADMIN_TOKEN ?? "",
      json: { limits: { requestBodyBytes: 10 } },
    });
    const { recorded } = await responder({ path: "/large" }, own);
    const response = await own.hit("POST", "/large", { body: "x".repeat(11) });
    expect(response.status).toBe(413);
    const [exchange] = await recorded(1);
    expect(exchange).toMatchObject({
      request: { method: "POST", body: { bytes: null, size: 11, truncated: true } },
      response: { status: 413 },
      run: { outcome: { kind: "static" } },
    });
    expect(fromUtf8(exchange?.response.body.bytes ?? new Uint8Array())).toBe(await response.text());
  });

  it("by path style is recorded without what was none of the script's business", async () => {
    const { recorded } = await responder({ path: "/style" });
    await fetchWorker(
      new Request(`http://localhost/~${account.handle}/style`, {
        headers: { cookie: "console=1", authorization: "Bearer hw_live_secret", "x-a": "1" },
      }),
    );
    const [exchange] = await recorded(1);
    expect(exchange?.request.headers.map(([name]) => name).filter((name) => name !== "host")).toEqual([
      "x-a",
    ]);
    expect(new Map(exchange?.response.headers).get("content-security-policy")).toBe("sandbox");
  });
});

describe("odd input", () => {
  it("is kept as the platform shows it", async () => {
    const { recorded, log } = await responder({ path: "/odd" });
    const headers = Object.fromEntries(
      Array.from({ length: 500 }, (_, index) => [`x-${index}`, `v${index}`]),
    );
    const invalid = Uint8Array.from([0x61, 0xff, 0xfe, 0x62]);
    const query = "q".repeat(8_000);
    await account.hit("POST", `/odd?${query}`, { headers, body: invalid });
    const [exchange] = await recorded(1);
    expect(exchange?.request.body.bytes).toEqual(invalid);
    expect(exchange?.request.rawQuery).toBe(query);
    expect(exchange?.request.headers.filter(([name]) => name.startsWith("x-")).length).toBe(500);
    expect((await log.list({ filter: { q: "x-499: v499" }, limit: 1, bodyBytes: 0 })).items.length).toBe(1);
  });
});

describe("what is not kept", () => {
  it("makes no call and leaves nothing with keep: 0", async () => {
    const { log } = await responder({ path: "/none", journal: { keep: 0 } });
    await account.hit("GET", "/none");
    await scheduler.wait(50);
    expect((await log.metrics()).totals.hits).toBe(0);
  });

  it.each([
    ["skipRequest", expression("({ body: 'x', skipRequest: true })")],
    ["ctx.journal({ keep: false })", module("export default (r, ctx) => { ctx.journal({ keep: false }); }")],
  ])("is counted with %s", async (name, script) => {
    const path = `/skip-${name.length}`;
    const { log } = await responder({ path, ...script });
    await account.hit("GET", path);
    await counted(log, 1);
    expect((await log.list({ filter: {}, limit: 1, bodyBytes: 0 })).items).toEqual([]);
    expect((await log.metrics()).totals.outcomes).toEqual({ returned: 1 });
  });

  it("are bodies that the script does not want kept", async () => {
    const { recorded } = await responder({
      path: "/bodies",
      ...module("export default (r, ctx) => { ctx.journal({ bodies: false }); return { body: 'secret' } }"),
    });
    await account.hit("POST", "/bodies", { body: "also secret" });
    const [exchange] = await recorded(1);
    expect(exchange?.request.body).toEqual({ bytes: null, size: 11, truncated: true });
    expect(exchange?.response.body).toEqual({ bytes: null, size: 6, truncated: true });
  });

  it("are hits that no responder was found for", async () => {
    const { log } = await responder({ path: "/deleted", method: "PUT" });
    await account.hit("GET", "/deleted");
    await account.hit("PUT", "/deleted/not");
    await scheduler.wait(20);
    expect((await log.metrics()).totals.hits).toBe(0);
  });
});

describe("a journal that fails", () => {
  it("costs the sender nothing, and says afterwards what it lost", async () => {
    const { id, recorded, log } = await responder({ path: "/fails" });
    await account.hit("GET", "/fails?first");
    await recorded(1);
    const stub = env.JOURNAL.get(env.JOURNAL.idFromName(id));
    const rename = (from: string, to: string) =>
      runInDurableObject(stub, (_, { storage }) => {
        storage.sql.exec(`ALTER TABLE ${from} RENAME TO ${to}`);
      });
    await rename("exchanges", "mislaid");
    expect((await account.hit("GET", "/fails?second")).status).toBe(200);
    await scheduler.wait(2_500);
    await rename("mislaid", "exchanges");
    await account.hit("GET", "/fails?third");
    expect((await recorded(2)).map(({ request }) => request.rawQuery)).toEqual(["first", "third"]);
    expect((await log.metrics()).totals).toMatchObject({ hits: 2, lost: 1 });
  });
});

/** All of them at once, as the platform would call, without waiting for what comes after the answers. */
const hitAtOnce = (owner: TestAccount, path: string, count: number): Promise<readonly Response[]> => {
  const context = createExecutionContext();
  const one = async (index: number): Promise<Response> =>
    worker.fetch(
      new Request<unknown, IncomingRequestCfProperties>(
        `http://${owner.handle}.localhost${path}?n=${index}`,
        { method: "POST", body: `{"order":${index}}` },
      ),
      env,
      context,
    );
  return Promise.all(Array.from({ length: count }, (_, index) => one(index)));
};

describe("a burst", () => {
  it("is answered right and recorded whole, and kept within what is to be kept", async () => {
    const { recorded, log } = await responder({
      path: "/burst",
      journal: { keep: 50 },
      ...module("export default (request, ctx) => ({ body: { path: request.url.split('=')[1] } })"),
    });
    const answers = await hitAtOnce(account, "/burst", 15);
    const more = await hitAtOnce(account, "/burst", 15);
    const bodies = await Promise.all([...answers, ...more].map((response) => response.json()));
    expect(bodies).toEqual([...answers.keys(), ...more.keys()].map((index) => ({ path: String(index) })));
    await counted(log, 30);
    expect((await recorded(30)).map(({ id }) => id)).toEqual(
      [...answers, ...more].map(({ headers }) => headers.get("x-request-id") ?? "").toSorted(),
    );
  });

  it("of 2,000 hits loses none, and has every one that is to be kept in order", async () => {
    const own = await mintAccount({ tier: "ultimate" });
    const { log } = await responder({ path: "/flood", journal: { keep: 1_000 } }, own);
    const ids = (await hitAtOnce(own, "/flood", 2_000)).map(({ status, headers }) => {
      expect(status).toBe(200);
      return headers.get("x-request-id") ?? "";
    });
    await counted(log, 2_000);
    const kept: string[] = [];
    for (let page = 0; page < 5; page += 1) {
      const before = kept.at(-1);
      const from = before === undefined ? {} : { before };
      const { items } = await log.list({ filter: {}, limit: 200, bodyBytes: 0, ...from });
      kept.push(...items.map(({ id }) => id));
    }
    expect(kept).toEqual(ids.toSorted().toReversed().slice(0, 1_000));
    expect((await log.metrics()).totals).toMatchObject({ hits: 2_000, lost: 0, outcomes: { static: 2_000 } });
  });
});
