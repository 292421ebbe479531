import { describe, expect, it } from "vitest";
import { createKv } from "../../../src/storage/kv.ts";

/** A KV that refuses that many writes first, as it does beyond one a second for a key. */
const refusing = (refusals: number) => {
  const values = new Map<string, string>();
  const pauses: number[] = [];
  let left = refusals;
  const write = async (change: () => void): Promise<void> => {
    left -= 1;
    if (left >= 0) throw new Error("KV PUT failed: 429 Too Many Requests");
    change();
  };
  const namespace = {
    get: async (key: string) => values.get(key) ?? null,
    put: (key: string, value: string) => write(() => values.set(key, value)),
    delete: (key: string) => write(() => values.delete(key)),
  };
  const kv = createKv(namespace, async (ms) => pauses.push(ms));
  return { kv, values, pauses };
};

describe("KV", () => {
  it("keeps routes and code under their keys", async () => {
    const { kv, values } = refusing(0);
    expect(await kv.putRoutes("demo", "table")).toBe(true);
    expect(await kv.putCode("00ff", "code")).toBe(true);
    expect([...values]).toEqual([
      ["routes:demo", "table"],
      ["code:00ff", "code"],
    ]);
    expect([await kv.getRoutes("demo"), await kv.getCode("00ff"), await kv.getCode("none")]).toEqual([
      "table",
      "code",
      null,
    ]);
    expect(await kv.deleteRoutes("demo")).toBe(true);
    expect(await kv.getRoutes("demo")).toBeNull();
  });

  it("tries a refused write again, each time after a longer pause of over a second", async () => {
    const { kv, values, pauses } = refusing(3);
    expect(await kv.putRoutes("demo", "table")).toBe(true);
    expect(values.get("routes:demo")).toBe("table");
    expect(pauses).toEqual([1_100, 2_200, 4_400]);
  });

  it("gives up without throwing, and tries once where it is told so", async () => {
    const stubborn = refusing(99);
    expect(await stubborn.kv.putRoutes("demo", "table")).toBe(false);
    expect(stubborn.pauses).toHaveLength(4);
    const once = refusing(1);
    expect(await once.kv.tryPutRoutes("demo", "table")).toBe(false);
    expect(await once.kv.tryPutRoutes("demo", "table")).toBe(true);
    expect(once.pauses).toEqual([]);
  });
});
