import { runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import type { KvPage, KvRefusal } from "../../src/runtime/index.ts";
import { expireAll, newStateObject, query, rowsIn, valueOf, write } from "../support/state.ts";

const RULES = { entries: 100_000, bytes: 2 ** 30 };
const keysOf = (page: KvPage | KvRefusal): readonly string[] =>
  page.kind === "page" ? page.entries.map(({ key }) => key) : [page.kind];

describe("the state of a responder", () => {
  it("keeps values and their heads", async () => {
    const state = newStateObject();
    expect(await state.get("a")).toBeNull();
    const set = await state.set(write("a", { b: [1] }), RULES);
    const entry = await state.get("a");
    expect(set).toMatchObject({
      kind: "written",
      head: { key: "a", type: "json", size: 9, version: 1, expiresAt: null },
    });
    expect(valueOf(entry)).toEqual({ b: [1] });
    expect(entry?.createdAt).toBe(entry?.updatedAt);
    await state.set(write("a", new Uint8Array([0, 255])), RULES);
    const again = await state.get("a");
    expect([again?.version, again?.type, valueOf(again), again?.createdAt]).toEqual([
      2,
      "bytes",
      new Uint8Array([0, 255]),
      entry?.createdAt,
    ]);
  });

  it("makes no storage by being read", async () => {
    const state = newStateObject();
    await state.get("a");
    await state.list(query());
    await state.remove("a", null);
    await state.clear();
    expect(await state.usage()).toEqual({ entries: 0, bytes: 0 });
    const tables = await runInDurableObject(state, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('entries', 'totals')").toArray(),
    );
    expect(tables).toEqual([]);
  });

  it("loses none of a hundred increments at once", async () => {
    const state = newStateObject();
    const counts = await Promise.all(
      Array.from({ length: 100 }, () => state.increment({ key: "n", by: 1, ttlMs: null }, RULES)),
    );
    const values = counts.map((count) => (count.kind === "counted" ? count.value : count.kind));
    expect(values.toSorted((a, b) => Number(a) - Number(b))).toEqual(
      Array.from({ length: 100 }, (_, at) => at + 1),
    );
    expect(valueOf(await state.get("n"))).toBe(100);
  });

  it("lets one of fifty win that saw the same version, and one that saw none", async () => {
    const state = newStateObject();
    const first = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        state.set(write("lock", at, { condition: { kind: "absent" } }), RULES),
      ),
    );
    expect(first.filter(({ kind }) => kind === "written")).toHaveLength(1);
    expect(first.filter(({ kind }) => kind === "unmet")).toHaveLength(49);
    const { version = 0 } = (await state.get("lock")) ?? {};
    const raced = await Promise.all(
      Array.from({ length: 50 }, (_, at) =>
        state.set(write("lock", at, { condition: { kind: "version", versions: [version] } }), RULES),
      ),
    );
    const won = raced.find(({ kind }) => kind === "written");
    expect(raced.filter(({ kind }) => kind === "written")).toHaveLength(1);
    expect(won).toMatchObject({ head: { version: version + 1 } });
    expect(raced.find(({ kind }) => kind === "unmet")).toEqual({ kind: "unmet", version: version + 1 });
  });

  it("gives no version twice, also to a key that was deleted", async () => {
    const state = newStateObject();
    await state.set(write("a", 1), RULES);
    expect(await state.remove("a", { kind: "version", versions: [7] })).toBe("unmet");
    expect(await state.remove("a", { kind: "version", versions: [1] })).toBe("deleted");
    expect(await state.remove("a", null)).toBe("absent");
    expect(await state.set(write("a", 1), RULES)).toMatchObject({ head: { version: 2 } });
    await state.clear();
    expect(await state.set(write("a", 1), RULES)).toMatchObject({ head: { version: 3 } });
    expect(await state.set(write("b", 1, { condition: { kind: "present" } }), RULES)).toEqual({
      kind: "unmet",
      version: null,
    });
  });

  it("adds to numbers, and tells what is none", async () => {
    const state = newStateObject();
    const add = (key: string, by: number) => state.increment({ key, by, ttlMs: null }, RULES);
    expect(await add("n", 0.5)).toEqual({ kind: "counted", value: 0.5 });
    expect(await add("n", -2)).toEqual({ kind: "counted", value: -1.5 });
    for (const [value, is] of [
      ["1", "text"],
      [{}, "an object"],
      [[1], "an array"],
      [null, "null"],
      [true, "true"],
      [new Uint8Array([49]), "bytes"],
      ["x".repeat(2_000), "text"],
    ]) {
      await state.set(write("v", value), RULES);
      expect(await add("v", 1)).toEqual({ kind: "not-a-number", is });
    }
    await state.set(write("big", Number.MAX_SAFE_INTEGER), RULES);
    expect(await add("big", 1)).toEqual({ kind: "out-of-range" });
    await state.set(write("huge", 1e308), RULES);
    expect(await add("huge", 1e308)).toEqual({ kind: "out-of-range" });
    expect(valueOf(await state.get("big"))).toBe(Number.MAX_SAFE_INTEGER);
  });

  it("orders keys by their UTF-8, NUL and all", async () => {
    const state = newStateObject();
    const keys = ["b", "a\0b", "a", "\u{10ffff}", "\uffff", "é", "a/b", "Z", "ab"];
    for (const key of keys) await state.set(write(key, key), RULES);
    const sorted = ["Z", "a", "a\0b", "a/b", "ab", "b", "é", "\uffff", "\u{10ffff}"];
    const page = await state.list(query());
    expect(keysOf(page)).toEqual(sorted);
    expect(page.entries.map(valueOf)).toEqual(sorted);
    expect(keysOf(await state.list(query({ prefix: "a" })))).toEqual(["a", "a\0b", "a/b", "ab"]);
    expect(keysOf(await state.list(query({ prefix: "a", after: "a\0b", limit: 1 })))).toEqual(["a/b"]);
    expect(keysOf(await state.list(query({ prefix: "\uffff" })))).toEqual(["\uffff"]);
    expect(valueOf(await state.get("a\0b"))).toBe("a\0b");
  });

  it("ends pages at their limit, or before more than a mebibyte of values", async () => {
    const state = newStateObject();
    const half = new Uint8Array(512 * 1024 + 1);
    for (const key of ["a", "b", "c"]) await state.set(write(key, half), RULES);
    const one = await state.list(query());
    expect([keysOf(one), one.more]).toEqual([["a"], true]);
    const heads = await state.list(query({ values: false }));
    expect([keysOf(heads), heads.more, heads.entries[0]?.bytes]).toEqual([["a", "b", "c"], false, null]);
    const two = await state.list(query({ values: false, limit: 2 }));
    expect([keysOf(two), two.more]).toEqual([["a", "b"], true]);
    expect(await state.list(query({ after: "b" }))).toMatchObject({
      more: false,
      entries: [{ key: "c", bytes: half }],
    });
  });
});

describe("what a state may hold", () => {
  it("is so many entries", async () => {
    const state = newStateObject();
    const rules = { entries: 2, bytes: 1_000 };
    await state.set(write("a", 1), rules);
    await state.increment({ key: "b", by: 1, ttlMs: null }, rules);
    expect(await state.set(write("c", 1), rules)).toEqual({ kind: "full", limit: "entries", most: 2 });
    expect(await state.increment({ key: "c", by: 1, ttlMs: null }, rules)).toEqual({
      kind: "full",
      limit: "entries",
      most: 2,
    });
    expect((await state.set(write("a", 2), rules)).kind).toBe("written");
    await state.remove("a", null);
    expect((await state.set(write("c", 1), rules)).kind).toBe("written");
  });

  it("is so many bytes of keys and values", async () => {
    const state = newStateObject();
    const rules = { entries: 10, bytes: 10 };
    await state.set(write("é", "123456"), rules);
    expect(await state.usage()).toEqual({ entries: 1, bytes: 10 });
    expect(await state.set(write("é", "1234567"), rules)).toEqual({ kind: "full", limit: "bytes", most: 10 });
    await state.set(write("é", 1), rules);
    expect(await state.usage()).toEqual({ entries: 1, bytes: 3 });
    expect((await state.set(write("b", "1234"), rules)).kind).toBe("written");
    // A plan that became smaller refuses growth, not what makes the state smaller.
    const smaller = { entries: 1, bytes: 5 };
    expect((await state.set(write("b", "12"), smaller)).kind).toBe("written");
    expect((await state.set(write("b", "123"), smaller)).kind).toBe("full");
    await state.clear();
    expect(await state.usage()).toEqual({ entries: 0, bytes: 0 });
  });

  it("does not count what has expired", async () => {
    const state = newStateObject();
    const rules = { entries: 2, bytes: 1_000 };
    await state.set(write("a", 1, { ttlMs: 60_000 }), rules);
    await state.set(write("b", 1, { ttlMs: 60_000 }), rules);
    await expireAll(state);
    expect((await state.set(write("c", 1), rules)).kind).toBe("written");
    expect(await state.usage()).toEqual({ entries: 1, bytes: 2 });
  });
});

describe("an entry that expires", () => {
  it("is not there any more, before any alarm", async () => {
    const state = newStateObject();
    const set = await state.set(write("a", 1, { ttlMs: 60_000 }), RULES);
    expect(set.kind === "written" && (set.head.expiresAt ?? 0) - set.head.updatedAt).toBe(60_000);
    await state.set(write("b", 1), RULES);
    await expireAll(state);
    expect(await rowsIn(state)).toBe(2);
    expect(await state.get("a")).toBeNull();
    expect(keysOf(await state.list(query()))).toEqual(["b"]);
    expect(await state.remove("a", null)).toBe("absent");
    expect(await state.set(write("a", 2, { condition: { kind: "present" } }), RULES)).toEqual({
      kind: "unmet",
      version: null,
    });
    expect(await state.increment({ key: "a", by: 5, ttlMs: null }, RULES)).toEqual({
      kind: "counted",
      value: 5,
    });
    const entry = await state.get("a");
    expect([entry?.expiresAt, entry?.createdAt]).toEqual([null, entry?.updatedAt]);
    expect(await state.usage()).toEqual({ entries: 2, bytes: 4 });
  });

  it("is cleared away by an alarm, and there is one only then", async () => {
    const state = newStateObject();
    await state.set(write("a", 1), RULES);
    expect(await runDurableObjectAlarm(state)).toBe(false);
    for (let at = 0; at < 1_500; at += 1) await state.set(write(`t${at}`, at, { ttlMs: 60_000 }), RULES);
    await state.set(write("late", 1, { ttlMs: 3_600_000 }), RULES);
    await runInDurableObject(state, (_, { storage }) =>
      storage.sql.exec(
        "UPDATE entries SET expires_at = 1 WHERE key <> ? AND expires_at IS NOT NULL",
        new TextEncoder().encode("late").buffer,
      ),
    );
    expect(await runDurableObjectAlarm(state)).toBe(true);
    expect(await rowsIn(state)).toBe(502);
    expect(await runDurableObjectAlarm(state)).toBe(true);
    expect(await rowsIn(state)).toBe(2);
    expect(await state.usage()).toEqual({ entries: 2, bytes: 7 });
    const alarmAt = await runInDurableObject(state, (_, { storage }) => storage.getAlarm());
    const late = await state.get("late");
    expect(
      Number(alarmAt) > Number(late?.expiresAt) && Number(alarmAt) <= Number(late?.expiresAt) + 10_000,
    ).toBe(true);
  });

  it("has its alarm moved forward for one that ends sooner", async () => {
    const state = newStateObject();
    const alarm = () => runInDurableObject(state, (_, { storage }) => storage.getAlarm());
    await state.set(write("late", 1, { ttlMs: 3_600_000 }), RULES);
    const late = Number(await alarm());
    await state.set(write("soon", 1, { ttlMs: 60_000 }), RULES);
    expect(Number(await alarm())).toBeLessThan(late);
  });

  it("lives on when it is written without an end, and counters keep theirs", async () => {
    const state = newStateObject();
    await state.set(write("a", 1, { ttlMs: 60_000 }), RULES);
    await state.increment({ key: "a", by: 1, ttlMs: 10 }, RULES);
    const counted = await state.get("a");
    expect(Number(counted?.expiresAt) - Number(counted?.createdAt)).toBe(60_000);
    await state.set(write("a", 1), RULES);
    expect((await state.get("a"))?.expiresAt).toBeNull();
    await state.increment({ key: "new", by: 1, ttlMs: 1_000 }, RULES);
    const made = await state.get("new");
    expect(Number(made?.expiresAt) - Number(made?.createdAt)).toBe(1_000);
  });
});

describe("watching a state", () => {
  it("answers at once with what is there", async () => {
    const state = newStateObject();
    await state.set(write("in/1", "x"), RULES);
    expect(keysOf(await state.watch("w", query({ prefix: "in/" }), 25_000))).toEqual(["in/1"]);
    expect(keysOf(await state.watch("w", query({ prefix: "in/", after: "in/1" }), 0))).toEqual([]);
  });

  it("is woken by the write that it waits for, and by no other", async () => {
    const state = newStateObject();
    const waiting = state.watch("w", query({ prefix: "in/", after: "in/1" }), 25_000);
    await state.set(write("out/1", 1), RULES);
    await state.set(write("in/1", 1), RULES);
    await state.set(write("in/0", 1), RULES);
    await state.increment({ key: "in/2", by: 1, ttlMs: null }, RULES);
    const page = await waiting;
    expect(keysOf(page)).toEqual(["in/2"]);
  });

  it("wakes fifty at once", async () => {
    const state = newStateObject();
    const waiting = Array.from({ length: 50 }, (_, at) =>
      state.watch(`w${at}`, query({ prefix: "k" }), 25_000),
    );
    await state.set(write("k", "go"), RULES);
    const pages = await Promise.all(waiting);
    expect(pages.map(keysOf)).toEqual(Array.from({ length: 50 }, () => ["k"]));
  });

  it("comes back empty when its time is over, or when it is called off", async () => {
    const state = newStateObject();
    expect(keysOf(await state.watch("w", query(), 1))).toEqual([]);
    const waiting = state.watch("w2", query(), 25_000);
    await state.unwatch("other");
    await state.unwatch("w2");
    expect(keysOf(await waiting)).toEqual([]);
  });

  it("is refused beyond a thousand that wait", async () => {
    const state = newStateObject();
    const waiting = Array.from({ length: 1_000 }, (_, at) => state.watch(`w${at}`, query(), 25_000));
    expect(await state.watch("one more", query(), 25_000)).toEqual({ kind: "busy", most: 1_000 });
    await state.set(write("k", 1), RULES);
    expect((await Promise.all(waiting)).every((page) => keysOf(page).length === 1)).toBe(true);
  });
});

describe("a state that is erased", () => {
  it("keeps nothing, takes nothing any more, and is gone altogether later", async () => {
    const state = newStateObject();
    await state.set(write("a", 1, { ttlMs: 60_000 }), RULES);
    const waiting = state.watch("w", query({ prefix: "b" }), 25_000);
    await state.erase();
    expect(keysOf(await waiting)).toEqual([]);
    expect(await state.get("a")).toBeNull();
    expect(await state.set(write("a", 1), RULES)).toEqual({ kind: "gone" });
    expect(await state.increment({ key: "a", by: 1, ttlMs: null }, RULES)).toEqual({ kind: "gone" });
    await state.erase();
    expect(await runDurableObjectAlarm(state)).toBe(true);
    const tables = await runInDurableObject(state, (_, { storage }) =>
      storage.sql.exec("SELECT name FROM sqlite_master WHERE name IN ('entries', 'totals')").toArray(),
    );
    expect(tables).toEqual([]);
    expect(await runDurableObjectAlarm(state)).toBe(false);
  });
});
