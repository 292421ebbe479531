import { describe, expect, it } from "vitest";
import { locate, pathFault } from "../../../src/edge/locate.ts";

const hosts = {
  hooksHost: "hooks.example.com",
  consoleHosts: new Set(["hooks.example.com"]),
  pathStyle: true,
};
const at = (url: string) => locate(url, hosts);

describe("locate", () => {
  it("takes one name under the hooks' host for a handle, whatever the path", () => {
    expect(at("https://demo.hooks.example.com/api/v1/keys?x=1")).toEqual({
      kind: "hook",
      handle: "demo",
      label: "",
      style: "host",
      path: "/api/v1/keys",
      rawQuery: "x=1",
    });
  });

  it.each([
    ["https://pay-demo.hooks.example.com/", "pay", "demo"],
    ["https://a-b-c-demo.hooks.example.com/", "a-b-c", "demo"],
    ["https://DEMO.Hooks.Example.COM:8443/", "", "demo"],
  ])("parts label and handle of %s at the last hyphen", (url, label, handle) => {
    expect(at(url)).toMatchObject({ kind: "hook", label, handle });
  });

  it("takes no empty label", () => {
    expect(at("https://-demo.hooks.example.com/")).toMatchObject({ handle: "-demo", label: "" });
  });

  it.each([
    "https://evil.example/",
    "https://a.b.hooks.example.com/",
    "https://.hooks.example.com/",
    "https://hooks.example.com.evil.example/",
    "https://nothooks.example.com/",
    "https://127.0.0.1/",
    "https://[::1]:8787/",
  ])("is not served at %s", (url) => {
    expect(at(url)).toEqual({ kind: "misdirected" });
  });

  it.each([
    ["https://hooks.example.com/~demo", "demo", "", "/"],
    ["https://hooks.example.com/~demo/", "demo", "", "/"],
    ["https://hooks.example.com/%7Epay-demo/a//b", "demo", "pay", "/a//b"],
    ["https://hooks.example.com/%7edemo/~x", "demo", "", "/~x"],
  ])("reads path style in %s", (url, handle, label, path) => {
    expect(at(url)).toMatchObject({ kind: "hook", style: "path", handle, label, path });
  });

  it("leaves path style to the console when it is off", () => {
    expect(locate("https://hooks.example.com/~demo/", { ...hosts, pathStyle: false })).toEqual({
      kind: "console",
      path: "/~demo/",
    });
  });

  it.each([
    ["https://demo.hooks.example.com", "/", null],
    ["https://demo.hooks.example.com?a", "/", "a"],
    ["https://demo.hooks.example.com/p?", "/p", ""],
    ["https://demo.hooks.example.com/p?a=b?c", "/p", "a=b?c"],
  ])("keeps path and query of %s as they came", (url, path, rawQuery) => {
    expect(at(url)).toMatchObject({ path, rawQuery });
  });
});

describe("pathFault", () => {
  it.each([
    "/..",
    "/a/../b",
    "/a/./b",
    "/%2e%2e/b",
    "/a/.%2E",
    "/a/%2e",
    "/a\\b",
    "/a%5Cb",
    "/a%5cb",
    "/a%00b",
    "/a\0b",
  ])("refuses %j", (path) => expect(pathFault(path)).toBeTypeOf("string"));

  it.each(["/", "/a.b/..c/...", "//", "/a%2Fb", "/%zz", "/.well-known/x", "/%2e%2e%2e"])(
    "lets %j pass",
    (path) => {
      expect(pathFault(path)).toBeUndefined();
    },
  );
});
