import { afterEach, describe, expect, it, vi } from "vitest";
import { logError } from "../../../src/telemetry/index.ts";

afterEach(() => vi.restoreAllMocks());

const logged = (error: unknown): Record<string, unknown> => {
  const line = vi.spyOn(console, "error").mockImplementation(() => undefined);
  logError("req_1", error);
  expect(line).toHaveBeenCalledTimes(1);
  return JSON.parse(String(line.mock.calls[0]?.[0]));
};

describe("the log of an error", () => {
  it("is one JSON line with where it was, what it said and its frames", () => {
    const line = logged(new TypeError("wrong"));
    expect(line).toMatchObject({ kind: "error", where: "req_1", name: "TypeError", message: "wrong" });
    expect(line["stack"]).toMatch(/^\s+at .*log\.test\.ts/);
  });

  it("holds no parameters of a query, neither in its message nor in a cause's", () => {
    const query = "Failed query: insert into `keys` values (?)\nparams: canary,\n4711";
    const text = JSON.stringify(logged(new Error("outer", { cause: new Error(query) })));
    expect(text).toContain("insert into");
    expect(text).not.toContain("canary");
    vi.restoreAllMocks();
    expect(JSON.stringify(logged(new Error(query)))).not.toContain("4711");
  });

  it("bears what is no Error, and causes in a ring", () => {
    expect(logged("text")).toMatchObject({ name: "string", message: "text" });
    vi.restoreAllMocks();
    expect(logged({ message: "held" })).toMatchObject({ name: "object", message: "held" });
    vi.restoreAllMocks();
    expect(logged(undefined)).toMatchObject({ name: "undefined", message: "thrown without a message" });
    vi.restoreAllMocks();
    const ring = new Error("ring");
    ring.cause = ring;
    expect(logged(ring)).toMatchObject({ message: "ring" });
  });
});
