import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createBacklogs, type Parcel } from "../../../src/journal/backlog.ts";
import type { Entry } from "../../../src/journal/index.ts";
import { entryOf } from "../../support/exchanges.ts";

/** Journals that take what they are given, until they are told otherwise. */
const createWorld = () => {
  const calls: { readonly responderId: string; readonly ids: readonly string[]; readonly lost: number }[] =
    [];
  const warnings: string[] = [];
  let behave: () => Promise<void> = async () => undefined;
  const backlogs = createBacklogs({
    now: () => Date.now(),
    sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
    sinkOf: (responderId) => ({
      recordAll: (entries: readonly Entry[]) => {
        const ids = entries.map(({ exchange }) => exchange.request.path);
        calls.push({ responderId, ids, lost: entries.reduce((sum, { lost }) => sum + lost, 0) });
        return behave();
      },
    }),
    warn: (what) => void warnings.push(what),
  });
  const parcel = (path: string, more: Partial<Parcel> = {}): Parcel => ({
    responderId: "rsp_1",
    accountId: "acc_1",
    bytes: 1_000,
    entry: () => entryOf({ path }),
    ...more,
  });
  return {
    calls,
    warnings,
    backlogs,
    parcel,
    push: (path: string, more?: Partial<Parcel>) => backlogs.push(parcel(path, more)),
    /** Pushed, and sent after the ms for which the first waits for others. */
    sent: async (path: string, more?: Partial<Parcel>): Promise<void> => {
      const pushed = backlogs.push(parcel(path, more));
      await vi.advanceTimersByTimeAsync(1);
      await pushed;
    },
    behave: (how: () => Promise<void>) => {
      behave = how;
    },
  };
};

const never = (): Promise<void> => new Promise(() => undefined);
const refuse = (): Promise<void> => Promise.reject(new Error("overloaded"));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

describe("entries on their way to a journal", () => {
  it("go one call at a time, in order, and those that come meanwhile together", async () => {
    const world = createWorld();
    let release: () => void = () => undefined;
    world.behave(() => new Promise((resolve) => (release = resolve)));
    const pushed = ["a", "b"].map((path) => world.push(path));
    expect(world.calls).toEqual([]);
    await vi.advanceTimersByTimeAsync(10);
    pushed.push(...["c", "d"].map((path) => world.push(path)));
    await vi.advanceTimersByTimeAsync(10);
    expect(world.calls.map(({ ids }) => ids)).toEqual([["a", "b"]]);
    world.behave(async () => undefined);
    release();
    await Promise.all(pushed);
    expect(world.calls.map(({ ids }) => ids)).toEqual([
      ["a", "b"],
      ["c", "d"],
    ]);
    expect(world.backlogs.bytes()).toBe(0);
  });

  it("go to each responder apart", async () => {
    const world = createWorld();
    world.behave(never);
    void world.push("a");
    void world.push("b", { responderId: "rsp_2" });
    await vi.advanceTimersByTimeAsync(2);
    expect(world.calls.map(({ responderId, ids }) => [responderId, ids])).toEqual([
      ["rsp_1", ["a"]],
      ["rsp_2", ["b"]],
    ]);
  });

  it("are a hundred, or four MiB, in one call at most", async () => {
    const world = createWorld();
    world.behave(() => new Promise((resolve) => setTimeout(resolve, 1)));
    const MIB = 1024 * 1024;
    const all = [
      ...Array.from({ length: 151 }, (_, index) => world.push(`${index}`)),
      ...["x", "y", "z"].map((path) => world.push(path, { bytes: 2 * MIB })),
      world.push("large", { bytes: 10 * MIB }),
    ];
    await vi.advanceTimersByTimeAsync(100);
    await Promise.all(all);
    expect(world.calls.map(({ ids }) => ids.length)).toEqual([100, 52, 2, 1]);
  });

  it("are sent again with growing pauses when the object refuses", async () => {
    const world = createWorld();
    world.behave(refuse);
    const pushed = world.push("a");
    await vi.advanceTimersByTimeAsync(100);
    expect(world.calls.length).toBe(1);
    await vi.advanceTimersByTimeAsync(1);
    expect(world.calls.length).toBe(2);
    await vi.advanceTimersByTimeAsync(400);
    expect(world.calls.length).toBe(3);
    world.behave(async () => undefined);
    await vi.advanceTimersByTimeAsync(1_600);
    await pushed;
    expect([world.calls.length, world.warnings, world.backlogs.bytes()]).toEqual([4, [], 0]);
  });

  it("are lost when it refuses to the end, and the next says how many", async () => {
    const world = createWorld();
    world.behave(refuse);
    const lost = [world.push("a"), world.push("b"), world.push("c")];
    await vi.advanceTimersByTimeAsync(30_000);
    await Promise.all(lost);
    expect(world.warnings.length).toBe(1);
    world.behave(async () => undefined);
    await world.sent("d");
    await world.sent("e");
    expect(world.calls.slice(-2).map(({ ids, lost: count }) => [ids, count])).toEqual([
      [["d"], 3],
      [["e"], 0],
    ]);
  });

  it("are lost when it hangs, and nothing else waits for it", async () => {
    const world = createWorld();
    world.behave(never);
    const hanging = world.push("a");
    await vi.advanceTimersByTimeAsync(2);
    world.behave(async () => undefined);
    await world.sent("b", { responderId: "rsp_2" });
    expect(world.calls.at(-1)?.ids).toEqual(["b"]);
    world.behave(never);
    await vi.advanceTimersByTimeAsync(25_000);
    await hanging;
    expect([world.warnings.length, world.backlogs.bytes()]).toEqual([1, 0]);
  });

  it("are bounded: an account has a part of the room, and what finds none is lost", async () => {
    const world = createWorld();
    const MIB = 1024 * 1024;
    world.behave(never);
    const made: string[] = [];
    const push = (path: string, accountId: string, bytes: number): void => {
      const entry = () => {
        made.push(path);
        return entryOf({ path });
      };
      void world.push(path, { responderId: `rsp_${accountId}`, accountId, bytes, entry });
    };
    push("a", "acc_a", 20 * MIB);
    push("b", "acc_a", 5 * MIB);
    push("c", "acc_b", 10 * MIB);
    push("d", "acc_c", 3 * MIB);
    await vi.advanceTimersByTimeAsync(2);
    expect(made).toEqual(["a", "c"]);
    expect(world.backlogs.bytes()).toBe(30 * MIB);
    push("e", "acc_d", 2 * MIB);
    expect(made).toEqual(["a", "c", "e"]);
  });

  it("are taken over when the request that sends them is gone", async () => {
    const world = createWorld();
    world.behave(never);
    void world.push("a");
    await vi.advanceTimersByTimeAsync(2);
    vi.clearAllTimers();
    vi.setSystemTime(Date.now() + 23_000);
    world.behave(async () => undefined);
    await world.sent("b");
    expect(world.calls.at(-1)?.ids).toEqual(["a", "b"]);
    expect(world.backlogs.bytes()).toBe(0);
  });

  it("are sent by one of those who wait when the first of them is gone", async () => {
    const world = createWorld();
    world.behave(never);
    void world.push("a");
    await vi.advanceTimersByTimeAsync(2);
    vi.clearAllTimers();
    const waiting = world.push("b");
    world.behave(async () => undefined);
    await vi.advanceTimersByTimeAsync(24_000);
    await waiting;
    expect(world.calls.at(-1)?.ids).toEqual(["a", "b"]);
  });

  it("wait in thousands with a few timers", async () => {
    const world = createWorld();
    let release: () => void = () => undefined;
    world.behave(() => new Promise((resolve) => (release = resolve)));
    const pushed = Array.from({ length: 3_000 }, (_, index) => world.push(`${index}`));
    await vi.advanceTimersByTimeAsync(10);
    expect(vi.getTimerCount()).toBeLessThan(40);
    world.behave(async () => undefined);
    release();
    await Promise.all(pushed);
    expect(world.calls.flatMap(({ ids }) => ids)).toEqual(pushed.map((_, index) => `${index}`));
    expect(vi.getTimerCount()).toBe(0);
  });

  it("free their room when nobody is left to send them", async () => {
    const world = createWorld();
    const MIB = 1024 * 1024;
    world.behave(never);
    void world.push("a", { bytes: 20 * MIB });
    await vi.advanceTimersByTimeAsync(2);
    vi.clearAllTimers();
    vi.setSystemTime(Date.now() + 23_000);
    world.behave(async () => undefined);
    await world.sent("b", { responderId: "rsp_2", bytes: 20 * MIB });
    expect(world.calls.at(-1)?.ids).toEqual(["b"]);
    await world.sent("c");
    expect(world.calls.at(-1)).toMatchObject({ ids: ["c"], lost: 1 });
  });
});
