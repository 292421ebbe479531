import { describe, expect, it } from "vitest";
import { targetOf } from "../../../src/responders/hooks/target.ts";
import { hitOf, upstreamOf } from "../../support/forwarding.ts";

const upstream = upstreamOf({ url: "https://api.example.com/v1" });
const host = hitOf({ url: "https://demo.hooks.example/a%2Fb?x=1&x=2", path: "/a%2Fb", rawQuery: "x=1&x=2" });
const path = hitOf({ url: "https://hooks.example/~demo/a?x=1", path: "/a", rawQuery: "x=1" });
const target = (url: string, hit = host) => targetOf(url, { shown: hit, received: hit, upstream });

describe("where a request goes that a hook let go on", () => {
  it("is below the upstream, as the sender wrote it, when the hook has left it alone", () => {
    expect(target(host.url)).toEqual({
      kind: "upstream",
      url: "https://api.example.com/v1/a%2Fb?x=1&x=2",
      isChanged: false,
    });
    expect(target(path.url, path)).toMatchObject({ url: "https://api.example.com/v1/a?x=1" });
  });

  it.each([
    ["https://demo.hooks.example/c?y=0.00#hash", host, "https://api.example.com/v1/c?y=0.00"],
    ["https://demo.hooks.example/", host, "https://api.example.com/v1/"],
    ["https://hooks.example/~demo/c?", path, "https://api.example.com/v1/c"],
  ])("is below it for the hook's own %s", (url, hit, expected) => {
    expect(target(url, hit)).toEqual({ kind: "upstream", url: expected, isChanged: true });
  });

  it.each([
    ["https://api.example.com/v1/x", host],
    ["http://demo.hooks.example/a", host],
    ["https://demo.hooks.example:8443/a", host],
    ["https://hooks.example/~other/a", path],
    ["https://hooks.example/~demolished/a", path],
    ["https://hooks.example/api/v1/responders", path],
  ])("is elsewhere for %s", (url, hit) => {
    expect(target(url, hit)).toEqual({ kind: "elsewhere", url });
  });

  it.each([
    "https://demo.hooks.example//evil",
    "https://demo.hooks.example/..%5cx",
    "https://demo.hooks.example/a%00",
  ])("is nowhere for %s", (url) => {
    expect(target(url)).toEqual({ kind: "bad-path", isChanged: true });
  });

  it("is nowhere for what is no URL, and for a sender's path that leaves the upstream's", () => {
    expect(target("nowhere").kind).toBe("unfit");
    const evil = hitOf({ url: "https://demo.hooks.example//evil", path: "//evil", rawQuery: null });
    expect(target(evil.url, evil)).toEqual({ kind: "bad-path", isChanged: false });
  });

  it("of a replay, has the sender's words where the hook left them alone", () => {
    const shown = hitOf({ url: "https://demo.hooks.example/a?k=hwsec_x", path: "/a", rawQuery: "k=hwsec_x" });
    const received = hitOf({
      ...shown,
      url: "https://demo.hooks.example/a?k=[secret K]",
      rawQuery: "k=[secret K]",
    });
    expect(targetOf(shown.url, { shown, received, upstream })).toMatchObject({
      url: "https://api.example.com/v1/a?k=[secret K]",
      isChanged: false,
    });
  });
});
