import { describe, expect, it } from "vitest";
import type { Fetch } from "../../src/runtime/egress/send.ts";
import { judge } from "../../src/runtime/egress/policy.ts";
import { CASES } from "../unit/runtime/egress/policy-cases.ts";
import { egressRequest, endingOf, OUTSIDE, testEgress, testRules } from "../support/egress.ts";

describe("the policy in workerd, whose URL parser decides what is reached", () => {
  it("judges every case as Node does", () => {
    const judged = CASES.map(([url]) => {
      const verdict = judge(url, testRules(), { kind: "public" });
      return [url, verdict.kind === "refused" ? verdict.code : (verdict.own ?? "allowed")];
    });
    expect(judged).toEqual(CASES);
  });
});

describe("the methods", () => {
  const METHODS =
    `ACL BAN CHECKOUT CONNECT COPY DELETE FOO GET HEAD LINK LOCK MERGE MKACTIVITY MKCOL MOVE MSEARCH
    NOTIFY OPTIONS PATCH POST PROPFIND PROPPATCH PURGE PUT QUERY REPORT SEARCH SUBSCRIBE TRACE TRACK UNLINK UNLOCK
    UNSUBSCRIBE`.split(/\s+/);

  const isKnown = (method: string): boolean => {
    try {
      return new Request("https://a.com/", { method }).method === method;
    } catch {
      return false;
    }
  };

  it("are those of the platform, without TRACE", async () => {
    const fetch: Fetch = () => Promise.resolve(new Response("ok"));
    for (const method of METHODS) {
      const ending = await endingOf(
        await testEgress({ fetch }).open(OUTSIDE).send(egressRequest("https://a.com/", { method })),
      );
      expect([method, ending["status"] === 200]).toEqual([method, isKnown(method) && method !== "TRACE"]);
    }
  });
});
