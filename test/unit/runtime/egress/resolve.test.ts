import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { createResolve, type ResolverDeps } from "../../../../src/runtime/egress/resolve.ts";

type Records = readonly (readonly [type: number, data: string, ttl?: number])[];

const answer = (records: Records, status = 0): Response =>
  Response.json({
    Status: status,
    Answer: records.map(([type, data, ttl = 60]) => ({ name: "x", type, TTL: ttl, data })),
  });

/** A resolver that knows these, by `NAME TYPE`, and what it was asked. */
const world = (zone: Readonly<Record<string, () => Response | Promise<Response>>>) => {
  const asked: string[] = [];
  let time = 0;
  const fetch: ResolverDeps["fetch"] = async (url, init) => {
    const { searchParams } = new URL(url);
    const question = `${searchParams.get("name")} ${searchParams.get("type")}`;
    asked.push(question);
    init.signal?.throwIfAborted();
    return (zone[question] ?? (() => answer([])))();
  };
  const resolve = createResolve({ url: "https://dns.example/query?ct=json", fetch, now: () => time });
  const signal = new AbortController().signal;
  return {
    asked,
    pass: (ms: number) => (time += ms),
    resolve: async (host: string) => {
      const found = await resolve(host, signal);
      return found.kind === "refused" ? found.code : found.hosts;
    },
  };
};

describe("looking a name up", () => {
  it("asks for both kinds of addresses and gives all", async () => {
    const { resolve, asked } = world({
      "a.com A": () =>
        answer([
          [1, "1.1.1.1"],
          [1, "10.0.0.1"],
        ]),
      "a.com AAAA": () => answer([[28, "2606:4700::1"]]),
    });
    expect(await resolve("a.com")).toEqual(["1.1.1.1", "10.0.0.1", "2606:4700::1"]);
    expect(asked.toSorted()).toEqual(["a.com A", "a.com AAAA"]);
  });

  it("gives every alias on the way, to be judged as well", async () => {
    const chain: Records = [
      [5, "B.net."],
      [5, "db.internal."],
      [1, "1.1.1.1"],
    ];
    const { resolve } = world({ "a.com A": () => answer(chain), "a.com AAAA": () => answer([]) });
    expect(await resolve("a.com")).toEqual(["b.net", "db.internal", "1.1.1.1"]);
  });

  it("follows an alias that the resolver left open", async () => {
    const alias: Records = [[5, "b.net."]];
    const { resolve } = world({
      "a.com A": () => answer(alias),
      "a.com AAAA": () => answer(alias),
      "b.net A": () => answer([[1, "10.0.0.1"]]),
    });
    expect(await resolve("a.com")).toEqual(["b.net", "10.0.0.1"]);
  });

  it("ends with aliases that go round, or on and on", async () => {
    const round = world({
      "a.com A": () => answer([[5, "b.com."]]),
      "b.com A": () => answer([[5, "a.com."]]),
    });
    expect(await round.resolve("a.com")).toBe("no-such-name");
    let made = 0;
    const endless = createResolve({
      url: "https://dns.example/",
      fetch: () => Promise.resolve(answer([[5, `n${(made += 1)}.com.`]])),
      now: () => 0,
    });
    expect(await endless("a.com", new AbortController().signal)).toMatchObject({ code: "no-such-name" });
    expect(made).toBeLessThan(30);
  });

  it.each([
    ["no such name", () => answer([], 3), "no-such-name"],
    ["a failure of DNS", () => answer([], 2), "resolver"],
    ["a status that is not 200", () => new Response("{}", { status: 500 }), "resolver"],
    [
      "a redirect",
      () => new Response(null, { status: 302, headers: { location: "https://x.com" } }),
      "resolver",
    ],
    ["no JSON", () => new Response("<html>"), "resolver"],
    ["JSON of another kind", () => Response.json([1]), "resolver"],
    ["records of another kind", () => Response.json({ Status: 0, Answer: [{ type: "A" }] }), "resolver"],
    ["what was cut off", () => Response.json({ Status: 0, TC: true, Answer: [] }), "resolver"],
    ["more than 64 KiB", () => new Response(" ".repeat(70_000)), "resolver"],
    ["an error", () => Promise.reject(new Error("Network connection lost.")), "resolver"],
  ] as const)("refuses on %s, if only for one kind of address", async (_, respond, code) => {
    const { resolve } = world({ "a.com A": () => answer([[1, "1.1.1.1"]]), "a.com AAAA": respond });
    expect(await resolve("a.com")).toBe(code);
  });

  it("is no name without addresses", async () => {
    expect(await world({}).resolve("a.com")).toBe("no-such-name");
  });
});

describe("what was learned", () => {
  const zone = (ttl: number) => ({ "a.com A": () => answer([[1, "1.1.1.1", ttl]]) });

  it("is kept as long as the record says, and no longer", async () => {
    const { resolve, asked, pass } = world(zone(60));
    await resolve("a.com");
    pass(59_999);
    await resolve("a.com");
    expect(asked).toHaveLength(2);
    pass(1);
    await resolve("a.com");
    expect(asked).toHaveLength(4);
  });

  it("is kept for 5 minutes at most, and not at all when the record says so", async () => {
    const long = world(zone(86_400));
    await long.resolve("a.com");
    long.pass(300_000);
    await long.resolve("a.com");
    expect(long.asked).toHaveLength(4);
    const never = world(zone(0));
    await never.resolve("a.com");
    await never.resolve("a.com");
    expect(never.asked).toHaveLength(4);
  });

  it("is not kept when it is a failure", async () => {
    const { resolve, asked } = world({ "a.com A": () => answer([], 3) });
    await resolve("a.com");
    await resolve("a.com");
    expect(asked).toHaveLength(4);
  });
});

describe("a resolver that does not answer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is waited for 5 s, and leaves no timer", async () => {
    const resolve = createResolve({
      url: "https://dns.example/",
      fetch: (_, init) =>
        new Promise((_resolve, reject) => {
          init.signal?.addEventListener("abort", () => reject(new Error("aborted")));
        }),
      now: () => 0,
    });
    const found = resolve("a.com", new AbortController().signal);
    await vi.advanceTimersByTimeAsync(5_000);
    expect(await found).toMatchObject({ kind: "refused", code: "resolver" });
    expect(vi.getTimerCount()).toBe(0);
  });
});
