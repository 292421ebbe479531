import { describe, expect, it } from "vitest";
import { call, keyWith, mintAccount, type TestAccount } from "../support/account.ts";
import { codeOf, type Got, pathsOf } from "../support/api.ts";
import { entryOf } from "../support/exchanges.ts";
import { journalOf, newJournal, type TestJournal } from "../support/journal.ts";

const scripted = (source: string, more: object = {}) => ({ script: { source, language: "js" }, ...more });

/** Resolves with the id of the exchange when it is recorded, which follows the answer. */
const recorded = async ({ log }: TestJournal, send: () => Promise<{ readonly headers: Headers }>) => {
  const { seen = `exc_${"0".repeat(26)}` } = await log.follow(undefined, {}, 1, 0);
  const { headers } = await send();
  const id = headers.get("x-request-id") ?? "";
  const { items } = await log.follow(seen, {}, 1, 5_000);
  expect(items.map((item) => item.id)).toEqual([id]);
  return id;
};

const hit = (journal: TestJournal, method: string, path: string, init: RequestInit = {}): Promise<string> =>
  recorded(journal, () => journal.account.hit(method, path, init));

const replay = (journal: TestJournal, id: string, json: object = {}): Promise<Got> =>
  journal.account.api("POST", `${journal.path}/exchanges/${id}/replay`, json);

const change = async (journal: TestJournal, json: object): Promise<void> => {
  const { status, body } = await journal.account.api("PATCH", journal.path, json);
  if (status !== 200) throw new Error(JSON.stringify(body));
};

const idsOf = async (journal: TestJournal): Promise<readonly string[]> =>
  (await journal.log.list({ filter: {}, limit: 200, bodyBytes: 0 })).items.map(({ id }) => id);

const ECHO = `export default async (request, ctx) => ({
  status: 201,
  headers: { "x-kind": request.method, "set-cookie": "a=1" },
  body: { sent: await request.json(), item: ctx.params.item, query: new URL(request.url).search, at: 1 },
});`;

const JSON_BODY = { body: '{"n":1}', headers: { "content-type": "application/json" } };

describe("a replay", () => {
  it("finds no difference where there is none", async () => {
    const journal = await newJournal({ path: "/items/:item", ...scripted(ECHO) });
    const id = await hit(journal, "POST", "/items/7?x=1", JSON_BODY);
    const { status, body } = await replay(journal, id);
    expect(status).toBe(200);
    expect(body).toMatchObject({ difference: [], more: 0, uncompared: [], exchange: null });
    expect(body.response.status).toBe(201);
    expect(JSON.parse(body.response.body.text)).toEqual({ sent: { n: 1 }, item: "7", query: "?x=1", at: 1 });
    expect(body.run.outcome).toEqual({ kind: "returned" });
    expect(await idsOf(journal)).toEqual([id]);
  });

  it("shows what a changed script answers otherwise", async () => {
    const journal = await newJournal({ path: "/items/:item", ...scripted(ECHO) });
    const id = await hit(journal, "POST", "/items/7", JSON_BODY);
    const source = ECHO.replace("at: 1", "at: 2, extra: [1]")
      .replace("status: 201", "status: 202")
      .replace("a=1", "b=2");
    await change(journal, { script: { source } });
    const { body } = await replay(journal, id, { mode: "dry", ignore: ["/body/extra"] });
    expect(body.difference).toEqual([
      { path: "/status", before: 201, after: 202 },
      { path: "/headers/set-cookie/0", before: "a=1", after: "b=2" },
      { path: "/body/at", before: 1, after: 2 },
    ]);
  });

  it("compares failures without the id that each has", async () => {
    const journal = await newJournal({
      path: "/fails",
      ...scripted("export default () => { throw new Error('no') }"),
    });
    const id = await hit(journal, "GET", "/fails");
    const { body } = await replay(journal, id);
    expect(body).toMatchObject({ difference: [], response: { status: 500 } });
    expect(body.run.outcome).toMatchObject({ kind: "threw", error: { message: "no", line: 1 } });
    await change(journal, { script: null });
    const { body: mended } = await replay(journal, id);
    expect(mended.difference).toEqual(
      expect.arrayContaining([
        { path: "/status", before: 500, after: 200 },
        { path: "/headers/content-type", before: "application/problem+json" },
      ]),
    );
  });

  it("is the same in path style, for HEAD, and where there is no body", async () => {
    const journal = await newJournal({
      path: "/plain",
      response: { status: 204, headers: { "set-cookie": "a=1", "x-a": "1" }, body: "never seen" },
    });
    const { account } = journal;
    const ids = [
      await recorded(journal, () => call("GET", `/~${account.handle}/plain`)),
      await hit(journal, "GET", "/plain"),
      await hit(journal, "HEAD", "/plain"),
    ];
    for (const id of ids)
      expect((await replay(journal, id)).body).toMatchObject({ difference: [], uncompared: [] });
    await change(journal, { response: { status: 200, body: "seen" } });
    const head = await hit(journal, "HEAD", "/plain");
    expect((await replay(journal, head)).body.difference).toEqual([]);
  });

  it("is recorded when that is asked for, as a replay of the first", async () => {
    const journal = await newJournal({ path: "/items/:item", ...scripted(ECHO) });
    const id = await hit(journal, "POST", "/items/7", JSON_BODY);
    const { body } = await replay(journal, id, { mode: "record" });
    expect(body.exchange).toMatch(/^exc_/);
    const { body: kept } = await journal.account.api("GET", `${journal.path}/exchanges/${body.exchange}`);
    expect(kept).toMatchObject({
      replayOf: id,
      request: { method: "POST", body: { text: '{"n":1}' } },
      response: { status: 201 },
      run: { outcome: { kind: "returned" } },
    });
    expect(new Map(kept.response.headers).get("x-request-id")).toBe(body.exchange);
    const { body: again } = await replay(journal, body.exchange);
    expect(again.difference).toEqual([]);
    await change(journal, { journal: { keep: 0 } });
    expect((await replay(journal, id, { mode: "record" })).body.exchange).toBeNull();
  });

  it("tells its script what it replays", async () => {
    const source = "export default (request, ctx) => ({ body: { replay: ctx.replay ?? null } });";
    const journal = await newJournal({ path: "/told", ...scripted(source) });
    const id = await hit(journal, "GET", "/told");
    const exchange = await journal.log.read(id);
    const { body } = await replay(journal, id);
    expect(body.difference).toEqual([
      { path: "/body/replay", before: null, after: { of: id, at: exchange?.at } },
    ]);
  });

  it("drops what a dry one writes to the state, and keeps what a recorded one does", async () => {
    const source =
      "export default async (request, ctx) => ({ body: { count: await ctx.kv.increment('n') } });";
    const journal = await newJournal({ path: "/counted", ...scripted(source) });
    const id = await hit(journal, "GET", "/counted");
    const counts = async (mode: string): Promise<number> =>
      JSON.parse((await replay(journal, id, { mode })).body.response.body.text).count;
    expect([await counts("dry"), await counts("dry"), await counts("record"), await counts("dry")]).toEqual([
      2, 2, 2, 3,
    ]);
  });

  it("is of a disabled responder too, and of bytes as they were", async () => {
    const source =
      "export default async (request) => ({ body: new Uint8Array(await request.arrayBuffer()) });";
    const journal = await newJournal({ path: "/bytes", ...scripted(source) });
    const bytes = Uint8Array.from({ length: 256 }, (_, byte) => byte);
    const id = await hit(journal, "PUT", "/bytes", { body: bytes });
    await change(journal, { enabled: false });
    const { body } = await replay(journal, id);
    expect(body.difference).toEqual([]);
    expect(body.response.body).toEqual({ base64: expect.stringMatching(/^AAECAwQF/) });
  });

  it("is refused where the request was not kept whole, or is not taken any more", async () => {
    const journal = await newJournal({ path: "/moved", method: "POST" });
    const entry = entryOf({ path: "/moved" });
    const cut = { bytes: new Uint8Array(2), size: 5, truncated: true };
    const request = { ...entry.exchange.request, body: cut };
    await journal.log.record({ ...entry, exchange: { ...entry.exchange, request } });
    const short = await replay(journal, entry.exchange.id);
    expect([short.status, codeOf(short)]).toEqual([409, "conflict"]);
    expect(short.body.detail).toContain("only 2 of 5 bytes were kept");
    const [id] = await journal.record({ path: "/moved" });
    expect((await replay(journal, id ?? "")).status).toBe(200);
    await change(journal, { path: "/elsewhere" });
    const gone = await replay(journal, id ?? "");
    expect([gone.status, codeOf(gone)]).toEqual([409, "conflict"]);
    expect(gone.body.detail).toContain("does not take POST /moved any more");
  });

  it("leaves out a body that was not kept to compare with", async () => {
    const journal = await newJournal({ path: "/long", response: { body: "other" } });
    const entry = entryOf({ path: "/long" });
    const body = { bytes: new Uint8Array(2), size: 5, truncated: true };
    const response = { ...entry.exchange.response, body };
    const { exchange } = entry;
    await journal.log.record({ ...entry, exchange: { ...exchange, response } });
    expect((await replay(journal, exchange.id)).body).toMatchObject({ uncompared: ["/body"] });
    const { body: got } = await replay(journal, exchange.id);
    expect(got.difference.map(({ path }: { readonly path: string }) => path)).not.toContain("/body");
  });

  it("says what is wrong with what is asked", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    for (const [json, path] of [
      [{ mode: "url" }, "url"],
      [{ mode: "wet" }, "mode"],
      [{ url: "http://x" }, "url"],
      [{ ignore: ["body"] }, "ignore.0"],
      [{ effects: "real" }, "effects"],
    ] as const) {
      const got = await replay(journal, id ?? "", json);
      expect([got.status, pathsOf(got)], JSON.stringify(json)).toEqual([422, [path]]);
    }
  });

  it("needs the scope of replays and that of tests, in one's own account", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({ path: "/journal" });
    const path = `/api/v1${journal.path}/exchanges/${id}/replay`;
    const post = async (key: string): Promise<number> => (await call("POST", path, { key, json: {} })).status;
    expect(await post(await keyWith(journal.account, ["journal:replay"]))).toBe(403);
    expect(await post(await keyWith(journal.account, ["journal:write", "responders:write"]))).toBe(403);
    const able = await keyWith(journal.account, ["journal:replay", "responders:write"]);
    expect(await post(able)).toBe(409);
    const stranger: TestAccount = await mintAccount();
    expect(await post(stranger.key)).toBe(404);
    const other = await journalOf(journal.account);
    expect((await call("POST", path.replace(journal.id, other.id), { key: able, json: {} })).status).toBe(
      404,
    );
  });
});

const replayAll = (journal: TestJournal, json: object = {}): Promise<Got> =>
  journal.account.api("POST", `${journal.path}/exchanges/replay`, json);

describe("a replay of many", () => {
  it("tells of each, oldest first, whether it is the same", async () => {
    const source = `export default async (request) => {
      const { n } = await request.json();
      if (n === 3) throw new Error("three");
      return { body: { n } };
    };`;
    const journal = await newJournal({ path: "/many", ...scripted(source) });
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.push(await hit(journal, "POST", "/many", { body: JSON.stringify({ n }) }));
    await replay(journal, ids[0] ?? "", { mode: "record" });
    const same = await replayAll(journal);
    expect(same.body.totals).toEqual({ same: 3, different: 0, unfit: 0, left: 0 });
    expect(same.body.items.map(({ id }: { readonly id: string }) => id)).toEqual(ids);
    await change(journal, {
      script: { source: source.replace("{ body: { n } }", "{ body: { n: n === 2 ? 0 : n } }") },
    });
    const { body } = await replayAll(journal);
    expect(body.totals).toEqual({ same: 2, different: 1, unfit: 0, left: 0 });
    expect(body.items).toEqual([
      expect.objectContaining({ id: ids[0], same: true, difference: [], outcome: "returned", problem: null }),
      expect.objectContaining({
        id: ids[1],
        same: false,
        difference: [{ path: "/body/n", before: 2, after: 0 }],
      }),
      expect.objectContaining({ id: ids[2], same: true, outcome: "threw" }),
    ]);
    const ignored = await replayAll(journal, { ignore: ["/body/n"] });
    expect(ignored.body.totals.same).toBe(3);
  });

  it("takes a filter and a limit, the newest first of all", async () => {
    const journal = await newJournal({ path: "/some", response: { body: "x" } });
    const ids = await journal.record(
      { path: "/some", method: "PUT" },
      { path: "/some" },
      { path: "/some", method: "PUT" },
      { path: "/some", method: "PUT" },
      { path: "/gone", method: "PUT" },
    );
    const { body } = await replayAll(journal, { filter: { method: "PUT", q: "/some" }, limit: 2 });
    expect(body.items.map(({ id }: { readonly id: string }) => id)).toEqual([ids[2], ids[3]]);
    for (const [status, taken] of [
      [200, 5],
      ["2xx", 5],
      ["200", 5],
      [201, 0],
      [20, undefined],
    ] as const) {
      const got = await replayAll(journal, { filter: { status } });
      expect([status, got.body.items?.length]).toEqual([status, taken]);
    }
    const all = await replayAll(journal, {});
    expect(all.body.totals).toEqual({ same: 0, different: 4, unfit: 1, left: 0 });
    expect(all.body.items[4]).toMatchObject({ id: ids[4], same: false, outcome: null });
    expect(all.body.items[4].problem).toContain("/gone");
    const wrong = await replayAll(journal, { limit: 101, filter: { colour: "red" } });
    expect([wrong.status, pathsOf(wrong)]).toEqual([422, ["filter.colour", "limit"]]);
  });

  it("is the owner's alone", async () => {
    const journal = await newJournal();
    const stranger = await mintAccount();
    expect((await stranger.api("POST", `${journal.path}/exchanges/replay`, {})).status).toBe(404);
  });
});
