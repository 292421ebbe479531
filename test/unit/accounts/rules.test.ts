import { describe, expect, it } from "vitest";
import {
  faultOfLimit,
  holdsScope,
  isHandle,
  LIMIT_NAMES,
  parseOverrides,
  SCOPES,
  TIER_LIMITS,
  TIERS,
} from "../../../src/accounts/index.ts";
import { isReservedHandle, randomHandle } from "../../../src/accounts/handle.ts";
import { formatSecret, SECRET_PATTERN, shownPrefix } from "../../../src/accounts/keys/secret.ts";
import { authenticateOperator } from "../../../src/accounts/operator.ts";
import { mergeOverrides } from "../../../src/accounts/overrides.ts";
import { parseScopes } from "../../../src/accounts/principal.ts";

describe("scopes", () => {
  it("hold themselves, a write its read, and the star everything", () => {
    for (const wanted of SCOPES) {
      const holders = SCOPES.filter((held) => holdsScope([held], wanted));
      const write = SCOPES.filter(
        (scope) => wanted.endsWith(":read") && scope === wanted.replace(":read", ":write"),
      );
      expect(new Set(holders)).toEqual(new Set([wanted, "*", ...write]));
    }
    expect(holdsScope([], "account:read")).toBe(false);
  });

  it("that no longer exist give nothing", () => {
    expect(parseScopes('["account:read","root:write",7]')).toEqual(["account:read"]);
    expect(parseScopes('{"0":"*"}')).toEqual([]);
  });
});

describe("handles", () => {
  it("made at random are handles, whatever the bytes", () => {
    for (let value = 0; value < 256; value += 1) {
      expect(isHandle(randomHandle(new Uint8Array(12).fill(value)))).toBe(true);
    }
    expect(randomHandle(new Uint8Array(12))).toBe("aaaaaaaaaaaa");
  });

  it("that a host needs for itself are reserved, and demo is not", () => {
    for (const handle of [
      "www",
      "api",
      "admin",
      "console",
      "mail",
      "localhost",
      "docs",
      "app",
      "static",
      "assets",
      "healthz",
      "status",
      "ns1",
    ]) {
      expect([handle, isReservedHandle(handle)]).toEqual([handle, true]);
    }
    expect(isReservedHandle("demo")).toBe(false);
  });
});

describe("limits", () => {
  it("of a tier are all within what an operator could set", () => {
    for (const tier of TIERS) {
      for (const name of LIMIT_NAMES) {
        const value = TIER_LIMITS[tier][name];
        expect([tier, name, value === null ? undefined : faultOfLimit(name, value)]).toEqual([
          tier,
          name,
          undefined,
        ]);
      }
    }
  });

  it("merge one by one, and a null gives one back", () => {
    const first = mergeOverrides({}, { cpuMs: 5, heapMb: 32 });
    expect(first).toEqual({ cpuMs: 5, heapMb: 32 });
    expect(mergeOverrides(first, { cpuMs: null, timers: 3 })).toEqual({ heapMb: 32, timers: 3 });
    expect(mergeOverrides(first, {})).toEqual(first);
    expect(mergeOverrides(first, null)).toEqual({});
  });

  it("that are stored but unknown or unsound count as not set", () => {
    expect(parseOverrides('{"cpuMs":7,"heapMb":64,"timers":"3","gone":1}')).toEqual({ cpuMs: 7 });
    expect(parseOverrides("null")).toEqual({});
  });
});

describe("secrets of keys", () => {
  it("hold 32 bytes behind their mark, and show four characters", () => {
    const secret = formatSecret(new Uint8Array(32).fill(255));
    expect(secret).toBe(`hw_live_${"_".repeat(42)}8`);
    expect(SECRET_PATTERN.test(secret)).toBe(true);
    expect(shownPrefix(secret)).toBe("hw_live_____");
  });
});

describe("operators", () => {
  it("are known by the whole token only", async () => {
    expect(await authenticateOperator("token", "token")).toEqual({ kind: "operator" });
    for (const given of ["", "toke", "tokeN", "token ", "tokens"]) {
      expect(await authenticateOperator("token", given)).toBeUndefined();
    }
  });
});
