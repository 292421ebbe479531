import { describe, expect, it } from "vitest";
import type { FieldError } from "../../../src/lib/errors.ts";
import type { Refusal } from "../../../src/runtime/index.ts";
import { checkUpstream } from "../../../src/responders/manage/check-upstream.ts";
import { DEFAULTS } from "../../../src/responders/index.ts";
import { mergePatch, type UpstreamInput } from "../../../src/responders/manage/input.ts";
import { upstreamWarnings } from "../../../src/responders/manage/upstream-warnings.ts";
import { readUpstream } from "../../../src/responders/proxy/upstream.ts";
import { routedUpstream } from "../../../src/responders/proxy/routed-upstream.ts";
import { upstreamOf } from "../../support/forwarding.ts";

const OWN: Refusal = { kind: "refused", code: "own", message: "URL not allowed (this installation)" };
const PRIVATE: Refusal = { kind: "refused", code: "address", message: "URL not allowed (10.0.0.1)" };
const refusalOf = (url: string): Refusal | undefined =>
  url.includes("own.example") ? OWN : url.includes("10.0.0.1") ? PRIVATE : undefined;

const checked = (given: UpstreamInput | null) => {
  const faults: FieldError[] = [];
  const upstream = checkUpstream(given, refusalOf, faults);
  return { upstream, faults: faults.map(({ path, message }) => `${path}: ${message}`) };
};

describe("an upstream as it is given", () => {
  it("has a default for all but its URL", () => {
    expect(checked({ url: "https://api.example.com/v1" })).toEqual({
      upstream: {
        url: "https://api.example.com/v1",
        mode: "forward",
        headers: [],
        timeouts: { firstByteMs: 30_000, totalMs: 60_000 },
        retries: { attempts: 0 },
        onHookError: "fail",
      },
      faults: [],
    });
    expect(checked(null)).toEqual({ upstream: null, faults: [] });
  });

  it.each([
    ["", "an absolute URL"],
    ["api.example.com", "an absolute URL"],
    ["/v1", "an absolute URL"],
    ["ftp://a.com", "an absolute URL"],
    ["https:a.com", "an absolute URL"],
    ["https://", "an absolute URL"],
    ["https://u:p@a.com", "no user part"],
    ["https://u@a.com", "no user part"],
    ["https://a.com/#x", "no fragment"],
    ["https://a.com/?x=1", "no query"],
    ["https://a.com/a/../b", "dot segments"],
    ["https://a.com/%2e%2E/b", "dot segments"],
    ["https://a.com/..", "dot segments"],
    ["https://a.com/a\\b", "backslashes"],
    [`https://a.com/${"a".repeat(2_100)}`, "at most 2048"],
    ["https://own.example/api", "this installation"],
  ])("is refused with the URL %s", (url, why) => {
    const { faults } = checked({ url });
    expect(faults).toEqual([expect.stringContaining(why)]);
  });

  it.each(["https://a.com/...", "https://a.com/.well-known/x", "https://a.com/a..b", "http://10.0.0.1:80/"])(
    "is taken with the URL %s",
    (url) => {
      expect(checked({ url }).faults).toEqual([]);
    },
  );

  it.each([
    ["host", "a.com"],
    ["Connection", "close"],
    ["content-length", "1"],
    ["x-forwarded-for", "1.1.1.1"],
    ["Forwarded", "for=x"],
    ["cf-ray", "x"],
    ["x-hookwright-hops", "0"],
  ])("is refused with the header %s, which the proxy sets", (name, value) => {
    expect(checked({ url: "https://a.com", headers: [[name, value]] }).faults).toEqual([
      expect.stringContaining("upstream.headers.0"),
    ]);
  });

  it("is refused with numbers out of their bounds, each by its path", () => {
    const { faults } = checked({
      url: "https://a.com",
      timeouts: { firstByteMs: 0, totalMs: 4_000_000 },
      retries: { attempts: 1.5 },
    });
    expect(faults.map((fault) => fault.split(":")[0])).toEqual([
      "upstream.timeouts.firstByteMs",
      "upstream.timeouts.totalMs",
      "upstream.retries.attempts",
    ]);
  });
});

describe("a patch of an upstream", () => {
  const before = { ...DEFAULTS, name: "a", path: "/a", upstream: upstreamOf({ retries: { attempts: 1 } }) };
  const patched = (upstream: UpstreamInput | null | undefined) =>
    checked(mergePatch(before, upstream === undefined ? {} : { upstream }).upstream ?? null).upstream;

  it("keeps what it does not name", () => {
    expect(patched(undefined)).toEqual(before.upstream);
    expect(patched({ timeouts: { totalMs: 5 } })).toEqual({
      ...before.upstream,
      timeouts: { firstByteMs: 30_000, totalMs: 5 },
    });
    expect(patched({ url: "https://b.com" })).toEqual({ ...before.upstream, url: "https://b.com" });
  });

  it("takes `null` for the default", () => {
    expect(patched({ retries: null })).toMatchObject({ retries: { attempts: 0 } });
    expect(patched(null)).toBeNull();
  });

  it("needs a URL where there is none", () => {
    const merged = mergePatch({ ...before, upstream: null }, { upstream: { mode: "spy" } });
    expect(checked(merged.upstream ?? null).faults).toEqual([expect.stringContaining("upstream.url")]);
  });
});

describe("an upstream as it is stored", () => {
  it("is read as it was written", () => {
    const upstream = upstreamOf({ headers: [["a", "b"]], mode: "spy" });
    expect(readUpstream(JSON.parse(JSON.stringify(upstream)))).toEqual(upstream);
    expect([readUpstream(null), readUpstream(undefined)]).toEqual([null, null]);
  });

  it.each([
    1,
    {},
    { ...upstreamOf(), url: 1 },
    { ...upstreamOf(), mode: "x" },
    { ...upstreamOf(), headers: [["a"]] },
    { ...upstreamOf(), timeouts: { firstByteMs: 1 } },
    { ...upstreamOf(), retries: null },
    { ...upstreamOf(), onHookError: true },
  ])("is unreadable otherwise", (value) => {
    expect(readUpstream(value)).toBeUndefined();
  });
});

describe("a spy without a script", () => {
  const route = (response: Partial<typeof DEFAULTS.response>, mode: "spy" | "forward" = "spy") =>
    routedUpstream({
      upstream: upstreamOf({ mode }),
      script: null,
      response: { ...DEFAULTS.response, ...response },
    });

  it("forwards while its default response is the empty 200", () => {
    expect(route({})).not.toBeNull();
    expect(route({ interpolate: false })).not.toBeNull();
  });

  it("answers with any other", () => {
    const others: readonly Partial<{ status: 404; headers: [["a", "b"]]; body: "x" }>[] = [
      { status: 404 },
      { headers: [["a", "b"]] },
      { body: "x" },
    ];
    for (const response of others) {
      const definition = { ...DEFAULTS.response, ...response };
      const routed = routedUpstream({
        upstream: upstreamOf({ mode: "spy" }),
        script: null,
        response: definition,
      });
      expect(routed).toBeNull();
    }
  });
});

describe("warnings of an upstream", () => {
  const warned = (more: Parameters<typeof upstreamOf>[0], granted: readonly string[] = [], body = "") =>
    upstreamWarnings(
      { upstream: upstreamOf(more), script: null, response: { ...DEFAULTS.response, body } },
      granted,
      refusalOf,
    ).map(({ path }) => path);

  it("name what will not be reached, or not be filled in", () => {
    expect(warned({ url: "http://10.0.0.1" })).toEqual(["upstream.url"]);
    const headers = [
      ["a", "${secrets.A} ${secrets.B}"],
      ["b", "plain"],
    ] as const;
    expect(warned({ headers }, ["A"])).toEqual(["upstream.headers.0"]);
    expect(warned({})).toEqual([]);
  });

  it("name what is never asked, or never answered", () => {
    expect(warned({ mode: "spy" }, [], "x")).toEqual(["upstream.mode"]);
    expect(warned({}, [], "x")).toEqual(["response"]);
  });
});
