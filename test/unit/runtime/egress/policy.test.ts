import { describe, expect, it } from "vitest";
import { parseHostPattern } from "../../../../src/runtime/egress/host-patterns.ts";
import type { OwnHosts } from "../../../../src/runtime/egress/own-hosts.ts";
import { type EgressRules, judge, judgeResolved, type Reach } from "../../../../src/runtime/egress/policy.ts";
import { testRules } from "../../../support/egress.ts";
import { CASES } from "./policy-cases.ts";

const PUBLIC: Reach = { kind: "public" };
const LOCAL: OwnHosts = {
  hooksHost: "localhost",
  consoleHosts: new Set(["localhost", "127.0.0.1", "[::1]"]),
  pathStyle: true,
  port: 8_787,
};

const listed = (text: string): Reach => ({
  kind: "hosts",
  patterns: text.split(",").flatMap((each) => parseHostPattern(each) ?? []),
});

const verdict = (url: string, given: EgressRules = testRules(), reach: Reach = PUBLIC): string => {
  const judged = judge(url, given, reach);
  return judged.kind === "refused" ? judged.code : (judged.own ?? "allowed");
};

describe("what may be reached", () => {
  it("is told by more than 200 cases, each once", () => {
    expect(CASES.length).toBeGreaterThan(200);
    expect(new Set(CASES.map(([url]) => url)).size).toBe(CASES.length);
  });

  it.each(CASES)("%j is %s", (url, expected) => {
    expect(verdict(url)).toBe(expected);
  });

  it("says why in words that scripts of other systems know", () => {
    const message = (url: string): string => {
      const judged = judge(url, testRules(), PUBLIC);
      return judged.kind === "refused" ? judged.message : "";
    };
    expect(message("nonsense")).toMatch(/^Invalid URL/);
    expect(message("http://127.1/")).toBe("URL not allowed (non-public address): 127.0.0.1 (loopback)");
    expect(message("http://localhost/")).toBe("URL not allowed (non-public address): localhost");
    expect(message("http://a@b.com/")).not.toContain("a@");
  });

  it("is judged with the place that the platform would connect to", () => {
    expect(judge("HTTPS://Example.com.:8443/A?b#c", testRules(), PUBLIC)).toMatchObject({
      host: "example.com",
      port: 8_443,
      lookUp: true,
    });
    expect(judge("http://134744072/", testRules(), PUBLIC)).toMatchObject({
      host: "8.8.8.8",
      port: 80,
      lookUp: false,
    });
  });
});

describe("EGRESS_ALLOW", () => {
  it.each([
    ["10.0.0.5", "http://10.0.0.5/", "allowed"],
    ["10.0.0.5", "http://10.0.0.5:5432/", "allowed"],
    ["10.0.0.5", "http://10.0.0.5:22/", "port"],
    ["10.0.0.5", "http://10.0.0.6/", "address"],
    ["10.0.0.5", "http://0xa000005/", "allowed"],
    ["10.0.0.5", "http://[::ffff:10.0.0.5]/", "address"],
    ["10.0.0.5:22", "http://10.0.0.5:22/", "allowed"],
    ["10.0.0.5:22", "http://10.0.0.5/", "address"],
    ["10.0.0.0/8", "http://10.255.0.1/", "allowed"],
    ["10.0.0.0/8", "http://11.0.0.1/", "allowed"],
    ["10.0.0.0/8", "http://192.168.0.1/", "address"],
    ["10.0.0.0/8:8080", "http://10.1.1.1:8080/", "allowed"],
    ["10.0.0.0/8:8080", "http://10.1.1.1/", "address"],
    ["10.0.0.0/8", "http://10.evil.lan/", "name"],
    ["fd00::/8", "http://[fd12::1]/", "allowed"],
    ["fd00::/8", "http://[fe80::1]/", "address"],
    ["fd00::/8", "http://10.0.0.1/", "address"],
    ["[::1]:9000", "http://[::1]:9000/", "allowed"],
    ["::1", "http://[0:0:0:0:0:0:0:1]:9000/", "allowed"],
    ["intranet", "http://intranet/", "allowed"],
    ["intranet", "http://INTRANET./", "allowed"],
    ["intranet", "http://wiki.intranet/", "name"],
    ["localhost:9000", "http://localhost:9000/", "allowed"],
    ["localhost:9000", "http://localhost:9001/", "name"],
    ["localhost:9000", "http://127.0.0.1:9000/", "address"],
    ["example.com:25", "http://example.com:25/", "allowed"],
    ["example.com:25", "http://example.com:26/", "port"],
    ["example.com:25", "http://www.example.com:25/", "port"],
    ["hooks.example.com", "https://hooks.example.com/api", "own"],
    ["hooks.example.com:443", "https://hooks.example.com/api", "own"],
    ["10.0.0.5", "ftp://10.0.0.5/", "scheme"],
    ["10.0.0.5", "http://u@10.0.0.5/", "user-part"],
  ])("%s and %s: %s", (allow, url, expected) => {
    expect(verdict(url, testRules(allow))).toBe(expected);
  });

  it("names what need not be looked up", () => {
    expect(judge("http://intranet/", testRules("intranet"), PUBLIC)).toMatchObject({ lookUp: false });
    expect(judge("http://example.com/", testRules("intranet"), PUBLIC)).toMatchObject({ lookUp: true });
  });
});

describe("on a machine of one's own", () => {
  const open = "localhost,127.0.0.0/8,[::1],0.0.0.0";

  it.each([
    ["http://localhost:8787/api/v1/keys", "own"],
    ["http://127.0.0.1:8787/api/v1/keys", "own"],
    ["http://127.0.0.2:8787/", "own"],
    ["http://0:8787/", "own"],
    ["http://[::]:8787/", "own"],
    ["http://[::1]:8787/", "own"],
    ["http://[::ffff:127.0.0.1]:8787/", "own"],
    ["http://localhost:8787/~demo/hook", "hook"],
    ["http://127.0.0.1:8787/~demo/hook", "hook"],
    ["http://demo.localhost:8787/hook", "hook"],
    ["http://[::ffff:10.0.0.5]:8787/~demo/hook", "own"],
    ["http://127.0.0.2:8787/~demo/hook", "own"],
    ["http://10.0.0.5:8787/~demo/hook", "address"],
    ["http://localhost:9000/", "allowed"],
    ["http://127.0.0.1:9000/", "allowed"],
    ["http://demo.localhost:9000/", "name"],
    ["http://[::ffff:127.0.0.1]:9000/", "address"],
  ])("%s is %s when its names are allowed", (url, expected) => {
    expect(verdict(url, testRules(open, LOCAL))).toBe(expected);
  });

  it("takes every port for ours before ours is known", () => {
    expect(verdict("http://localhost:9000/", testRules(open, { ...LOCAL, port: null }))).toBe("own");
    expect(verdict("http://demo.localhost:9000/", testRules(open, { ...LOCAL, port: null }))).toBe("hook");
  });

  it("has no hooks on the console's host without path style", () => {
    expect(verdict("http://localhost:8787/~demo/hook", testRules("", { ...LOCAL, pathStyle: false }))).toBe(
      "own",
    );
  });
});

describe("what is granted", () => {
  it.each([
    ["api.example.com", "https://api.example.com/", "allowed"],
    ["api.example.com", "http://api.example.com/", "allowed"],
    ["api.example.com", "https://API.example.com./", "allowed"],
    ["api.example.com", "https://api.example.com:8443/", "not-listed"],
    ["api.example.com", "http://api.example.com:443/", "not-listed"],
    ["api.example.com:8443", "https://api.example.com:8443/", "allowed"],
    ["api.example.com:8443", "https://api.example.com/", "not-listed"],
    ["*.example.com", "https://api.example.com/", "allowed"],
    ["*.example.com", "https://a.b.example.com/", "allowed"],
    ["*.example.com", "https://example.com/", "not-listed"],
    ["*.example.com", "https://notexample.com/", "not-listed"],
    ["*.example.com", "https://example.com.evil.com/", "not-listed"],
    ["*.example.com", "https://demo.hooks.example.com/", "hook"],
    ["*.example.com", "https://hooks.example.com/", "own"],
    ["127.0.0.1", "http://127.0.0.1/", "address"],
    ["localhost", "http://localhost/", "name"],
    ["api.example.com:22", "https://api.example.com:22/", "port"],
    ["", "https://api.example.com/", "not-listed"],
    ["api.example.com", "https://demo.hooks.example.com/", "not-listed"],
  ])("%s only narrows: %s is %s", (list, url, expected) => {
    expect(verdict(url, testRules(), listed(list))).toBe(expected);
  });

  it("can be nothing, also where the operator allows", () => {
    expect(verdict("https://example.com/", testRules(), { kind: "none" })).toBe("not-granted");
    expect(verdict("http://10.0.0.5/", testRules("10.0.0.5"), { kind: "none" })).toBe("not-granted");
    expect(verdict("http://10.0.0.5/", testRules("10.0.0.5"), listed("example.com"))).toBe("not-listed");
  });

  it.each([
    "*",
    "*.",
    "*.*.com",
    "a.*.com",
    "*.example.com:443",
    "*.127.0.0.1",
    "a b",
    "a.com:0",
    "a.com/x",
    "",
  ])("is no pattern: %j", (text) => {
    expect(parseHostPattern(text)).toBeUndefined();
  });
});

describe("what a name leads to", () => {
  it.each([
    [["93.184.215.14", "2606:2800:21f:cb07:6820:80da:af6b:8b2c"], "", undefined],
    [["93.184.215.14", "10.0.0.1"], "", "address"],
    [["93.184.215.14", "::1"], "", "address"],
    [["::ffff:10.0.0.1"], "", "address"],
    [["cdn.example.net", "93.184.215.14"], "", undefined],
    [["db.internal", "93.184.215.14"], "", "address"],
    [["demo.hooks.example.com", "93.184.215.14"], "", "address"],
    [["hooks.example.com", "93.184.215.14"], "10.0.0.0/8", "address"],
    [["10.0.0.1"], "10.0.0.0/8", undefined],
    [["10.0.0.1"], "10.0.0.0/8:8080", "address"],
    [["nonsense here"], "", "address"],
    [["127.1"], "", "address"],
  ])("%j with %j allowed: %s", (hosts, allow, expected) => {
    expect(judgeResolved(hosts, 443, testRules(allow))?.code).toBe(expected);
  });

  it("does not tell the script the address: that is the operator's network", () => {
    expect(judgeResolved(["10.1.2.3"], 443, testRules())?.message).not.toContain("10.1.2.3");
  });
});
