import { describe, expect, it } from "vitest";
import { TIER_LIMITS, type Principal } from "../../../src/accounts/index.ts";
import type { Following, JournalLog } from "../../../src/journal/index.ts";
import { openTail } from "../../../src/journal/tail.ts";
import { eventStream } from "../../../src/api/tail-events.ts";
import { fromUtf8 } from "../../../src/lib/bytes.ts";
import { exchangeOf } from "../../support/exchanges.ts";

const principal: Principal = {
  account: {
    id: "acc_1",
    handle: "demo",
    name: "Demo",
    tier: "ultimate",
    limits: TIER_LIMITS.ultimate,
    suspended: false,
    createdAt: 0,
  },
  keyId: "key_1",
  scopes: ["journal:read"],
};

const idOf = (number: number): string => `exc_${String(number).padStart(26, "0")}`;
const BEGINNING = idOf(0);

const unasked = (): never => {
  throw new Error("Not asked for here.");
};

/** A journal of numbered exchanges in memory, with a clock that goes on only while somebody waits. */
const newWorld = () => {
  let time = 1_000_000;
  const kept: number[] = [];
  const follows: { readonly after: string | undefined; readonly waitMs: number }[] = [];
  let now: Principal | undefined = principal;
  let isThere = true;
  let failures = 0;
  /** What happens while somebody waits. */
  let meanwhile: (() => void) | undefined;

  const look = (after: string | undefined, limit: number): Following => {
    const last = kept.at(-1);
    const from = after === undefined ? last : kept.find((number) => idOf(number) === after);
    const gap = after !== undefined && from === undefined;
    const items = kept.filter((number) => number > (gap ? 0 : (from ?? 0))).slice(0, limit);
    const seen = items.at(-1) ?? from ?? last;
    return {
      items: items.map((number) => exchangeOf({ id: idOf(number), path: `/${number}` })),
      gap,
      ...(seen === undefined ? {} : { seen: idOf(seen) }),
    };
  };
  const log: JournalLog = {
    record: unasked,
    list: unasked,
    read: unasked,
    pin: unasked,
    remove: unasked,
    clear: unasked,
    metrics: unasked,
    notices: unasked,
    erase: unasked,
    follow: async (after, _filter, limit, waitMs) => {
      follows.push({ after, waitMs });
      if (failures > 0) {
        failures -= 1;
        throw Object.assign(new Error("The object is being moved."), { overloaded: true });
      }
      const found = look(after, limit);
      if (found.items.length > 0 || waitMs === 0) return found;
      time += waitMs;
      meanwhile?.();
      const later = look(after, limit);
      return { ...later, gap: found.gap };
    },
  };
  return {
    kept,
    follows,
    deps: {
      now: () => time,
      sleep: async (ms: number) => {
        time += ms;
      },
      reauthenticate: async () => now,
      hasResponder: async () => isThere,
      logOf: () => log,
    },
    time: () => time,
    become: (who: Principal | undefined) => {
      now = who;
    },
    deleteResponder: () => {
      isThere = false;
    },
    fail: (times: number) => {
      failures = times;
    },
    whileWaiting: (what: () => void) => {
      meanwhile = what;
    },
  };
};

const open = (world: ReturnType<typeof newWorld>, after?: number) =>
  openTail(world.deps, principal, "rsp_1", {
    filter: {},
    after: after === undefined ? undefined : idOf(after),
  });

const numbersOf = (news: Awaited<ReturnType<Awaited<ReturnType<typeof open>>["next"]>>): readonly string[] =>
  news.kind === "exchanges" ? news.items.map(({ request }) => request.path) : [news.kind];

describe("a tail", () => {
  it("begins with what comes from now on", async () => {
    const world = newWorld();
    world.kept.push(1, 2);
    const tail = await open(world);
    world.kept.push(3);
    expect(await tail.next()).toMatchObject({ kind: "exchanges", gap: false, seen: idOf(3) });
    world.whileWaiting(() => world.kept.push(4));
    expect(numbersOf(await tail.next())).toEqual(["/4"]);
  });

  it("misses nothing of a journal that is empty when it begins", async () => {
    const world = newWorld();
    const tail = await open(world);
    world.kept.push(1, 2);
    const news = await tail.next();
    expect([news, numbersOf(news)]).toEqual([expect.objectContaining({ gap: false }), ["/1", "/2"]]);
  });

  it("resumes where it was, and says so when it cannot", async () => {
    const world = newWorld();
    world.kept.push(5, 6, 7);
    const tail = await open(world, 6);
    expect(numbersOf(await tail.next())).toEqual(["/7"]);
    const late = await open(world, 3);
    expect(await late.next()).toMatchObject({ kind: "exchanges", gap: true, seen: idOf(7) });
    world.whileWaiting(() => world.kept.push(8));
    expect(await late.next()).toMatchObject({ kind: "exchanges", gap: false, seen: idOf(8) });
  });

  it("tells of a gap once, also when nothing is there", async () => {
    const world = newWorld();
    const tail = await open(world, 3);
    expect(await tail.next()).toEqual({ kind: "exchanges", items: [], gap: true, seen: undefined });
    expect(world.follows).toEqual([{ after: idOf(3), waitMs: 0 }]);
    expect(await tail.next()).toEqual({ kind: "quiet", seen: undefined });
    expect(world.follows.at(-1)).toEqual({ after: BEGINNING, waitMs: 15_000 });
  });

  it("is quiet for 15 s at most", async () => {
    const world = newWorld();
    world.kept.push(1);
    const tail = await open(world);
    const began = world.time();
    expect(await tail.next()).toEqual({ kind: "quiet", seen: idOf(1) });
    expect(world.time() - began).toBe(15_000);
  });

  it.each([
    ["deleted or expired", undefined, "The key has ended."],
    [
      "of a suspended account",
      { ...principal, account: { ...principal.account, suspended: true } },
      "The account is suspended.",
    ],
    ["without the scope", { ...principal, scopes: [] }, "The key has lost the scope journal:read."],
  ])("is over within 60 s when its key is %s", async (_, who, reason) => {
    const world = newWorld();
    const tail = await open(world);
    world.become(who);
    const began = world.time();
    for (;;) {
      const news = await tail.next();
      if (news.kind === "over") {
        expect(news.reason).toBe(reason);
        break;
      }
      expect(world.time() - began).toBeLessThan(60_000);
    }
    expect(world.time() - began).toBeLessThan(60_000);
  });

  it("is over when its responder is deleted", async () => {
    const world = newWorld();
    const tail = await open(world);
    world.deleteResponder();
    await tail.next();
    await tail.next();
    expect(await tail.next()).toEqual({ kind: "over", reason: "The responder is gone." });
  });

  it("is not opened for a suspended account, or without the scope", async () => {
    const world = newWorld();
    const suspended = { ...principal, account: { ...principal.account, suspended: true } };
    const request = { filter: {}, after: undefined };
    await expect(openTail(world.deps, suspended, "rsp_1", request)).rejects.toMatchObject({
      code: "forbidden",
    });
    const narrow = { ...principal, scopes: ["responders:read" as const] };
    await expect(openTail(world.deps, narrow, "rsp_1", request)).rejects.toMatchObject({ code: "forbidden" });
    world.deleteResponder();
    await expect(open(world)).rejects.toMatchObject({ code: "not-found" });
  });

  it("goes on when the journal was out of reach for a moment", async () => {
    const world = newWorld();
    world.kept.push(1);
    const tail = await open(world);
    world.kept.push(2);
    world.fail(3);
    expect(numbersOf(await tail.next())).toEqual(["/2"]);
    world.fail(100);
    await expect(tail.next()).rejects.toMatchObject({ code: "unavailable" });
  });

  it("asks at most twice a second for long, and gets more at once", async () => {
    const world = newWorld();
    world.kept.push(1);
    const tail = await open(world);
    const began = world.time();
    for (let number = 2; number < 62; number += 1) {
      world.kept.push(number);
      expect((await tail.next()).kind).toBe("exchanges");
    }
    expect(world.time() - began).toBe(40 * 500);
  });
});

const textsOf = async (stream: ReadableStream<Uint8Array>, chunks: number): Promise<readonly string[]> => {
  const reader = stream.getReader();
  const texts: string[] = [];
  while (texts.length < chunks) {
    const { done, value } = await reader.read();
    if (done) break;
    texts.push(fromUtf8(value));
  }
  return texts;
};

describe("a stream of events", () => {
  it("has one event for each exchange, with its id, and pings", async () => {
    const world = newWorld();
    world.kept.push(1);
    const stream = eventStream(await open(world), world.deps);
    world.kept.push(2, 3);
    const [hello, first, second] = await textsOf(stream, 3);
    expect(hello).toBe("retry: 2000\n\n");
    const events = first?.split("\n\n") ?? [];
    expect(events).toHaveLength(3);
    expect(events[0]).toMatch(/^event: exchange\nid: exc_0{25}2\ndata: \{"id":"exc_0{25}2",.*\}$/);
    expect(JSON.parse(events[1]?.split("data: ")[1] ?? "")).toMatchObject({
      id: idOf(3),
      request: { url: "http://demo.localhost/3", body: null, bodyOmitted: false },
    });
    expect(second).toMatch(/^event: ping\nid: exc_0{25}3\ndata: \{"at":".*Z"\}\n\n$/);
  });

  it("says when there is a gap", async () => {
    const world = newWorld();
    world.kept.push(9);
    const stream = eventStream(await open(world, 3), world.deps);
    const [, first] = await textsOf(stream, 2);
    expect(first).toMatch(/^event: gap\ndata: \{"detail":".*"\}\n\nevent: exchange\nid: exc_0{25}9\n/);
  });

  it("says why it is over, and ends", async () => {
    const world = newWorld();
    // Nobody looks whether it is read: the clock of this world would have it wait for too long.
    const stream = eventStream(await open(world), {
      ...world.deps,
      sleep: () => new Promise(() => undefined),
    });
    world.become(undefined);
    const texts = await textsOf(stream, 10);
    expect(texts.at(-1)).toBe(": closed: The key has ended.\n\n");
    expect(texts.length).toBeLessThan(6);
  });

  it("fetches nothing for a watcher that does not read, and cuts it off", async () => {
    const world = newWorld();
    const tail = await open(world);
    world.kept.push(1, 2, 3);
    const asked = world.follows.length;
    const stream = eventStream(tail, world.deps);
    // The clock goes on by itself: every look of the stream takes 5 s of it.
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    await expect(stream.getReader().read()).rejects.toThrow("The watcher does not read.");
    expect(world.follows).toHaveLength(asked);
  });

  it("is cut off in its own time when the key of a watcher that does not read ends", async () => {
    const world = newWorld();
    const tail = await open(world);
    world.become(undefined);
    const stream = eventStream(tail, world.deps);
    for (let turn = 0; turn < 100; turn += 1) await Promise.resolve();
    await expect(stream.getReader().read()).rejects.toThrow("The key has ended.");
  });
});
