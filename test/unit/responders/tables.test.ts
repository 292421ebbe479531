import { describe, expect, it } from "vitest";
import { writeRoutes } from "../../../src/responders/routing/read-routes.ts";
import type { RouteTable } from "../../../src/responders/routing/routes.ts";
import { createTables } from "../../../src/responders/routing/tables.ts";
import type { Lookup } from "../../../src/responders/routing/tables.ts";
import { routed } from "../../support/routed.ts";

const tableOf = (revision: number, more: Partial<RouteTable["account"]> = {}): RouteTable => ({
  version: 1,
  revision,
  account: { id: "acc_1", handle: "demo", tier: "basic", overrides: "{}", suspended: false, ...more },
  responders: [routed("/a", ["GET"], { id: `r${revision}` })],
});

/** Storage and a clock in the test's hands. */
const world = () => {
  const state = {
    now: 1_000_000,
    kv: undefined as string | undefined,
    truth: undefined as RouteTable | undefined,
    /** Each read waits for this. */
    gate: Promise.resolve(),
    fails: false,
  };
  const reads: string[] = [];
  const warnings: string[] = [];
  const sleepers: (() => void)[] = [];
  const tables = createTables({
    now: () => state.now,
    sleep: () => new Promise((resolve) => sleepers.push(resolve)),
    defer: () => undefined,
    readCached: async () => {
      reads.push("kv");
      await state.gate;
      if (state.fails) throw new Error("KV is away");
      return state.kv ?? null;
    },
    readTruth: async () => {
      reads.push("db");
      await state.gate;
      if (state.fails) throw new Error("D1 is away");
      return state.truth;
    },
    warn: (what) => warnings.push(what),
  });
  return { state, reads, warnings, sleepers, tables };
};

const revisionOf = (lookup: Lookup): number | "unknown" | "unreadable" =>
  lookup.kind === "found" ? lookup.table.revision : lookup.kind;

describe("an account's routes", () => {
  it("come from memory for 5 s, else from KV, else from the database", async () => {
    const { state, reads, tables } = world();
    state.truth = tableOf(1);
    expect(revisionOf(await tables.find("demo"))).toBe(1);
    expect(reads).toEqual(["kv", "db"]);
    state.kv = writeRoutes(tableOf(2));
    state.now += 4_999;
    expect(revisionOf(await tables.find("demo"))).toBe(1);
    expect(reads).toHaveLength(2);
    state.now += 1;
    expect(revisionOf(await tables.find("demo"))).toBe(2);
    expect(reads).toEqual(["kv", "db", "kv"]);
  });

  it("match what the source says", async () => {
    const { state, tables } = world();
    state.kv = writeRoutes(tableOf(3, { overrides: '{"cpuMs":77}' }));
    const lookup = await tables.find("demo");
    if (lookup.kind !== "found") throw new Error("not found");
    expect(lookup.table.match("", "GET", "/a")).toMatchObject({ kind: "matched", responder: { id: "r3" } });
    expect(lookup.table.account.limits.cpuMs).toBe(77);
  });

  it("are not parsed again while KV has the same revision", async () => {
    const { state, reads, tables } = world();
    state.kv = writeRoutes(tableOf(1));
    const first = await tables.find("demo");
    state.now += 6_000;
    const second = await tables.find("demo");
    expect(reads).toEqual(["kv", "kv"]);
    expect(first.kind === "found" && second.kind === "found" && first.table === second.table).toBe(true);
  });

  it("never go back to a lower revision than was seen here", async () => {
    const { state, reads, tables } = world();
    state.kv = writeRoutes(tableOf(5));
    await tables.find("demo");
    tables.accept(tableOf(7));
    expect(revisionOf(await tables.find("demo"))).toBe(7);
    state.now += 6_000;
    state.truth = tableOf(7);
    expect(revisionOf(await tables.find("demo"))).toBe(7);
    expect(reads).toEqual(["kv", "kv", "db"]);
    tables.accept(tableOf(6));
    expect(revisionOf(await tables.find("demo"))).toBe(7);
  });

  it("hold a change that was made while they were being read", async () => {
    const { state, tables } = world();
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    state.truth = tableOf(1);
    const reading = tables.find("demo");
    tables.accept(tableOf(2));
    gate.resolve();
    expect(revisionOf(await reading)).toBe(2);
    expect(revisionOf(await tables.find("demo"))).toBe(2);
  });

  it("do not come back when the account is deleted while they are being read", async () => {
    const { state, tables } = world();
    const gate = Promise.withResolvers<void>();
    state.gate = gate.promise;
    state.truth = tableOf(1);
    const reading = tables.find("demo");
    tables.forget("demo");
    gate.resolve();
    expect(revisionOf(await reading)).toBe("unknown");
    expect(revisionOf(await tables.find("demo"))).toBe("unknown");
  });

  it.each([
    ["no JSON", "{"],
    ["another version", writeRoutes(tableOf(1)).replace('"version":1', '"version":2')],
    ["a responder that is not one", writeRoutes(tableOf(1)).replace('"path":"/a"', '"path":5')],
    ["another account's table", writeRoutes(tableOf(1, { handle: "other" }))],
  ])("come from the database when KV holds %s", async (_what, text) => {
    const { state, reads, warnings, tables } = world();
    state.kv = text;
    state.truth = tableOf(4);
    expect(revisionOf(await tables.find("demo"))).toBe(4);
    expect(reads).toEqual(["kv", "db"]);
    expect(warnings).toHaveLength(1);
  });

  it("are read once for many hits at a time", async () => {
    const { state, reads, tables } = world();
    state.truth = tableOf(1);
    const lookups = await Promise.all(Array.from({ length: 20 }, () => tables.find("demo")));
    expect(new Set(lookups.map(revisionOf))).toEqual(new Set([1]));
    expect(reads).toEqual(["kv", "db"]);
  });

  it("are read anew when the read of another hit does not come back", async () => {
    const { state, reads, sleepers, tables } = world();
    state.truth = tableOf(1);
    state.gate = new Promise(() => undefined);
    void tables.find("demo");
    state.gate = Promise.resolve();
    const second = tables.find("demo");
    await Promise.resolve();
    for (const wake of sleepers) wake();
    expect(revisionOf(await second)).toBe(1);
    expect(reads).toEqual(["kv", "kv", "db"]);
  });

  it("are unknown for 5 s once nobody had the handle, and known at once when it is made here", async () => {
    const { state, reads, tables } = world();
    expect(revisionOf(await tables.find("demo"))).toBe("unknown");
    state.truth = tableOf(1);
    state.now += 4_999;
    expect(revisionOf(await tables.find("demo"))).toBe("unknown");
    expect(reads).toHaveLength(2);
    state.now += 1;
    expect(revisionOf(await tables.find("demo"))).toBe(1);

    const other = world();
    await other.tables.find("demo");
    other.tables.accept(tableOf(1));
    expect(revisionOf(await other.tables.find("demo"))).toBe(1);
  });

  it("are forgotten with the account, whatever KV still has", async () => {
    const { state, tables } = world();
    state.kv = writeRoutes(tableOf(9));
    await tables.find("demo");
    tables.forget("demo");
    expect(revisionOf(await tables.find("demo"))).toBe("unknown");
    state.now += 60_000;
    expect(revisionOf(await tables.find("demo"))).toBe("unknown");
  });

  it("serve on for a minute when nothing can be read, and then say so", async () => {
    const { state, warnings, tables } = world();
    state.truth = tableOf(1);
    await tables.find("demo");
    state.fails = true;
    state.now += 30_000;
    expect(revisionOf(await tables.find("demo"))).toBe(1);
    expect(warnings.length).toBeGreaterThan(0);
    state.now += 60_000;
    expect(revisionOf(await tables.find("demo"))).toBe("unreadable");
    state.fails = false;
    expect(revisionOf(await tables.find("demo"))).toBe(1);
  });
});
