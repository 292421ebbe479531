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
    [{ HOOKS_HOST: "a.example", EGRESS_ALLOW: "localhost:0" }, "EGRESS_ALLOW"],
    [{ HOOKS_HOST: "a.example", EGRESS_PORTS: "80,https" }, "EGRESS_PORTS"],
    [{ HOOKS_HOST: "a.example", EGRESS_PORTS: "1024-80" }, "EGRESS_PORTS"],
    [{ HOOKS_HOST: "a.example", EGRESS_PORTS: "0-65535" }, "EGRESS_PORTS"],
    [{ HOOKS_HOST: "a.example", EGRESS_PORTS: "80-90-100" }, "EGRESS_PORTS"],
    [{ HOOKS_HOST: "a.example", EGRESS_RESOLVER: "1.1.1.1" }, "EGRESS_RESOLVER"],
    [{ HOOKS_HOST: "a.example", EGRESS_RESOLVER: "tls://1.1.1.1" }, "EGRESS_RESOLVER"],
    [{ HOOKS_HOST: "a.example", ADMIN_TOKEN: "short" }, "ADMIN_TOKEN"],
    [{ HOOKS_HOST: "a.example", EMAIL_FROM: "Hooks <a@b.example>" }, "EMAIL_FROM"],
    [{ HOOKS_HOST: "a.example", EMAIL: {} }, "EMAIL_FROM"],
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

  it("hands on the operator's list of hosts, and the master keys in their order", () => {
    const other = "B".repeat(42) + "A";
    expect(
      parseConfig({
        HOOKS_HOST: "a.example",
        EGRESS_ALLOW: "localhost:9000, 10.0.0.0/8",
        MASTER_KEYS: `new:${KEY},old:${other}`,
      }),
    ).toMatchObject({
      allowedHosts: [
        { host: "localhost", prefix: null, port: 9_000 },
        { host: "10.0.0.0", prefix: 8, port: null },
      ],
      masterKeys: [
        { id: "new", bytes: new Uint8Array(32) },
        { id: "old", bytes: { length: 32 } },
      ],
    });
    expect(parseConfig({ HOOKS_HOST: "a.example", MASTER_KEYS: "" })).toMatchObject({ masterKeys: [] });
  });

  it("lets nothing but its own name be the console in production", () => {
    expect(parseConfig({ HOOKS_HOST: "hooks.example.com" })).toMatchObject({
      consoleHosts: new Set(["hooks.example.com"]),
    });
  });

  it("reaches the web's ports and the unprivileged ones, and looks nothing up, unless it is told to", () => {
    expect(parseConfig({ HOOKS_HOST: "a.example", EGRESS_PORTS: "", EGRESS_RESOLVER: "" })).toMatchObject({
      egressPorts: [
        { from: 80, to: 80 },
        { from: 443, to: 443 },
        { from: 1_024, to: 65_535 },
      ],
      egressResolver: undefined,
    });
    const told = { EGRESS_PORTS: "443, 8000-8999", EGRESS_RESOLVER: "https://dns.example/dns-query" };
    expect(parseConfig({ HOOKS_HOST: "a.example", ...told })).toMatchObject({
      egressPorts: [
        { from: 443, to: 443 },
        { from: 8_000, to: 8_999 },
      ],
      egressResolver: "https://dns.example/dns-query",
    });
  });
});
