import { describe, expect, it } from "vitest";
import { TIER_LIMITS } from "../../../src/accounts/index.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import { stateOfRun } from "../../../src/responders/state/run-state.ts";
import type { StateStore } from "../../../src/responders/state/state-store.ts";

const EMPTY_PAGE = { kind: "page", entries: [], more: false } as const;
const QUERY = { prefix: "", after: null, limit: 1, values: true };
const WRITE = { key: "a", value: { type: "json" as const, bytes: utf8("1") }, ttlMs: null, condition: null };
const failure = (more: object = {}): Error => Object.assign(new Error("the object is gone"), more);

/** Stubs that fail as often as they are told, and who was asked for what. */
const world = (failures: readonly Error[]) => {
  const left = [...failures];
  const asked: string[] = [];
  const deferred: Promise<unknown>[] = [];
  const warned: unknown[] = [];
  let stubs = 0;
  const stateOf = (id: string): StateStore => {
    stubs += 1;
    const name = `${id}#${stubs}`;
    const ask = async <T>(call: string, answer: T): Promise<T> => {
      asked.push(`${name} ${call}`);
      const fault = left.shift();
      if (fault !== undefined) throw fault;
      return answer;
    };
    return {
      get: () => ask("get", null),
      list: () => ask("list", EMPTY_PAGE),
      watch: (watch) => ask(`watch ${watch}`, EMPTY_PAGE),
      unwatch: (watch) => ask(`unwatch ${watch}`, undefined),
      set: () => ask("set", { kind: "unmet", version: null }),
      increment: () => ask("increment", { kind: "counted", value: 1 }),
      remove: () => ask("remove", "deleted" as const),
      usage: () => ask("usage", { entries: 0, bytes: 0 }),
      clear: () => ask("clear", undefined),
      erase: () => ask("erase", undefined),
    };
  };
  const state = stateOfRun(
    {
      stateOf,
      defer: (work) => deferred.push(work),
      warn: (what, fields) => warned.push([what, fields]),
    },
    { responderId: "rsp", requestId: "exc", limits: TIER_LIMITS.basic },
  );
  return { state, asked, deferred, warned, stubs: () => stubs };
};

describe("the state of a run", () => {
  it("asks nothing of the object before the script does, and all through one stub", async () => {
    const { state, asked, stubs } = world([]);
    expect(stubs()).toBe(0);
    await Promise.all([state.set(WRITE), state.get("a"), state.delete("a", null)]);
    expect(asked).toEqual(["rsp#1 set", "rsp#1 get", "rsp#1 remove"]);
  });

  it("reads again, through a new stub, what failed and is worth it", async () => {
    const { state, asked, warned } = world([failure({ retryable: true })]);
    expect(await state.get("a")).toBeNull();
    expect(asked).toEqual(["rsp#1 get", "rsp#2 get"]);
    expect(warned).toEqual([]);
  });

  it.each([
    ["for good", [failure()], 1],
    ["as the object is overloaded", [failure({ retryable: true, overloaded: true })], 1],
    ["twice", [failure({ retryable: true }), failure({ retryable: true })], 2],
  ])("tells the script that it is not to be had when it failed %s", async (_what, failures, calls) => {
    const { state, asked, warned } = world(failures);
    await expect(state.list(QUERY)).rejects.toMatchObject({
      name: "StateUnavailable",
      message: expect.not.stringContaining("gone"),
    });
    expect(asked).toHaveLength(calls);
    expect(warned).toEqual([
      [
        "a script's state could not be reached",
        expect.objectContaining({ responderId: "rsp", requestId: "exc" }),
      ],
    ]);
  });

  it("never writes again what may have been done, and goes on through a new stub", async () => {
    const { state, asked } = world([failure({ retryable: true })]);
    await expect(state.increment({ key: "n", by: 1, ttlMs: null })).rejects.toMatchObject({
      name: "StateUnavailable",
    });
    await state.get("a");
    expect(asked).toEqual(["rsp#1 increment", "rsp#2 get"]);
  });

  it("sees writes through, and lets nobody trip over one that fails", async () => {
    const { state, deferred } = world([failure()]);
    const set = state.set(WRITE);
    expect(deferred).toHaveLength(1);
    await expect(set).rejects.toMatchObject({ name: "StateUnavailable" });
    await expect(deferred[0]).resolves.toBeUndefined();
  });

  it("calls a watch off when its run is over, and not later", async () => {
    const { state, asked } = world([]);
    const run = new AbortController();
    const waiting = state.watch(QUERY, 25_000, run.signal);
    run.abort();
    await waiting;
    await state.watch(QUERY, 25_000, new AbortController().signal);
    expect(asked).toEqual(["rsp#1 watch exc.1", "rsp#1 unwatch exc.1", "rsp#1 watch exc.2"]);
  });
});
