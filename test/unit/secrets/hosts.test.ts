import { describe, expect, it } from "vitest";
import { type AllowedHost, parseAllowedHost } from "../../../src/lib/hosts.ts";
import { checkHost, checkHosts, type HostRules } from "../../../src/secrets/manage/check-hosts.ts";
import { loadPublicSuffixes } from "../../../src/secrets/manage/public-suffix.ts";
import type { FieldError } from "../../../src/lib/errors.ts";

const isPublicSuffix = await loadPublicSuffixes();
const allowed: readonly AllowedHost[] = [
  "10.0.0.5",
  "localhost:9000",
  "[fd00::5]:8443",
  "172.16.0.0/12",
].flatMap((entry) => parseAllowedHost(entry) ?? []);
const production: HostRules = {
  hooksHost: "hooks.acme.com",
  consoleHosts: new Set(["hooks.acme.com"]),
  allowed,
};
const local: HostRules = {
  hooksHost: "localhost",
  consoleHosts: new Set(["localhost", "127.0.0.1", "[::1]"]),
  allowed,
};

const judge = (host: string, rules = production): string => {
  const checked = checkHost(host, rules, isPublicSuffix);
  return checked.kind === "host" ? checked.host : `refused: ${checked.message}`;
};

describe("a secret's host", () => {
  it.each([
    ["api.stripe.com", "api.stripe.com"],
    ["API.Stripe.COM", "api.stripe.com"],
    ["api.stripe.com.", "api.stripe.com"],
    ["api.stripe.com:443", "api.stripe.com"],
    ["api.stripe.com:0443", "api.stripe.com"],
    ["api.stripe.com:8443", "api.stripe.com:8443"],
    ["api.stripe.com:80", "api.stripe.com:80"],
    ["api.stripe.com.:65535", "api.stripe.com:65535"],
    ["münchen.de", "xn--mnchen-3ya.de"],
    ["xn--mnchen-3ya.de", "xn--mnchen-3ya.de"],
    ["faß.de", "xn--fa-hia.de"],
    ["ａｐｉ.example.com", "api.example.com"],
    ["my_host.example.com", "my_host.example.com"],
    ["*.example.com", "*.example.com"],
    ["*.EXAMPLE.com.", "*.example.com"],
    ["*.api.example.com", "*.api.example.com"],
    ["*.münchen.de", "*.xn--mnchen-3ya.de"],
    ["*.example.co.uk", "*.example.co.uk"],
    ["*.me.github.io", "*.me.github.io"],
    ["github.io", "github.io"],
    ["acme.com", "acme.com"],
    ["myhooks.acme.com", "myhooks.acme.com"],
    ["10.0.0.5", "10.0.0.5"],
    ["10.0.0.5:8080", "10.0.0.5:8080"],
    ["0xa.5", "10.0.0.5"],
    ["localhost:9000", "localhost:9000"],
    ["[fd00::5]:8443", "[fd00::5]:8443"],
    ["[FD00:0::5]:8443", "[fd00::5]:8443"],
  ])("takes %s as %s", (given, stored) => {
    expect(judge(given)).toBe(stored);
  });

  it.each([
    // Everywhere, and where everybody is.
    ["*", "everywhere"],
    ["*.com", "Anybody"],
    ["*.co.uk", "Anybody"],
    ["*.CO.UK.", "Anybody"],
    ["*.github.io", "Anybody"],
    ["*.s3.amazonaws.com", "Anybody"],
    ["*.workers.dev", "Anybody"],
    ["*.internal", "Anybody"],
    ["*.xn--p1ai", "Anybody"],
    ["*.рф", "Anybody"],
    ["*.localhost", "Anybody"],
    // Wildcards of another form.
    ["*.", "wildcard"],
    ["*.*", "wildcard"],
    ["*.*.com", "wildcard"],
    ["*.example.com:443", "wildcard"],
    ["*.example.com:8443", "wildcard"],
    ["*.10.0.0.5", "wildcard"],
    ["*.[::1]", "wildcard"],
    ["*.5", "wildcard"],
    ["a*.example.com", "A host is"],
    ["api.*.com", "A host is"],
    ["**.example.com", "A host is"],
    // Addresses in every spelling.
    ["10.0.0.6", "An address"],
    ["172.16.0.1", "An address"],
    ["127.0.0.1", "An address"],
    ["127.1", "An address"],
    ["2130706433", "An address"],
    ["0x7f000001", "An address"],
    ["0177.0.0.1", "An address"],
    ["１２７.0.0.1", "An address"],
    ["%31%32%37.0.0.1", "An address"],
    ["127.0.0.1.", "An address"],
    ["8.8.8.8", "An address"],
    ["[::1]", "An address"],
    ["[::ffff:10.0.0.5]", "An address"],
    ["[fd00::5]", "An address"],
    ["[fd00::5]:443", "An address"],
    // Names of this machine.
    ["localhost", "this machine"],
    ["LOCALHOST.", "this machine"],
    ["%6cocalhost", "this machine"],
    ["localhost:9001", "this machine"],
    ["a.localhost:9000", "this machine"],
    // Our own.
    ["hooks.acme.com", "this installation"],
    ["HOOKS.acme.com.", "this installation"],
    ["evil.hooks.acme.com", "this installation"],
    ["evil.hooks.acme.com:8443", "this installation"],
    ["*.hooks.acme.com", "this installation"],
    ["*.evil.hooks.acme.com", "this installation"],
    ["*.acme.com", "this installation"],
    // No hosts.
    ["", "A host is"],
    [" ", "A host is"],
    ["https://api.stripe.com", "A host is"],
    ["api.stripe.com/", "A host is"],
    ["api.stripe.com/v1", "A host is"],
    ["api.stripe.com?x", "A host is"],
    ["api.stripe.com#x", "A host is"],
    ["user@evil.com", "A host is"],
    ["api.stripe.com@evil.com", "A host is"],
    ["api.stripe.com:443@evil.com", "A host is"],
    ["api.stripe.com\\@evil.com", "A host is"],
    ["api.stripe.com evil.com", "A host is"],
    ["api.stripe.com\tevil.com", "A host is"],
    ["api.stripe.com\n", "A host is"],
    ["api.stripe.com,evil.com", "A host is"],
    ["api.stripe.com..", "A host is"],
    ["api..stripe.com", "A host is"],
    [".stripe.com", "A host is"],
    ["-stripe.com", "A host is"],
    ["::1", "A host is"],
    ["[::1", "A host is"],
    ["api.stripe.com:", "A host is"],
    ["api.stripe.com:+80", "A host is"],
    ["api.stripe.com:80:80", "A host is"],
    ["api.stripe.com:0", "A port"],
    ["api.stripe.com:65536", "A port"],
    ["api.stripe.com:123456", "A port"],
    [`${"a".repeat(64)}.com`, "A host is"],
  ])("is not %j", (given, reason) => {
    expect(judge(given)).toMatch(/^refused: /);
    expect(judge(given)).toContain(reason);
  });

  it("is of this machine in local development only as far as the operator's list goes", () => {
    expect(judge("localhost:9000", local)).toBe("localhost:9000");
    for (const host of ["localhost", "localhost:8787", "demo.localhost", "127.0.0.1:9000", "[::1]:9000"]) {
      expect(judge(host, local)).toContain("EGRESS_ALLOW");
    }
    expect(judge("*.demo.localhost", local)).toContain("this installation");
    expect(judge("10.0.0.6", local)).toContain("An address");
    expect(judge("example.com", local)).toBe("example.com");
  });

  it("is never our own, even when the operator's list names it", () => {
    const rules = { ...production, allowed: [{ host: "hooks.acme.com", prefix: null, port: null }] };
    expect(judge("hooks.acme.com", rules)).toContain("this installation");
  });
});

describe("the list of them", () => {
  const faultsOf = (hosts: readonly string[]) => {
    const faults: FieldError[] = [];
    return {
      hosts: checkHosts(hosts, production, isPublicSuffix, faults),
      paths: faults.map(({ path }) => path),
    };
  };

  it("names every fault by its place, twice the same among them", () => {
    expect(faultsOf(["a.com", "*", "A.com.:443", "b.com:1", "x/y"])).toEqual({
      hosts: ["a.com", "b.com:1"],
      paths: ["hosts.1", "hosts.2", "hosts.4"],
    });
  });

  it("has 50 at most", () => {
    const many = Array.from({ length: 51 }, (_, index) => `h${index}.example.com`);
    expect(faultsOf(many).paths).toEqual(["hosts"]);
    expect(faultsOf(many.slice(1))).toMatchObject({ paths: [], hosts: many.slice(1) });
  });
});
