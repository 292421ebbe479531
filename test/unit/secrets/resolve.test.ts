import { describe, expect, it } from "vitest";
import type { GrantedSecret } from "../../../src/secrets/granted.ts";
import { createLastUsed } from "../../../src/secrets/resolving/last-used.ts";
import type { Resolved, SecretGrant } from "../../../src/secrets/resolving/load.ts";
import { createResolver } from "../../../src/secrets/resolving/resolve.ts";

const ALL: SecretGrant = { mode: "all" };
const secret = (value: string): GrantedSecret => ({
  id: "sec_1",
  name: "A",
  version: 1,
  value,
  hosts: [],
  places: [],
});
const granted = (value: string): Resolved => ({ kind: "granted", secrets: [secret(value)] });

/** Storage and a clock in the test's hands. */
const world = () => {
  const state = {
    now: 1_000_000,
    value: "one",
    /** Each load reads the value, then waits for this. */
    gate: Promise.resolve(),
    fails: false,
  };
  const loads: string[] = [];
  const warnings: string[] = [];
  const sleepers: (() => void)[] = [];
  const resolver = createResolver({
    now: () => state.now,
    sleep: () => new Promise((resolve) => sleepers.push(resolve)),
    defer: () => undefined,
    load: async (accountId, grant) => {
      loads.push(`${accountId} ${grant.mode === "all" ? "all" : grant.ids.join()}`);
      const read = state.value;
      await state.gate;
      if (state.fails) throw new Error("D1 is away");
      return granted(read);
    },
    warn: (what) => warnings.push(what),
  });
  return { state, loads, warnings, sleepers, ...resolver };
};

const valueOf = (resolved: Resolved): string =>
  resolved.kind === "granted" ? (resolved.secrets[0]?.value ?? "") : resolved.reason;
const tick = (): Promise<void> => new Promise((resolve) => setTimeout(resolve));

describe("what a run is granted", () => {
  it("is read once in 60 s, and is the same array until then", async () => {
    const { state, loads, resolve } = world();
    const first = await resolve("acc_1", ALL);
    state.value = "two";
    state.now += 59_999;
    expect(await resolve("acc_1", { mode: "all" })).toBe(first);
    expect(loads).toHaveLength(1);
    state.now += 1;
    expect(valueOf(await resolve("acc_1", ALL))).toBe("two");
    expect(loads).toHaveLength(2);
  });

  it("is counted from when it was read, not from when it came", async () => {
    const { state, loads, resolve } = world();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    state.gate = promise;
    const first = resolve("acc_1", ALL);
    state.now += 30_000;
    release();
    await first;
    state.now += 30_000;
    await resolve("acc_1", ALL);
    expect(loads).toHaveLength(2);
  });

  it("is another for each account and each grant, and nothing costs nothing", async () => {
    const { loads, resolve } = world();
    const grants: readonly SecretGrant[] = [
      ALL,
      { mode: "selected", ids: ["sec_1"] },
      { mode: "selected", ids: ["sec_1", "sec_2"] },
    ];
    for (const accountId of ["acc_1", "acc_2", "acc_1"])
      for (const grant of grants) await resolve(accountId, grant);
    expect(loads).toEqual([
      "acc_1 all",
      "acc_1 sec_1",
      "acc_1 sec_1,sec_2",
      "acc_2 all",
      "acc_2 sec_1",
      "acc_2 sec_1,sec_2",
    ]);
    expect(await resolve("acc_3", { mode: "selected", ids: [] })).toEqual({ kind: "granted", secrets: [] });
    expect(loads).toHaveLength(6);
  });

  it("is one load for those who come meanwhile", async () => {
    const { loads, resolve } = world();
    const both = await Promise.all([resolve("acc_1", ALL), resolve("acc_1", ALL)]);
    expect(loads).toHaveLength(1);
    expect(both[0]).toBe(both[1]);
  });

  it("waits half a second for another's load, which may have died, then loads by itself", async () => {
    const { state, loads, sleepers, resolve } = world();
    state.gate = new Promise(() => undefined);
    void resolve("acc_1", ALL);
    state.gate = Promise.resolve();
    const second = resolve("acc_1", ALL);
    await tick();
    expect([loads.length, sleepers.length]).toEqual([1, 1]);
    sleepers[0]?.();
    expect(valueOf(await second)).toBe("one");
    expect(loads).toHaveLength(2);
    await resolve("acc_1", ALL);
    expect(loads).toHaveLength(2);
  });

  it("holds a change that was made here at once, for every grant of that account and of no other", async () => {
    const { state, loads, resolve, forget } = world();
    await resolve("acc_1", ALL);
    await resolve("acc_1", { mode: "selected", ids: ["sec_1"] });
    await resolve("acc_11", ALL);
    state.value = "two";
    forget("acc_1");
    expect(valueOf(await resolve("acc_1", ALL))).toBe("two");
    expect(valueOf(await resolve("acc_1", { mode: "selected", ids: ["sec_1"] }))).toBe("two");
    expect(valueOf(await resolve("acc_11", ALL))).toBe("one");
    expect(loads).toHaveLength(5);
  });

  it("is never what was read before a change, once the change is made", async () => {
    const { state, resolve, forget } = world();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    state.gate = promise;
    const before = resolve("acc_1", ALL);
    await tick();
    state.value = "two";
    state.gate = Promise.resolve();
    forget("acc_1");
    // The old load is still under way: nobody joins it any more.
    expect(valueOf(await resolve("acc_1", ALL))).toBe("two");
    release();
    await before;
    expect(valueOf(await resolve("acc_1", ALL))).toBe("two");
  });

  it("is not remembered when the load that began before a change ends after it", async () => {
    const { state, loads, resolve, forget } = world();
    const { promise, resolve: release } = Promise.withResolvers<void>();
    state.gate = promise;
    const before = resolve("acc_1", ALL);
    await tick();
    forget("acc_1");
    release();
    await before;
    state.value = "two";
    expect(valueOf(await resolve("acc_1", ALL))).toBe("two");
    expect(loads).toHaveLength(2);
  });

  it("is nothing while the database is away, even if it was something a minute ago", async () => {
    const { state, warnings, resolve } = world();
    await resolve("acc_1", ALL);
    state.fails = true;
    state.now += 60_000;
    expect(await resolve("acc_1", ALL)).toMatchObject({ kind: "unopened", names: [] });
    expect(warnings).toEqual(["secrets could not be read"]);
    state.fails = false;
    expect(valueOf(await resolve("acc_1", ALL))).toBe("one");
  });

  it("is remembered within 8 MiB", async () => {
    const { state, loads, resolve } = world();
    state.value = "x".repeat(1024 * 1024);
    for (const accountId of ["a", "b", "c", "d"]) await resolve(accountId, ALL);
    expect(loads).toHaveLength(4);
    await resolve("b", ALL);
    await resolve("a", ALL);
    expect(loads).toEqual(["a all", "b all", "c all", "d all", "a all"]);
  });
});

describe("the last use", () => {
  const witnessed = () => {
    const writes: (readonly string[])[] = [];
    const clock = { now: 1_000_000 };
    const touch = createLastUsed({
      now: () => clock.now,
      defer: () => undefined,
      write: async (accountId, ids) => void writes.push([accountId, ...ids]),
    });
    return { touch, writes, clock };
  };

  it("is written once a minute for each secret", () => {
    const { touch, writes, clock } = witnessed();
    touch("acc_1", ["sec_1"]);
    touch("acc_1", ["sec_1", "sec_2"]);
    touch("acc_1", ["sec_1", "sec_2"]);
    touch("acc_1", []);
    expect(writes).toEqual([
      ["acc_1", "sec_1"],
      ["acc_1", "sec_2"],
    ]);
    clock.now += 60_000;
    touch("acc_1", ["sec_1", "sec_2"]);
    expect(writes[2]).toEqual(["acc_1", "sec_1", "sec_2"]);
  });

  it("is forgotten rather than fill the isolate", () => {
    const { touch, writes } = witnessed();
    touch("acc_1", ["first"]);
    for (let start = 0; start < 10; start += 1) {
      touch(
        "acc_1",
        Array.from({ length: 1_000 }, (_, index) => `sec_${start}_${index}`),
      );
    }
    touch("acc_1", ["first"]);
    expect(writes.filter(([, id]) => id === "first")).toHaveLength(2);
  });
});
