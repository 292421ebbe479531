import { describe, expect, it } from "vitest";
import type { FillPolicy } from "../../../src/secrets/index.ts";
import { filled, HTTPS_ONLY, outcome, runOf, secret, STRIPE } from "../../support/filling.ts";

/** Whether a secret of these hosts is sent there in the authorization header. */
const isSent = (hosts: readonly string[], url: string, policy: FillPolicy = HTTPS_ONLY): boolean => {
  const run = runOf([secret("KEY", STRIPE, { hosts })]);
  const result = filled(run.placeholders, { url, headers: [["authorization", run.text("KEY")]] }, policy);
  expect(JSON.stringify(outcome(result)).includes(STRIPE)).toBe(result.kind === "filled");
  return result.kind === "filled";
};

const LOCAL: FillPolicy = { allowsPlainHttp: (host, port) => host === "127.0.0.1" && port === 9000 };

describe("a secret is sent to its own hosts", () => {
  it.each([
    ["api.stripe.com", "https://api.stripe.com/v1"],
    ["api.stripe.com", "https://api.stripe.com:443/"],
    ["api.stripe.com", "https://API.Stripe.COM"],
    ["api.stripe.com", "https://user:pass@api.stripe.com/"],
    ["api.stripe.com", "HTTPS://api.stripe.com\\v1"],
    ["api.stripe.com", "https://api%2Estripe.com/"],
    ["api.stripe.com", " https://api.stripe\n.com/"],
    ["api.stripe.com", "https://ａｐｉ.stripe.com/"],
    ["api.stripe.com:8443", "https://api.stripe.com:8443/"],
    ["xn--bcher-kva.example", "https://bücher.example/"],
    ["*.stripe.com", "https://api.stripe.com/"],
    ["*.stripe.com", "https://a.b.stripe.com/"],
    ["[2001:db8::1]", "https://[2001:db8:0::1]/"],
    ["[2001:db8::1]:8443", "https://[2001:db8::1]:8443/"],
    ["192.0.2.1", "https://192.0.2.1/"],
    ["192.0.2.1", "https://0xc0000201/"],
  ])("%s: %s", (host, url) => {
    expect(isSent([host], url)).toBe(true);
  });

  it.each([
    ["api.stripe.com", "https://stripe.com/"],
    ["api.stripe.com", "https://xapi.stripe.com/"],
    ["api.stripe.com", "https://api.stripe.com.evil.example/"],
    ["api.stripe.com", "https://api-stripe.com/"],
    ["api.stripe.com", "https://api.stripe.co/"],
    ["api.stripe.com", "https://api.stripe.com./"],
    ["api.stripe.com", "https://api.stripe.com:8443/"],
    ["api.stripe.com", "https://api.stripe.com:80/"],
    ["api.stripe.com", "http://api.stripe.com/"],
    ["api.stripe.com", "http://api.stripe.com:443/"],
    ["api.stripe.com", "https://api.stripe.com@evil.example/"],
    ["api.stripe.com", "https://api.stripe.com:443@evil.example/"],
    ["api.stripe.com", "https://evil.example/?https://api.stripe.com/"],
    ["api.stripe.com", "https://evil.example/#@api.stripe.com/"],
    ["api.stripe.com", "https://evil.example\\@api.stripe.com/"],
    ["api.stripe.com", "https://аpi.stripe.com/"],
    ["api.stripe.com", "https://api.ѕtripe.com/"],
    ["api.stripe.com", "ftp://api.stripe.com/"],
    ["api.stripe.com", "wss://api.stripe.com/"],
    ["api.stripe.com", "ws://api.stripe.com:443/"],
    ["api.stripe.com", "ftp://api.stripe.com:443/"],
    ["*.stripe.com", "ftp://api.stripe.com:443/"],
    ["api.stripe.com", "data:api.stripe.com"],
    ["api.stripe.com", "//api.stripe.com/"],
    ["api.stripe.com", "not a URL"],
    ["api.stripe.com:8443", "https://api.stripe.com/"],
    ["api.stripe.com:8443", "https://api.stripe.com:8444/"],
    ["api.stripe.com:8443", "http://api.stripe.com:8443/"],
    ["api.stripe.com:99999", "https://api.stripe.com/"],
    ["*.stripe.com", "https://stripe.com/"],
    ["*.stripe.com", "https://evilstripe.com/"],
    ["*.stripe.com", "https://api.stripe.com:8443/"],
    ["*.stripe.com", "http://api.stripe.com/"],
    ["*.stripe.com", "https://api.stripe.com.evil.example/"],
    ["*.0.0.1", "https://127.0.0.1/"],
    ["*", "https://api.stripe.com/"],
    ["*.", "https://api.stripe.com/"],
    ["", "https://api.stripe.com/"],
  ])("and not elsewhere, %s: %s", (host, url) => {
    expect(isSent([host], url)).toBe(false);
  });

  it("is sent to any of several, and without hosts to none", () => {
    expect(isSent(["a.example", "b.example"], "https://b.example/")).toBe(true);
    expect(isSent([], "https://b.example/")).toBe(false);
  });

  it.each([
    ["127.0.0.1:9000", "http://127.0.0.1:9000/", true],
    ["127.0.0.1:9000", "http://127.1:9000/", true],
    ["127.0.0.1:9000", "http://127.0.0.1:9001/", false],
    ["127.0.0.1", "http://127.0.0.1:9000/", false],
    ["127.0.0.1:80", "http://127.0.0.1/", false],
    ["api.stripe.com", "http://127.0.0.1:9000/", false],
  ])("goes unencrypted only where the operator says so, %s: %s", (host, url, sent) => {
    expect(isSent([host], url, LOCAL)).toBe(sent);
  });

  it("says which host, with its port", () => {
    const run = runOf([secret("KEY", STRIPE, { hosts: ["api.stripe.com", "*.example.com"] })]);
    const headers = [["authorization", run.text("KEY")] as const];
    expect(filled(run.placeholders, { url: "https://evil.example:8443/", headers })).toEqual({
      kind: "refused",
      error: {
        name: "SecretNotAllowed",
        message:
          "The secret KEY is not sent to evil.example:8443 in header:authorization: its hosts are api.stripe.com, *.example.com.",
        secret: "KEY",
        host: "evil.example:8443",
        place: "header:authorization",
      },
    });
    expect(outcome(filled(run.placeholders, { url: "http://api.stripe.com/", headers }))).toContain(
      "unencrypted",
    );
    expect(outcome(filled(run.placeholders, { url: "nowhere", headers }))).toContain("an unknown host");
  });
});
