import { describe, expect, it } from "vitest";
import { namesHost, normalHost, parseAllowedHost } from "../../../src/lib/hosts.ts";

describe("a host", () => {
  it.each([
    ["Example.COM", "example.com"],
    ["example.com.", "example.com"],
    ["ex_ample.com", "ex_ample.com"],
    ["münchen.de", "xn--mnchen-3ya.de"],
    ["a%2eb.com", "a.b.com"],
    ["127.1", "127.0.0.1"],
    ["0x7f.0.0.1", "127.0.0.1"],
    ["2130706433", "127.0.0.1"],
    ["１２７.0.0.1", "127.0.0.1"],
    ["[::FFFF:127.0.0.1]", "[::ffff:7f00:1]"],
  ])("is written as the URL parser writes it: %s", (given, host) => {
    expect(normalHost(given)).toBe(host);
  });

  it.each(["", ".", "a..b", "example.com..", "a.com:", "a.com:80", "::1", "[::1", "[fe80::1%25eth0]"])(
    "is not %j",
    (given) => {
      expect(normalHost(given)).toBeUndefined();
    },
  );

  it.each([
    "a.com/x",
    "a.com?x",
    "a.com#x",
    "u@a.com",
    "a.com\\x",
    "a .com",
    "a\t.com",
    "\0a",
    "-a.com",
    "a,b",
  ])("has nothing beside it: %j", (given) => {
    expect(normalHost(given)).toBeUndefined();
  });

  it("has labels of 63 characters at most, 253 in all", () => {
    expect(normalHost(`${"a".repeat(63)}.com`)).toBeDefined();
    expect(normalHost(`${"a".repeat(64)}.com`)).toBeUndefined();
    expect(normalHost(Array.from({ length: 64 }, () => "abc").join("."))).toBeUndefined();
  });
});

describe("an entry of a list of hosts", () => {
  it.each([
    ["Intranet", { host: "intranet", prefix: null, port: null }],
    ["localhost:9000", { host: "localhost", prefix: null, port: 9_000 }],
    ["10.0.0.5", { host: "10.0.0.5", prefix: null, port: null }],
    ["10.0.0.0/8", { host: "10.0.0.0", prefix: 8, port: null }],
    ["10.0.0.0/8:443", { host: "10.0.0.0", prefix: 8, port: 443 }],
    ["::1", { host: "[::1]", prefix: null, port: null }],
    ["[::1]:8080", { host: "[::1]", prefix: null, port: 8_080 }],
    ["fd00::/8", { host: "[fd00::]", prefix: 8, port: null }],
  ])("reads %s", (text, entry) => {
    expect(parseAllowedHost(text)).toEqual(entry);
  });

  it.each([
    "",
    "http://x",
    "a.com:0",
    "a.com:65536",
    "10.0.0.0/33",
    "fd00::/129",
    "a.com/8",
    // What the URL parser makes of these is not what they are said for.
    "10/8",
    "192.168/16",
    "0x7f.1/8",
    "a b",
    "*.a.com",
  ])("is not %j", (text) => {
    expect(parseAllowedHost(text)).toBeUndefined();
  });

  it("names one host on its port, or on any; a range names none", () => {
    const list = ["localhost:9000", "10.0.0.5", "10.0.0.0/8"].flatMap((text) => parseAllowedHost(text) ?? []);
    expect(list).toHaveLength(3);
    expect(namesHost(list, "localhost", 9_000)).toBe(true);
    expect(namesHost(list, "localhost", 443)).toBe(false);
    expect(namesHost(list, "10.0.0.5", 443)).toBe(true);
    expect(namesHost(list, "10.0.0.6", 443)).toBe(false);
  });
});
