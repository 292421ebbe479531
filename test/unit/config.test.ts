import { describe, expect, it } from "vitest";
import { checkSettings, parseConfig } from "../../src/config.ts";

const KEY = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

describe("settings", () => {
  it("accepts what set-up writes", () => {
    expect(
      checkSettings({
        HOOKS_HOST: "localhost",
        PATH_STYLE: "",
        MASTER_KEYS: `local:${KEY}`,
        ADMIN_TOKEN: "x".repeat(43),
      }),
    ).toEqual([]);
  });

  it.each([
    [{ HOOKS_HOST: "" }, "HOOKS_HOST"],
    [{ HOOKS_HOST: "https://hooks.example.com" }, "HOOKS_HOST"],
    [{ HOOKS_HOST: "hooks.example.com:8787" }, "HOOKS_HOST"],
    [{ HOOKS_HOST: "a.example", PATH_STYLE: "yes" }, "PATH_STYLE"],
    [{ HOOKS_HOST: "a.example", EGRESS_ALLOW: "10.0.0.0/8, http://x" }, "EGRESS_ALLOW"],
    [{ HOOKS_HOST: "a.example", ADMIN_TOKEN: "short" }, "ADMIN_TOKEN"],
    [{ HOOKS_HOST: "a.example", MASTER_KEYS: "nokey" }, "MASTER_KEYS"],
    [{ HOOKS_HOST: "a.example", MASTER_KEYS: "a:QUJD" }, "MASTER_KEYS"],
    [{ HOOKS_HOST: "a.example", MASTER_KEYS: `a:${KEY},a:${KEY}` }, "MASTER_KEYS"],
  ])("says what is wrong with %j", (settings, name) => {
    const problems = checkSettings(settings);
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(name);
  });

  it("never repeats a secret in a message", () => {
    const problems = checkSettings({
      HOOKS_HOST: "a.example",
      ADMIN_TOKEN: "hush-hush",
      MASTER_KEYS: "a:c2VjcmV0",
    }).join(" ");
    expect(problems).not.toMatch(/hush|c2VjcmV0/);
  });

  it.each([
    ["", "localhost", true],
    ["off", "localhost", false],
    ["", "hooks.example.com", false],
    ["on", "hooks.example.com", true],
  ])("path style %j on %s is %s", (style, host, expected) => {
    expect(parseConfig({ HOOKS_HOST: host, PATH_STYLE: style })).toMatchObject({ pathStyle: expected });
  });

  it("lets nothing but its own name be the console in production", () => {
    expect(parseConfig({ HOOKS_HOST: "hooks.example.com" })).toMatchObject({
      consoleHosts: new Set(["hooks.example.com"]),
    });
  });
});
