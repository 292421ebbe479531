import { describe, expect, it } from "vitest";
import { compileTable } from "../../../src/responders/routing/table.ts";
import { nearestRoutes } from "../../../src/responders/unmatched/nearest.ts";
import type { Asked } from "../../../src/responders/unmatched/nearest.ts";
import { createUnmatchedRecorder } from "../../../src/responders/unmatched/record.ts";
import type { UnmatchedHit } from "../../../src/responders/unmatched/unmatched-hit.ts";
import { routed } from "../../support/routed.ts";

const hit = (more: Partial<Asked> = {}): Asked => ({
  method: "POST",
  label: null,
  path: "/github/x",
  ...more,
});

describe("the nearest routes of a hit that matched nothing", () => {
  it.each([
    ["method", routed("/github/:repo", ["GET", "PUT"]), hit(), "takes GET, PUT"],
    ["disabled", routed("/github/:repo", ["POST"], { enabled: false }), hit(), "disabled"],
    ["label", routed("/github/:repo", ["POST"], { label: "staging" }), hit(), 'has the label "staging"'],
    ["label", routed("/github/:repo"), hit({ label: "prod" }), 'came with the label "prod"'],
    ["trailing-slash", routed("/github/:repo"), hit({ path: "/github/x/" }), "ends with a slash"],
    ["trailing-slash", routed("/github/:repo/"), hit(), "does not end with a slash"],
    ["case", routed("/GitHub/:repo"), hit(), "upper and lower case"],
    ["segment", routed("/gitlab/:repo"), hit(), 'Segment 1 is "github" and should be "gitlab"'],
    ["segment", routed("/github/:repo"), hit({ path: "/github//" }), "should be not empty"],
    ["length", routed("/github/:repo/push"), hit(), "has 2 segments; the route's has 3"],
    ["length", routed("/github"), hit(), "has 2 segments; the route's has 1"],
    ["length", routed("/github/x/*"), hit(), "more than 2"],
  ])("say why not: %s", (reason, responder, asked, detail) => {
    expect(nearestRoutes([responder], asked)).toEqual([
      expect.objectContaining({ responderId: responder.id, reason, detail: expect.stringContaining(detail) }),
    ]);
  });

  it("are the three that came closest, the closest first", () => {
    const responders = [
      routed("/stripe/events/all"),
      routed("/github/:repo/push"),
      routed("/github/:repo", ["GET"]),
      routed("/gitlab/:repo"),
      routed("/github/:repo/"),
    ];
    expect(nearestRoutes(responders, hit()).map((route) => route.path)).toEqual([
      "/github/:repo",
      "/github/:repo/",
      "/github/:repo/push",
    ]);
  });
});

describe("recording them", () => {
  const table = compileTable({
    version: 1,
    revision: 1,
    account: { id: "acc_1", handle: "demo", tier: "basic", overrides: "{}", suspended: false },
    responders: [routed("/a")],
  });
  const world = () => {
    const writes: (readonly UnmatchedHit[])[] = [];
    const wakes: (() => void)[] = [];
    const recorder = createUnmatchedRecorder({
      logOf: (accountId) => ({
        record: async (hits) => {
          writes.push(hits.map((each) => ({ ...each, id: `${accountId} ${each.id}` })));
        },
        list: async () => [],
        erase: async () => undefined,
      }),
      sleep: () => new Promise((resolve) => wakes.push(resolve)),
    });
    const miss = (id: string, at: number, path = "/b"): Promise<void> =>
      recorder.record(table, { requestId: id, at, method: "GET", label: "", path, status: 404 });
    return { writes, wakes, miss };
  };

  it("keeps the route's part of a hit, cut to size", async () => {
    const { writes, miss } = world();
    await miss("exc_1", 5_000, `/${"b".repeat(5_000)}`);
    const [kept] = writes.flat();
    expect(writes.flat()).toHaveLength(1);
    expect(kept).toMatchObject({
      id: "acc_1 exc_1",
      at: 5_000,
      method: "GET",
      label: null,
      status: 404,
      skipped: 0,
    });
    expect(kept?.path).toHaveLength(2_048);
  });

  it("writes once a second, and keeps the newest of a burst", async () => {
    const { writes, wakes, miss } = world();
    await miss("exc_first", 10_000);
    const burst = Array.from({ length: 60 }, (_, count) => miss(`exc_${count}`, 10_001 + count));
    expect([writes.length, wakes.length]).toEqual([1, 1]);
    wakes[0]?.();
    await Promise.all(burst);
    expect(writes).toHaveLength(2);
    expect(writes[1]).toHaveLength(50);
    expect(writes[1]?.[0]).toMatchObject({ id: "acc_1 exc_10", skipped: 10 });
    expect(writes[1]?.at(-1)).toMatchObject({ id: "acc_1 exc_59", skipped: 0 });
  });

  it("writes what waits with the next hit when the request that had promised to is gone", async () => {
    const { writes, wakes, miss } = world();
    await miss("exc_first", 10_000);
    void miss("exc_lost", 10_001);
    void miss("exc_next", 13_000);
    expect(wakes).toHaveLength(1);
    await expect.poll(() => writes[1]?.map(({ id }) => id)).toEqual(["acc_1 exc_lost", "acc_1 exc_next"]);
  });
});
