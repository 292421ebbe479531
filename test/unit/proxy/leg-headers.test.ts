import { describe, expect, it } from "vitest";
import { dropHopByHop, toLegHeaders } from "../../../src/responders/proxy/leg-headers.ts";
import { hitOf } from "../../support/forwarding.ts";

const legOf = (given: Readonly<Record<string, string>>, more: Parameters<typeof hitOf>[0] = {}) => {
  const headers = new Headers(given);
  toLegHeaders(headers, hitOf(more));
  return Object.fromEntries(headers);
};

const ADDED = ["forwarded", "x-forwarded-for", "x-forwarded-host", "x-forwarded-proto"];

describe("headers of a leg", () => {
  it("are the sender's, but for those of its connection and those that its connection names", () => {
    const left = legOf({
      accept: "*/*",
      authorization: "Bearer 1",
      connection: "X-Gone, keep-alive, Bad Name",
      "content-type": "text/plain",
      cookie: "a=1",
      "keep-alive": "1",
      "proxy-authorization": "x",
      "proxy-connection": "x",
      te: "trailers",
      trailer: "x-t",
      "transfer-encoding": "chunked",
      upgrade: "h2c",
      "x-gone": "1",
    });
    expect(Object.keys(left).toSorted()).toEqual(
      ["accept", "authorization", "content-type", "cookie", ...ADDED].toSorted(),
    );
  });

  it("hold nothing that says through what it came, however the sender wrote it", () => {
    const left = legOf({
      "cdn-loop": "x",
      "cf-connecting-ip": "1.1.1.1",
      "CF-Ray": "x",
      expect: "100-continue",
      forwarded: "for=1.1.1.1",
      host: "demo.hooks.example",
      "x-forwarded-for": "1.1.1.1",
      "x-forwarded-port": "1",
      "x-hookwright-hops": "1.x",
      "x-real-ip": "1.1.1.1",
      // Servers that hand headers on as variables take one for the other.
      x_forwarded_for: "1.1.1.1",
      "X-Forwarded_Host": "evil.example",
      cf_connecting_ip: "1.1.1.1",
      x_real_ip: "1.1.1.1",
    });
    expect(Object.keys(left).toSorted()).toEqual(ADDED);
  });

  it("say who the sender is", () => {
    expect(legOf({ forwarded: "for=evil", "x-forwarded-for": "evil" })).toEqual({
      forwarded: 'for=203.0.113.7;host="demo.hooks.example";proto=https',
      "x-forwarded-for": "203.0.113.7",
      "x-forwarded-host": "demo.hooks.example",
      "x-forwarded-proto": "https",
    });
  });

  it("write an IPv6 address as RFC 7239 does, and the host with its port", () => {
    const url = "http://demo.localhost:8787/a";
    expect(legOf({}, { url, client: { ip: "2001:db8::1" } })).toMatchObject({
      forwarded: 'for="[2001:db8::1]";host="demo.localhost:8787";proto=http',
      "x-forwarded-for": "2001:db8::1",
    });
  });

  it("say nothing of a sender that nobody knows", () => {
    expect(legOf({}, { client: { ip: null } })).toEqual({
      forwarded: 'host="demo.hooks.example";proto=https',
      "x-forwarded-host": "demo.hooks.example",
      "x-forwarded-proto": "https",
    });
  });

  it("of an answer lose what belongs to the connection", () => {
    const headers = new Headers({ connection: "x-hop", "x-hop": "1", "content-length": "3", etag: "1" });
    dropHopByHop(headers);
    expect(Object.fromEntries(headers)).toEqual({ "content-length": "3", etag: "1" });
  });
});
