import { describe, expect, it } from "vitest";
import { createLru } from "../../../src/lib/lru.ts";

describe("an LRU by bytes", () => {
  it("drops what was unused for longest, and no more than it must", () => {
    const lru = createLru<string>(10);
    lru.set("a", "A", 4);
    lru.set("b", "B", 4);
    expect(lru.get("a")).toBe("A");
    lru.set("c", "C", 4);
    expect([lru.get("a"), lru.get("b"), lru.get("c")]).toEqual(["A", undefined, "C"]);
    expect(lru.bytes()).toBe(8);
  });

  it("counts a value that is replaced or removed once", () => {
    const lru = createLru<number>(10);
    lru.set("a", 1, 6);
    lru.set("a", 2, 3);
    expect([lru.get("a"), lru.bytes()]).toEqual([2, 3]);
    lru.remove("a");
    lru.remove("a");
    expect([lru.get("a"), lru.bytes()]).toEqual([undefined, 0]);
  });

  it("tells its keys without using them", () => {
    const lru = createLru<number>(10);
    lru.set("a", 1, 5);
    lru.set("b", 2, 5);
    expect(lru.keys()).toEqual(["a", "b"]);
    lru.set("c", 3, 5);
    expect(lru.keys()).toEqual(["b", "c"]);
  });

  it("keeps nothing that is larger than all its room", () => {
    const lru = createLru<number>(10);
    lru.set("a", 1, 4);
    lru.set("b", 2, 11);
    expect([lru.get("a"), lru.get("b")]).toEqual([1, undefined]);
    lru.set("a", 3, 11);
    expect(lru.get("a")).toBeUndefined();
  });
});
