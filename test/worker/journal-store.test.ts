import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { type ExchangeFilter, type JournalLog, journalLogOf } from "../../src/journal/index.ts";
import { listExchanges } from "../../src/journal/store/list.ts";
import { newId } from "../../src/lib/id.ts";
import { entryOf, type Made, RULES, THREW } from "../support/exchanges.ts";
import { keptUpstream } from "../support/legs.ts";

let made = 0;

const newJournal = () => {
  const stub = env.JOURNAL.get(env.JOURNAL.idFromName(`rsp_${(made += 1)}`));
  return { stub, log: journalLogOf(stub) };
};

const AT = Date.UTC(2026, 10, 22, 12, 0, 30);

const idsOf = async (log: JournalLog, filter: ExchangeFilter = {}): Promise<readonly string[]> => {
  const { items, more } = await log.list({ filter, limit: 200, bodyBytes: 0 });
  expect(more).toBe(false);
  return items.map(({ id }) => id);
};

/** Recorded one after the other, a ms apart. */
const recordAll = async (
  log: JournalLog,
  all: readonly Made[],
  rules = RULES,
): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (const [index, each] of all.entries()) {
    const entry = entryOf({ at: AT + index, ...each }, { rules });
    await log.record(entry);
    ids.push(entry.exchange.id);
  }
  return ids;
};

/** How many rows a piece of work reads, whatever statements it makes. */
const countingReads = (sql: SqlStorage): { readonly sql: SqlStorage; readonly read: () => number } => {
  const cursors: SqlStorageCursor<Record<string, SqlStorageValue>>[] = [];
  const counting = new Proxy(sql, {
    get: (target, name) => {
      if (name !== "exec") return Reflect.get(target, name);
      return (...given: Parameters<SqlStorage["exec"]>) => {
        const cursor = target.exec(...given);
        cursors.push(cursor);
        return cursor;
      };
    },
  });
  return { sql: counting, read: () => cursors.reduce((sum, { rowsRead }) => sum + rowsRead, 0) };
};

describe("an exchange", () => {
  it("comes back as it was", async () => {
    const { log } = newJournal();
    const entry = entryOf({
      body: Uint8Array.from({ length: 256 }, (_, byte) => byte),
      answer: "ünïcödé",
      headers: [
        ["cookie", "a=1"],
        ["x-latin", "\u00e9\ufffd"],
      ],
      answerHeaders: [
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      run: {
        outcome: { kind: "exceeded", limit: "cpu", limitValue: 250 },
        cpuMs: 250.5,
        fuel: 1_234_567_890_123,
        logs: [{ at: "2026-11-22T12:00:00.000Z", level: "warn", text: "mind\nthe gap" }],
        logsDropped: 2,
      },
    });
    await log.record(entry);
    expect(await log.read(entry.exchange.id)).toEqual(entry.exchange);
    expect((await log.list({ filter: {}, limit: 5, bodyBytes: 1_000 })).items).toEqual([entry.exchange]);
  });

  it("keeps bodies of many pieces whole", async () => {
    const { log } = newJournal();
    const body = new Uint8Array(10 * 1024 * 1024 + 1).map((_, index) => index % 251);
    const answer = new Uint8Array(512 * 1024).fill(7);
    const entry = entryOf({ body, answer });
    await log.record(entry);
    const read = await log.read(entry.exchange.id);
    expect(read?.request.body.bytes?.length).toBe(body.length);
    expect(read?.request.body.bytes?.every((byte, index) => byte === index % 251)).toBe(true);
    expect(read?.response.body.bytes).toEqual(answer);
  });

  it("keeps both legs of what was forwarded, and the bodies that are their own", async () => {
    const { log } = newJournal();
    const bytes = new Uint8Array(600 * 1024).fill(3);
    const same = keptUpstream();
    const request = { ...same.request, body: { bytes, size: bytes.length, truncated: false } };
    const whole = entryOf({ at: AT, body: "in", answer: "out", upstream: keptUpstream({ request }) });
    await log.record(whole);
    await log.record(entryOf({ at: AT + 1, upstream: same }));
    const read = await log.read(whole.exchange.id);
    expect(read?.upstream).toEqual(whole.exchange.upstream);
    const { items } = await log.list({ filter: { q: "x-came: 2" }, limit: 5, bodyBytes: 1_000 });
    expect(items.map(({ upstream }) => upstream?.request.body)).toEqual([
      "same",
      { bytes: null, size: bytes.length, truncated: false, omitted: true },
    ]);
  });

  it("tells an empty body from none, and one that is left out from both", async () => {
    const { log } = newJournal();
    const entry = entryOf({ at: AT, body: "", answer: null });
    const long = entryOf({ at: AT + 1, body: "123456", answer: "12345" });
    await log.record(entry);
    await log.record(long);
    const { items } = await log.list({ filter: {}, limit: 2, bodyBytes: 5 });
    expect(items.map(({ request }) => request.body)).toEqual([
      { bytes: null, size: 6, truncated: false, omitted: true },
      { bytes: new Uint8Array(0), size: 0, truncated: false },
    ]);
    expect(items.map(({ response }) => response.body.bytes?.length ?? null)).toEqual([5, null]);
  });

  it("is counted once, however often it is recorded", async () => {
    const { log } = newJournal();
    const entry = entryOf();
    const uncounted = entryOf({}, { kept: false });
    for (const each of [entry, entry, uncounted, uncounted]) await log.record(each);
    expect((await log.metrics()).totals.hits).toBe(2);
    expect(await idsOf(log)).toEqual([entry.exchange.id]);
  });

  it("is cut, not refused, when its head is larger than a row", async () => {
    const { log } = newJournal();
    const line = { at: "2026-11-22T12:00:00.000Z", level: "log", text: "x".repeat(10_000) };
    const error = {
      name: "Error",
      message: "m".repeat(900_000),
      stack: "\u0001".repeat(900_000),
      line: 1,
      column: 1,
    };
    const entry = entryOf({
      headers: Array.from({ length: 500 }, (_, index) => [`x-${index}`, "v".repeat(4_000)] as const),
      run: { outcome: { kind: "threw", error }, logs: Array.from({ length: 300 }, () => line) },
    });
    await log.record(entry);
    const read = await log.read(entry.exchange.id);
    expect(read?.run.outcome.error?.message.length).toBe(10_000);
    expect(read?.run.logs.length).toBeGreaterThan(10);
    expect((read?.run.logs.length ?? 0) + (read?.run.logsDropped ?? 0)).toBe(300);
    expect(read?.request.headers.length).toBeGreaterThan(40);
    expect(await idsOf(log, { q: "x-3: vvvv" })).toEqual([entry.exchange.id]);
  });

  it("is cut, not refused, when it is larger than the whole journal may be", async () => {
    const { log } = newJournal();
    const rules = { keep: 10, maxBytes: 8_000 };
    const [first = "", second = ""] = await recordAll(
      log,
      [
        { body: "é".repeat(50_000), answer: "short" },
        { body: "b".repeat(50_000), answer: "c".repeat(50_000) },
      ],
      rules,
    );
    expect(await log.read(first)).toBeNull();
    const read = await log.read(second);
    expect(read?.request.body).toMatchObject({ size: 50_000, truncated: true });
    const lengths = [read?.request.body.bytes?.length ?? 0, read?.response.body.bytes?.length ?? 0];
    expect(lengths[0]).toBe(lengths[1]);
    expect(lengths[0]).toBeGreaterThan(3_000);
    expect(lengths[0]).toBeLessThan(4_000);
  });
});

describe("what is kept", () => {
  it("is the newest by arrival, whatever order they are recorded in", async () => {
    const { log } = newJournal();
    const rules = { keep: 3, maxBytes: 1e9 };
    const ids = await recordAll(log, [{ at: AT + 5 }, { at: AT + 9 }, { at: AT + 1 }, { at: AT + 7 }], rules);
    expect(await idsOf(log)).toEqual([ids[1], ids[3], ids[0]]);
  });

  it("holds failures to a quarter, and drops the oldest of them first", async () => {
    const { log } = newJournal();
    const rules = { keep: 8, maxBytes: 1e9 };
    const all = Array.from({ length: 12 }, (_, index) => (index % 2 === 0 ? {} : { run: THREW }));
    const ids = await recordAll(log, all, rules);
    expect(await idsOf(log, { outcome: "failed" })).toEqual([ids[11], ids[9]]);
    expect(await idsOf(log)).toEqual([ids[11], ids[10], ids[9], ids[8], ids[6], ids[4], ids[2], ids[0]]);
  });

  it("keeps one failure where a quarter would be none", async () => {
    const { log } = newJournal();
    const ids = await recordAll(log, [{ run: THREW }, { run: THREW }], { keep: 1, maxBytes: 1e9 });
    expect(await idsOf(log)).toEqual([ids[1]]);
  });

  it("stays within its bytes, and always has room for the last", async () => {
    const { log } = newJournal();
    const rules = { keep: 100, maxBytes: 20_000 };
    const ids = await recordAll(
      log,
      Array.from({ length: 6 }, () => ({ body: "x".repeat(5_000) })),
      rules,
    );
    expect(await idsOf(log)).toEqual([ids[5], ids[4], ids[3]]);
    const [large] = await recordAll(log, [{ at: AT + 100, body: "y".repeat(100_000) }], rules);
    expect(await idsOf(log)).toEqual([large]);
  });

  it("does not count what is pinned, and never drops it", async () => {
    const { log } = newJournal();
    const rules = { keep: 2, maxBytes: 1e9 };
    const [pinned = "", failed = ""] = await recordAll(log, [{}, { run: THREW }], rules);
    expect([
      await log.pin(pinned, true),
      await log.pin(failed, true),
      await log.pin("exc_none", true),
    ]).toEqual([true, true, false]);
    const ids = await recordAll(
      log,
      Array.from({ length: 4 }, (_, index) => ({ at: AT + 10 + index })),
      rules,
    );
    expect(await idsOf(log)).toEqual([ids[3], ids[2], failed, pinned]);
    expect((await log.read(pinned))?.pinned).toBe(true);
    await log.pin(pinned, false);
    expect((await log.read(pinned))?.pinned).toBe(false);
    const [next] = await recordAll(log, [{ at: AT + 50 }], rules);
    expect(await idsOf(log)).toEqual([next, ids[3], failed]);
  });

  it("refuses a pin that would leave too little for what is to come", async () => {
    const { log } = newJournal();
    const rules = { keep: 100, maxBytes: 20_000 };
    const ids = await recordAll(log, [{ body: "x".repeat(5_000) }, { body: "x".repeat(5_000) }], rules);
    expect(await log.pin(ids[0] ?? "", true)).toBe(true);
    await expect(log.pin(ids[1] ?? "", true)).rejects.toMatchObject({ name: "AppError", code: "over-limit" });
    expect(await log.pin(ids[0] ?? "", true)).toBe(true);
  });

  it("counts anew when the object starts again", async () => {
    const { stub, log } = newJournal();
    const rules = { keep: 4, maxBytes: 1e9 };
    await recordAll(log, [{}, {}, { run: THREW }, {}], rules);
    await expect(
      runInDurableObject(stub, (_, state) => {
        state.abort("start again");
      }),
    ).rejects.toThrow("start again");
    const again = journalLogOf(env.JOURNAL.get(stub.id));
    const ids = await recordAll(again, [{ at: AT + 50, run: THREW }, { at: AT + 51 }], rules);
    const kept = await idsOf(again);
    expect(kept.length).toBe(4);
    expect(kept.slice(0, 2)).toEqual([ids[1], ids[0]]);
    expect(await idsOf(again, { outcome: "failed" })).toEqual([ids[0]]);
  });

  it("is emptied with its pins, and goes on counting", async () => {
    const { log } = newJournal();
    const [first = ""] = await recordAll(log, [{ body: "needle" }, {}]);
    await log.pin(first, true);
    await log.clear();
    expect([await idsOf(log), await idsOf(log, { q: "needle" }), await log.read(first)]).toEqual([
      [],
      [],
      null,
    ]);
    const [next] = await recordAll(log, [{ at: AT + 10 }]);
    expect(await idsOf(log)).toEqual([next]);
    expect((await log.metrics()).totals.hits).toBe(3);
  });

  it("is not what was not to be kept", async () => {
    const { log } = newJournal();
    await log.record(entryOf({}, { kept: false, lost: 4 }));
    expect(await idsOf(log)).toEqual([]);
    expect((await log.metrics()).totals).toMatchObject({ hits: 1, lost: 4 });
  });
});

describe("an entry that cannot be stored", () => {
  it("is counted as lost and keeps no other from its place", async () => {
    const { stub, log } = newJournal();
    const good = entryOf({ at: AT });
    const bad = entryOf({ at: AT + 1, method: JSON.parse("null") });
    const after = entryOf({ at: AT + 2 });
    await stub.recordAll([good, bad, after]);
    expect(await idsOf(log)).toEqual([after.exchange.id, good.exchange.id]);
    expect((await log.metrics()).totals).toMatchObject({ hits: 3, lost: 1 });
  });
});

describe("an erased journal", () => {
  it("takes nothing until nobody can send anything any more, and is gone then", async () => {
    const { stub, log } = newJournal();
    await recordAll(log, [{}]);
    await log.erase();
    await recordAll(log, [{ at: AT + 5 }]);
    expect([await idsOf(log), (await log.metrics()).totals.hits]).toEqual([[], 0]);
    expect(await runDurableObjectAlarm(stub)).toBe(true);
    await runInDurableObject(stub, async (_, { storage }) => {
      expect(
        storage.sql
          .exec("SELECT name FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")
          .toArray(),
      ).toEqual([]);
      expect(await storage.getAlarm()).toBeNull();
    });
  });

  it("has nothing on the disk where nothing was recorded", async () => {
    const { stub, log } = newJournal();
    expect([await idsOf(log), await log.read("exc_x"), await log.pin("exc_x", true)]).toEqual([
      [],
      null,
      false,
    ]);
    await log.clear();
    expect((await log.metrics()).totals).toMatchObject({ hits: 0, lastHitAt: null });
    await runInDurableObject(stub, (_, { storage }) => {
      expect(
        storage.sql
          .exec("SELECT count(*) AS tables FROM sqlite_master WHERE name NOT LIKE '\\_cf\\_%' ESCAPE '\\'")
          .one(),
      ).toEqual({ tables: 0 });
    });
  });
});

describe("lists", () => {
  it("go by pages, newest first, with a cursor that holds when exchanges go", async () => {
    const { log } = newJournal();
    const ids = (
      await recordAll(
        log,
        Array.from({ length: 7 }, () => ({})),
        { keep: 7, maxBytes: 1e9 },
      )
    ).toReversed();
    const first = await log.list({ filter: {}, limit: 3, bodyBytes: 0 });
    expect([first.items.map(({ id }) => id), first.more, first.next]).toEqual([
      ids.slice(0, 3),
      true,
      ids[2],
    ]);
    await recordAll(log, [{ at: AT + 100 }], { keep: 2, maxBytes: 1e9 });
    const second = await log.list({ filter: {}, limit: 3, bodyBytes: 0, before: ids[2] ?? "" });
    expect(second).toEqual({ items: [], more: false });
    const third = await log.list({ filter: {}, limit: 3, bodyBytes: 0, before: newId("exc", AT + 101) });
    expect(third.items.length).toBe(2);
  });

  it("go by id within one millisecond", async () => {
    const { log } = newJournal();
    const ids = (
      await recordAll(
        log,
        Array.from({ length: 300 }, () => ({ at: AT })),
      )
    )
      .toSorted()
      .toReversed();
    const first = await log.list({ filter: {}, limit: 200, bodyBytes: 0 });
    const second = await log.list({ filter: {}, limit: 200, bodyBytes: 0, before: first.next ?? "" });
    expect([...first.items, ...second.items].map(({ id }) => id)).toEqual(ids);
  });

  it("end a page early rather than grow too large", async () => {
    const { log } = newJournal();
    const ids = await recordAll(
      log,
      Array.from({ length: 6 }, () => ({ body: "x".repeat(2_000_000) })),
    );
    const page = await log.list({ filter: {}, limit: 200, bodyBytes: 10_000_000 });
    expect([page.items.length, page.more, page.next]).toEqual([3, true, ids[3]]);
  });

  it("filter by status, method, outcome and time", async () => {
    const { log } = newJournal();
    const ids = await recordAll(log, [
      { method: "GET", status: 404 },
      { method: "POST", status: 500, run: THREW },
      { run: { outcome: { kind: "exceeded", limit: "cpu", limitValue: 1 } } },
      { run: { outcome: { kind: "exceeded", limit: "wall", limitValue: 1 } } },
      { run: { outcome: { kind: "returned" } } },
    ]);
    const taken = async (filter: ExchangeFilter) => (await idsOf(log, filter)).map((id) => ids.indexOf(id));
    expect(await taken({ status: 404 })).toEqual([0]);
    expect(await taken({ method: "GET" })).toEqual([0]);
    expect(await taken({ outcome: "failed" })).toEqual([3, 2, 1]);
    expect(await taken({ outcome: "exceeded" })).toEqual([3, 2]);
    expect(await taken({ outcome: "exceeded.cpu" })).toEqual([2]);
    expect(await taken({ outcome: "static" })).toEqual([0]);
    expect(await taken({ since: AT + 1, until: AT + 3 })).toEqual([2, 1]);
    expect(await taken({ outcome: "exceeded", method: "POST", status: 200, since: AT + 3 })).toEqual([3]);
    expect(await taken({ q: "demo", outcome: "exceeded" })).toEqual([3, 2]);
  });
});

describe("a search", () => {
  const find = async (all: readonly Made[], q: string): Promise<readonly number[]> => {
    const { log } = newJournal();
    const ids = await recordAll(log, all);
    return (await idsOf(log, { q })).map((id) => ids.indexOf(id));
  };

  it("finds a phrase in URL, headers and bodies of both sides", async () => {
    const all: readonly Made[] = [
      { path: "/orders/needle" },
      { headers: [["x-trace", "a needle in it"]] },
      { body: "… needle …" },
      { answerHeaders: [["location", "/needle"]] },
      { answer: "needle" },
      { body: "nothing" },
    ];
    expect(await find(all, "needle")).toEqual([4, 3, 2, 1, 0]);
    expect(await find(all, "NeEdLe")).toEqual([4, 3, 2, 1, 0]);
    expect(await find(all, "x-trace: a needle")).toEqual([1]);
  });

  it.each([
    ['say "hi" OR * (NEAR) -x: ^y', 'he did say "hi" OR * (NEAR) -x: ^y'],
    ["it's; DROP", "it's; DROP TABLE"],
    ["50% of_a", "50% of_all"],
    ["a\0b", "nul: a\0b"],
    ["Größe", "die GRÖSSE und größe"],
    ["日本語", "これは日本語です"],
    ["👩‍👩‍👧", "family: 👩‍👩‍👧!"],
    ["ΟΔΟΣ", "οδος οδός"],
  ])("takes %j for a phrase, never for a query", async (q, body) => {
    expect(await find([{ body }, { body: "something else" }], q)).toEqual([0]);
  });

  it.each([
    ["z", [1]],
    ["zq", [1]],
    ["ÄZ", [1]],
    ["日本", [0]],
    ["👧", [0]],
  ])("finds %j too, which is shorter than a trigram", async (q, found) => {
    expect(await find([{ body: "日本 👧" }, { body: "äzq" }, {}], q)).toEqual(found);
  });

  it("does not look into what is no text", async () => {
    const binary = Uint8Array.from([...new TextEncoder().encode("needle"), 0xff, 0xfe]);
    const image = [["content-type", "image/png"]] as const;
    expect(await find([{ body: binary }, { body: "needle", headers: image }], "needle")).toEqual([]);
  });

  it("finds what lies beyond the index, in order with the rest", async () => {
    const far = `${"lorem ipsum ".repeat(20_000)}needle`;
    const all: readonly Made[] = [
      { body: "needle" },
      { body: far },
      { answer: far },
      { body: far.slice(0, -6) },
      { body: "needle" },
    ];
    expect(await find(all, "needle")).toEqual([4, 2, 1, 0]);
    expect(await find(all, "lorem")).toEqual([3, 2, 1]);
  });

  it("forgets what was dropped", async () => {
    const { log } = newJournal();
    const ids = await recordAll(
      log,
      Array.from({ length: 5 }, () => ({ body: "needle" })),
      { keep: 2, maxBytes: 1e9 },
    );
    expect(await idsOf(log, { q: "needle" })).toEqual([ids[4], ids[3]]);
  });

  it("says how far it came when there is too much to read, and goes on from there", async () => {
    const { log } = newJournal();
    const body = "x".repeat(4_000_000);
    const ids = await recordAll(log, [
      { body: `${body}needle` },
      ...Array.from({ length: 7 }, () => ({ body })),
    ]);
    const first = await log.list({ filter: { q: "needle" }, limit: 10, bodyBytes: 0 });
    expect([first.items, first.more, first.next]).toEqual([[], true, ids[3]]);
    const second = await log.list({
      filter: { q: "needle" },
      limit: 10,
      bodyBytes: 0,
      before: first.next ?? "",
    });
    expect([second.items.map(({ id }) => id), second.more]).toEqual([[ids[0]], false]);
  });
});

describe("among 10,000 exchanges", () => {
  it("reads no more rows than a page needs, whatever is looked for", async () => {
    const { stub } = newJournal();
    const NEEDLES = new Set([17, 4_000, 9_990]);
    await runInDurableObject(stub, async (journal, { storage }) => {
      for (let start = 0; start < 10_000; start += 250) {
        await journal.recordAll(
          Array.from({ length: 250 }, (_, index) => {
            const place = start + index;
            const word = NEEDLES.has(place) ? "needle" : "haystalk";
            return entryOf({
              at: AT + place,
              body: `{"order":${place},"what":"${word}"}`,
              status: place % 10 === 0 ? 500 : 200,
            });
          }),
        );
      }
      const reads = (
        filter: ExchangeFilter,
        before?: string,
      ): { readonly found: number; readonly read: number } => {
        const { sql, read } = countingReads(storage.sql);
        const query = { filter, limit: 50, bodyBytes: 1_000, ...(before === undefined ? {} : { before }) };
        const { items } = listExchanges(sql, query);
        return { found: items.length, read: read() };
      };
      const page = reads({});
      expect([page.found, page.read <= 50 * 4 + 10]).toEqual([50, true]);
      const deep = reads({}, newId("exc", AT + 5_000));
      expect([deep.found, deep.read <= 50 * 4 + 10]).toEqual([50, true]);
      const common = reads({ q: "haystalk" });
      expect([common.found, common.read <= 50 * 6 + 10]).toEqual([50, true]);
      const rare = reads({ q: "needle" });
      expect([rare.found, rare.read <= 40]).toEqual([3, true]);
      expect(reads({ q: "no such thing" })).toEqual({ found: 0, read: expect.any(Number) });
      expect(reads({ q: "no such thing" }).read).toBeLessThan(10);
    });
  });
});

describe("whoever follows", () => {
  it("gets what was recorded after an exchange, oldest first, at once", async () => {
    const { log } = newJournal();
    const ids = await recordAll(log, [{ at: AT + 9 }, { at: AT + 3 }, { at: AT + 5 }]);
    const { items, gap, seen } = await log.follow(ids[0], {}, 10, 60_000);
    expect([items.map(({ id }) => id), gap, seen]).toEqual([[ids[1], ids[2]], false, ids[2]]);
    const one = await log.follow(ids[0], {}, 1, 60_000);
    expect([one.items.map(({ id }) => id), one.seen]).toEqual([[ids[1]], ids[1]]);
  });

  it("is woken by the next recording", async () => {
    const { log } = newJournal();
    const before = log.follow(undefined, {}, 10, 60_000);
    const [first] = await recordAll(log, [{}]);
    expect((await before).items.map(({ id }) => id)).toEqual([first]);
    const next = log.follow(first, {}, 10, 60_000);
    const [second] = await recordAll(log, [{ at: AT + 1 }]);
    expect((await next).items.map(({ id }) => id)).toEqual([second]);
  });

  it("waits on for what its filter takes, and is told how far it came", async () => {
    const { log } = newJournal();
    const [first] = await recordAll(log, [{ body: "other" }]);
    const following = log.follow(first, { q: "needle" }, 10, 60_000);
    await recordAll(log, [{ at: AT + 1, body: "other" }]);
    const [wanted] = await recordAll(log, [{ at: AT + 2, body: "a needle" }]);
    expect((await following).items.map(({ id }) => id)).toEqual([wanted]);
    const [late] = await recordAll(log, [{ at: AT + 3 }]);
    expect(await log.follow(first, { status: 418 }, 10, 0)).toEqual({ items: [], gap: false, seen: late });
  });

  it("gives up after its time with nothing", async () => {
    const { log } = newJournal();
    expect(await log.follow(undefined, {}, 10, 1)).toEqual({ items: [], gap: false });
  });

  it("is told of a gap when its last exchange is no longer known, and gets what arrived later", async () => {
    const { log } = newJournal();
    const ids = await recordAll(
      log,
      Array.from({ length: 4 }, () => ({})),
      { keep: 2, maxBytes: 1e9 },
    );
    const { items, gap } = await log.follow(ids[0], {}, 10, 60_000);
    expect([items.map(({ id }) => id), gap]).toEqual([[ids[2], ids[3]], true]);
    await log.clear();
    const following = log.follow(ids[3], {}, 10, 60_000);
    const [next] = await recordAll(log, [{ at: AT + 50 }]);
    expect([(await following).items.map(({ id }) => id), (await following).gap]).toEqual([[next], true]);
  });

  it("is shown long bodies without their bytes", async () => {
    const { log } = newJournal();
    const [first] = await recordAll(log, [{}, { body: "x".repeat(70_000), answer: "short" }]);
    const [item] = (await log.follow(first, {}, 10, 0)).items;
    expect(item?.request.body).toEqual({ bytes: null, size: 70_000, truncated: false, omitted: true });
    expect(item?.response.body.bytes?.length).toBe(5);
  });
});

describe("figures", () => {
  const MINUTE = 60_000;

  it("count hits, outcomes, bytes and runs by minute, hour and day", async () => {
    const { log } = newJournal();
    const now = Date.now();
    const start = Math.floor(now / MINUTE) * MINUTE - 10 * MINUTE;
    const run = {
      outcome: { kind: "returned" },
      wallMs: 7,
      cpuMs: 0.15,
      peakMemoryBytes: 3_000_000,
    } as const;
    await recordAll(log, [
      { at: start, body: "12345", answer: "123", run },
      {
        at: start + 1,
        run: { ...run, wallMs: 60_001, outcome: { kind: "exceeded", limit: "wall", limitValue: 60_000 } },
      },
      { at: start + MINUTE },
    ]);
    const { minutes, hours, days, totals } = await log.metrics();
    expect(minutes.map(({ at, hits, outcomes }) => [at, hits, outcomes])).toEqual([
      [start, 2, { returned: 1, "exceeded.wall": 1 }],
      [start + MINUTE, 1, { static: 1 }],
    ]);
    const counts = (histogram: { readonly counts: readonly number[] } | undefined) =>
      histogram?.counts.flatMap((count, bucket) => (count === 0 ? [] : [[bucket, count]]));
    expect(counts(minutes[0]?.wallMs)).toEqual([
      [3, 1],
      [15, 1],
    ]);
    expect(minutes[0]?.wallMs.bounds[3]).toBe(10);
    expect(counts(minutes[0]?.cpuMs)).toEqual([[1, 2]]);
    expect(minutes[0]?.memoryBytes.bounds.at(-1)).toBe(32 * 1024 * 1024);
    expect(counts(minutes[1]?.wallMs)).toEqual([]);
    expect(hours.reduce((sum, { hits }) => sum + hits, 0)).toBe(3);
    expect(days.reduce((sum, { hits }) => sum + hits, 0)).toBe(3);
    expect(totals).toMatchObject({
      hits: 3,
      requestBytes: 5,
      responseBytes: 3,
      lost: 0,
      lastHitAt: start + MINUTE,
    });
  });

  it("are kept for 2 hours, 7 days and 90 days", async () => {
    const { stub, log } = newJournal();
    const now = Date.now();
    const HOUR = 60 * MINUTE;
    const DAY = 24 * HOUR;
    const ages = [91 * DAY, 89 * DAY, 8 * DAY, 6 * DAY, 3 * HOUR, 90 * MINUTE, 0];
    await recordAll(
      log,
      ages.map((age) => ({ at: now - age })),
    );
    const { minutes, hours, days, totals } = await log.metrics();
    const spans = (length: number, keptFor: number): number =>
      new Set(ages.filter((age) => age < keptFor).map((age) => Math.floor((now - age) / length))).size;
    expect([minutes.length, hours.length, days.length, totals.hits]).toEqual([
      2,
      spans(HOUR, 7 * DAY),
      spans(DAY, 90 * DAY),
      ages.length,
    ]);
    await runInDurableObject(stub, (_, { storage }) => {
      const rows = storage.sql
        .exec("SELECT count(*) AS rows FROM spans WHERE at < ? AND span <> 'total'", now - 90 * DAY - DAY)
        .one();
      expect(rows).toEqual({ rows: 0 });
    });
  });
});
