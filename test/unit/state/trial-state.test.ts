import {
  array,
  assert,
  asyncProperty,
  constantFrom,
  integer,
  oneof,
  record,
  constant,
  boolean,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { KvPage, KvQuery, KvRefusal, KvStore } from "../../../src/runtime/index.ts";
import { NO_STATE, type TrialBase } from "../../../src/responders/state/trial-base.ts";
import { stateOfTrial } from "../../../src/responders/state/trial-state.ts";

const NEVER = new AbortController().signal;
const MIB = 1024 * 1024;
let time = 1_000_000;
const now = (): number => time;
const trial = (base: TrialBase = NO_STATE, limits: object = {}): KvStore =>
  stateOfTrial({ base, limits: { ...TIER_LIMITS.basic, ...limits }, now });
const json = (value: unknown) => ({ type: "json" as const, bytes: utf8(JSON.stringify(value)) });
const query = (more: Partial<KvQuery> = {}): KvQuery => ({
  prefix: "",
  after: null,
  limit: 100,
  values: true,
  ...more,
});
const put = (store: KvStore, key: string, value: unknown, ttlMs: number | null = null) =>
  store.set({ key, value: json(value), ttlMs, condition: null });
/** A trial's memory, as if it were what is stored. */
const asBase = (store: KvStore): TrialBase => ({
  reads: store,
  usage: async () => {
    const { entries } = await store.list(query({ limit: 1_000 }));
    return {
      entries: entries.length,
      bytes: entries.reduce((sum, { key, size }) => sum + utf8(key).length + size, 0),
    };
  },
});
const shown = (page: KvPage | KvRefusal): unknown =>
  page.kind === "page"
    ? [
        page.entries.map(({ key, bytes }) => [key, bytes === null ? null : new TextDecoder().decode(bytes)]),
        page.more,
      ]
    : page;

const KEYS = ["a", "a/1", "a/2", "b", "é", "\uffff", "\u{10000}"];
const key = constantFrom(...KEYS);
const operation = oneof(
  record({
    call: constant("set" as const),
    key,
    value: integer({ min: 0, max: 9 }),
    absent: boolean(),
    ttl: constantFrom(null, 5),
  }),
  record({ call: constant("delete" as const), key }),
  record({ call: constant("increment" as const), key }),
  record({ call: constant("get" as const), key }),
  record({
    call: constant("list" as const),
    prefix: constantFrom("", "a", "a/"),
    after: constantFrom(null, ...KEYS),
    limit: integer({ min: 1, max: 4 }),
    values: boolean(),
  }),
  record({ call: constant("sleep" as const), ms: integer({ min: 1, max: 4 }) }),
);
type Operation = typeof operation extends { generate: (...args: never[]) => { value: infer T } } ? T : never;

const perform = async (store: KvStore, asked: Operation): Promise<unknown> => {
  switch (asked.call) {
    case "set": {
      const { key: name, value, ttl } = asked;
      const set = await store.set({
        key: name,
        value: json(value),
        ttlMs: ttl,
        condition: asked.absent ? { kind: "absent" } : null,
      });
      return set.kind;
    }
    case "delete":
      return store.delete(asked.key, null);
    case "increment":
      return store.increment({ key: asked.key, by: 1, ttlMs: null });
    case "get": {
      const entry = await store.get(asked.key);
      return entry === null
        ? null
        : [
            entry.createdAt,
            entry.updatedAt,
            entry.expiresAt,
            new TextDecoder().decode(entry.bytes ?? new Uint8Array(0)),
          ];
    }
    case "list": {
      const { call: _, ...more } = asked;
      return shown(await store.list(query(more)));
    }
    case "sleep":
      return null;
  }
};

describe("a trial's state", () => {
  it("behaves over what is stored as a store that has it all", async () => {
    const initial = array(
      record({ key, value: integer({ min: 0, max: 9 }), ttl: constantFrom(null, 3, 6) }),
      { maxLength: 6 },
    );
    await assert(
      asyncProperty(initial, array(operation, { maxLength: 25 }), async (stored, asked) => {
        const base = trial();
        const whole = trial();
        for (const entry of stored) {
          await put(base, entry.key, entry.value, entry.ttl);
          await put(whole, entry.key, entry.value, entry.ttl);
        }
        const before = shown(await base.list(query()));
        const over = trial(asBase(base));
        const began = time;
        for (const each of asked) {
          if (each.call === "sleep") time += each.ms;
          expect(await perform(over, each)).toEqual(await perform(whole, each));
        }
        time = began;
        expect(shown(await base.list(query()))).toEqual(before);
      }),
      { numRuns: 300 },
    );
  });

  it("gives a key no version twice", async () => {
    const base = trial();
    await put(base, "a", 1);
    const over = trial(asBase(base));
    const versions: unknown[] = [(await over.get("a"))?.version];
    for (const value of [2, 3]) {
      await put(over, "a", value);
      versions.push((await over.get("a"))?.version);
      await over.delete("a", null);
    }
    await put(over, "a", 4);
    versions.push((await over.get("a"))?.version);
    expect(new Set(versions).size).toBe(4);
    expect(
      await over.set({
        key: "a",
        value: json(5),
        ttlMs: null,
        condition: { kind: "version", versions: [1] },
      }),
    ).toMatchObject({ kind: "unmet" });
  });

  it("has the limits of the store, with what is stored", async () => {
    const base = trial();
    await put(base, "a", 1);
    const over = trial(asBase(base), { stateEntries: 2, stateBytes: 20 });
    expect(await put(over, "b", 1)).toMatchObject({ kind: "written" });
    expect(await put(over, "c", 1)).toEqual({ kind: "full", limit: "entries", most: 2 });
    expect(await put(over, "b", "x".repeat(20))).toEqual({ kind: "full", limit: "bytes", most: 20 });
    await over.delete("a", null);
    expect(await put(over, "c", 1)).toMatchObject({ kind: "written" });
  });

  it("keeps 16 MiB of writes at most", async () => {
    const over = trial();
    const value = { type: "bytes" as const, bytes: new Uint8Array(MIB) };
    const set = (name: string) => over.set({ key: name, value, ttlMs: null, condition: null });
    for (let at = 0; at < 16; at += 1) expect((await set(`k${at}`)).kind).toBe("written");
    expect(await set("more")).toEqual({ kind: "trial-full", most: 16 * MIB });
    expect((await set("k0")).kind).toBe("written");
    await over.delete("k0", null);
    expect((await set("more")).kind).toBe("written");
  });

  it("ends a page before more than a mebibyte of values, its own among them", async () => {
    const base = trial();
    const value = { type: "bytes" as const, bytes: new Uint8Array(MIB / 2 + 1) };
    const set = (store: KvStore, name: string) =>
      store.set({ key: name, value, ttlMs: null, condition: null });
    for (const name of ["a", "c", "e"]) await set(base, name);
    const over = trial(asBase(base));
    for (const name of ["b", "d", "f"]) await set(over, name);
    const seen: string[] = [];
    for (let after: string | null = null; ;) {
      const page: KvPage = await over.list(query({ after }));
      expect(page.entries).toHaveLength(1);
      seen.push(...page.entries.map((entry) => entry.key));
      after = seen.at(-1) ?? null;
      if (!page.more) break;
    }
    expect(seen).toEqual(["a", "b", "c", "d", "e", "f"]);
  });

  it("reads no more of the store than a page needs", async () => {
    const base = trial();
    const value = { type: "bytes" as const, bytes: new Uint8Array(MIB / 2 + 1) };
    for (const name of ["a", "b", "c", "d"]) {
      await base.set({ key: name, value, ttlMs: null, condition: null });
    }
    let reads = 0;
    const counting = { ...base, list: (asked: KvQuery) => ((reads += 1), base.list(asked)) };
    const over = trial({ ...asBase(base), reads: counting });
    expect(shown(await over.list(query({ values: false })))).toMatchObject([{ length: 4 }, false]);
    expect(reads).toBe(1);
    await over.list(query());
    expect(reads).toBe(3);
  });

  it("wakes a watch by its own write", async () => {
    const over = trial();
    const waiting = over.watch(query({ prefix: "k" }), 25_000, NEVER);
    await put(over, "x", 1);
    await put(over, "k", 2);
    expect(shown(await waiting)).toEqual([[["k", "2"]], false]);
  });

  it("wakes a watch by its own write, and does not by what it deleted", async () => {
    const base = trial();
    await put(base, "k1", 1);
    const over = trial(asBase(base));
    await over.delete("k1", null);
    const waiting = over.watch(query({ prefix: "k" }), 25_000, NEVER);
    await put(over, "x", 1);
    await put(over, "k2", 2);
    expect(shown(await waiting)).toEqual([[["k2", "2"]], false]);
  });

  it("ends a watch when its run is over", async () => {
    const over = trial();
    const run = new AbortController();
    const waiting = over.watch(query(), 25_000, run.signal);
    run.abort();
    expect(shown(await waiting)).toEqual([[], false]);
  });
});
