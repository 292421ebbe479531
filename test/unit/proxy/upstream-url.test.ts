import { describe, expect, it } from "vitest";
import { upstreamUrl } from "../../../src/responders/proxy/upstream-url.ts";

describe("where a request goes", () => {
  it.each([
    ["https://a.com", "/x", null, "https://a.com/x"],
    ["https://a.com/", "/x", null, "https://a.com/x"],
    ["https://a.com/v1", "/x", null, "https://a.com/v1/x"],
    ["https://a.com/v1/", "/", null, "https://a.com/v1/"],
    ["http://a.com:8080/v1", "/x/", "", "http://a.com:8080/v1/x/?"],
    ["https://a.com", "/x", "a=1&a=2&b&%zz=+", "https://a.com/x?a=1&a=2&b&%zz=+"],
    ["https://a.com", "/x", "to=https://b.com/../..", "https://a.com/x?to=https://b.com/../.."],
    ["https://a.com", "/%7Ea//b%2Fc/%zz", null, "https://a.com/%7Ea//b%2Fc/%zz"],
    ["https://a.com", "/@b.com", null, "https://a.com/@b.com"],
    ["https://a.com", "/:80", null, "https://a.com/:80"],
    ["https://a.com", "/...", null, "https://a.com/..."],
    ["https://a.com", "/a%2Fb..;c/...;d", null, "https://a.com/a%2Fb..;c/...;d"],
  ])("%s with %s and the query %s is %s", (base, path, rawQuery, url) => {
    expect(upstreamUrl(base, path, rawQuery)).toBe(url);
  });

  it.each([
    ["/.."],
    ["/../x"],
    ["/a/../../x"],
    ["/%2e%2e/x"],
    ["/%2E./x"],
    ["/a/.%2e"],
    ["/./x"],
    ["//evil.com"],
    ["//evil.com/x"],
    ["/\\evil.com"],
    ["/a\\..\\b"],
    ["/a%5c..%5cb"],
    ["/a%00b"],
    ["/..%2fx"],
    ["/a%2F..%2F..%2Fx"],
    ["/%2e%2e%2fx"],
    ["/a/..;/x"],
    ["/..;a=b/x"],
    ["/%2e%2e;"],
    ["/%2fevil.com"],
    ["/%2Fevil.com/x"],
    ["evil.com"],
    ["@evil.com"],
    [".evil.com"],
    [""],
  ])("is nowhere for %s", (path) => {
    for (const base of ["https://a.com", "https://a.com/v1", "https://a.com/v1/"]) {
      expect(upstreamUrl(base, path, null)).toBeUndefined();
    }
  });

  it("never leaves its base, whatever the path", () => {
    const pieces = ["/", "\\", ".", "%2e", "%2F", "@", ":", "?", "#", "a", "evil.com", "%", " ", "\t", ";"];
    let seed = 7;
    const pick = (): string => {
      seed = (seed * 1_103_515_245 + 12_345) % 2 ** 31;
      return pieces[seed % pieces.length] ?? "";
    };
    for (let turn = 0; turn < 20_000; turn += 1) {
      const path = `/${Array.from({ length: 1 + (turn % 7) }, pick).join("")}`;
      const url = upstreamUrl("https://a.com/v1", path, null);
      if (url === undefined) continue;
      const { origin, pathname } = new URL(url);
      expect([path, origin, pathname.startsWith("/v1/")]).toEqual([path, "https://a.com", true]);
    }
  });
});
