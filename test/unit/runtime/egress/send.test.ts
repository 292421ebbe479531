import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { utf8 } from "../../../../src/lib/bytes.ts";
import { HOPS_HEADER } from "../../../../src/lib/hops.ts";
import type { EgressRequest, SecretFilling, Sent } from "../../../../src/runtime/egress/request.ts";
import type { Fetch } from "../../../../src/runtime/egress/send.ts";
import { egressRequest, endingOf, OUTSIDE, testEgress } from "../../../support/egress.ts";

interface Seen {
  readonly url: string;
  readonly method: string;
  readonly headers: Headers;
  readonly body: string | null;
  readonly init: RequestInit;
}

/** A network that answers by URL, and what it was sent. */
const network = (answers: Readonly<Record<string, (init: RequestInit) => Response | Promise<Response>>>) => {
  const seen: Seen[] = [];
  const fetch: Fetch = async (input, init) => {
    const url = typeof input === "string" ? input : input.url;
    const body = init.body instanceof Uint8Array ? new TextDecoder().decode(init.body) : null;
    const method = init.method ?? (typeof input === "string" ? "GET" : input.method);
    seen.push({ url, method, headers: new Headers(init.headers), body, init });
    return (answers[url] ?? (() => new Response("ok")))(init);
  };
  return { seen, fetch };
};

const to =
  (location: string, status = 302) =>
  () =>
    new Response("moved", { status, headers: { location } });

const bytes = (text: string) => ({ kind: "bytes", bytes: utf8(text) }) as const;
const pairs = (...list: readonly (readonly [string, string])[]) => ({ kind: "script", pairs: list }) as const;

/** Sends as a run that came from outside. */
const send = (fetch: Fetch, request: EgressRequest): Promise<Sent> =>
  testEgress({ fetch }).open(OUTSIDE).send(request);

/** A server that never answers; `asked` resolves once it could. Signing is real work, which fake timers do not wait for. */
const silence = () => {
  let notice = (): void => {};
  const asked = new Promise<void>((resolve) => (notice = resolve));
  const fetch: Fetch = (_, init) =>
    new Promise((_resolve, reject) => {
      init.signal?.addEventListener("abort", () => reject(new Error("The operation was aborted")));
      notice();
    });
  return { asked, fetch };
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  // Whatever happened, nothing is left that would wake the isolate.
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe("a request of a script", () => {
  it("leaves without cache and without the platform's own redirects", async () => {
    const { seen, fetch } = network({});
    const sent = await send(
      fetch,
      egressRequest("https://a.com/x?y", { headers: pairs(["X-A", "1"], ["x-a", "2"]) }),
    );
    expect(await endingOf(sent)).toEqual({
      status: 200,
      url: "https://a.com/x?y",
      redirected: false,
      text: "ok",
    });
    expect(seen[0]?.init).toMatchObject({
      method: "GET",
      redirect: "manual",
      cache: "no-store",
      cf: { cacheTtl: -1 },
      encodeResponseBody: "automatic",
    });
    expect(seen[0]?.headers.get("x-a")).toBe("1, 2");
  });

  it.each([
    "host",
    "content-length",
    "Transfer-Encoding",
    "connection",
    "upgrade",
    "te",
    "trailer",
    "expect",
    "via",
    "keep-alive",
    "proxy-connection",
    "CF-Connecting-IP",
    "cf-worker",
    "cdn-loop",
    "forwarded",
    "X-Forwarded-For",
    "x-forwarded-anything",
    "x_forwarded_for",
    "transfer_encoding",
    "X-Hookwright-Hops",
  ])("cannot set %s, and is told so", async (name) => {
    const { seen, fetch } = network({});
    const ending = await endingOf(
      await send(fetch, egressRequest("https://a.com/", { headers: pairs([name, "1"]) })),
    );
    expect(ending).toMatchObject({ failure: "refused", code: "header" });
    expect(ending["message"]).toContain(name);
    expect(seen).toEqual([]);
  });

  it.each([
    ["x", "a\r\nhost: evil", /^Invalid header value of x/],
    ["x", "a\0", /^Invalid header value/],
    ["x", "💥", /^Invalid header value/],
    ["x\r\n", "a", /^Invalid header name/],
    ["", "a", /^Invalid header name/],
    ["a b", "a", /^Invalid header name/],
    ["x:", "a", /^Invalid header name/],
  ])("cannot split headers: %j: %j", async (name, value, message) => {
    const { seen, fetch } = network({});
    const ending = await endingOf(
      await send(fetch, egressRequest("https://a.com/", { headers: pairs([name, value]) })),
    );
    expect(ending).toMatchObject({ code: "header", message: expect.stringMatching(message) });
    expect(seen).toEqual([]);
  });

  it.each(["CONNECT", "TRACE", "TRACK", "trace", "FOO", "", "GET /", "GET\r\n"])(
    "has no method %j",
    async (method) => {
      const { seen, fetch } = network({});
      const ending = await endingOf(await send(fetch, egressRequest("https://a.com/", { method })));
      expect(ending).toMatchObject({
        code: "method",
        message: expect.stringMatching(/^Invalid HTTP method/),
      });
      expect(seen).toEqual([]);
    },
  );

  it("has no body with GET and HEAD", async () => {
    const { fetch } = network({});
    for (const method of ["GET", "head"]) {
      const sent = await send(fetch, egressRequest("https://a.com/", { method, body: bytes("x") }));
      expect(await endingOf(sent)).toMatchObject({ code: "body" });
    }
  });

  it("does not leave for what may not be reached", async () => {
    const { seen, fetch } = network({});
    expect(await endingOf(await send(fetch, egressRequest("http://127.1/")))).toMatchObject({
      failure: "refused",
      code: "address",
      message: expect.stringMatching(/^URL not allowed \(non-public address\)/),
    });
    expect(seen).toEqual([]);
  });
});

describe("an upstream leg", () => {
  it("is sent from its own headers, raw, and without headers that the cache's rule would add", async () => {
    const { seen, fetch } = network({});
    const headers = new Headers({ "x-forwarded-for": "1.2.3.4", via: "1.1 us", [HOPS_HEADER]: "9.forged" });
    const leg = { headers: { kind: "leg", headers }, encoded: true, redirect: "manual" } as const;
    await endingOf(await send(fetch, egressRequest("https://a.com/", leg)));
    expect(seen[0]?.init).toMatchObject({ cf: { cacheTtl: -1 }, encodeResponseBody: "manual" });
    expect(seen[0]?.init.cache).toBeUndefined();
    expect(headers.get(HOPS_HEADER)).toBe("9.forged");
    expect(seen[0]?.headers.get("via")).toBe("1.1 us");
    expect(seen[0]?.headers.get(HOPS_HEADER)).toMatch(/^1\.[\w-]{43}$/);
  });

  it("can carry the body of the request that came in, and then names no method of its own", async () => {
    const { seen, fetch } = network({});
    const request = new Request("https://x.com/", { method: "POST", body: "abc" });
    const leg = {
      headers: { kind: "leg", headers: new Headers() },
      method: "POST",
      body: { kind: "request", request },
    } as const;
    expect(await endingOf(await send(fetch, egressRequest("https://a.com/", leg)))).toMatchObject({
      status: 200,
    });
    expect(seen[0]).toMatchObject({ url: "https://a.com/", method: "POST" });
    expect(seen[0]?.init.method).toBeUndefined();
  });

  it("gives redirects back", async () => {
    const { seen, fetch } = network({ "https://a.com/": to("http://127.0.0.1/") });
    const ending = await endingOf(await send(fetch, egressRequest("https://a.com/", { redirect: "manual" })));
    expect([ending["status"], ending["text"], seen.length]).toEqual([302, "moved", 1]);
  });
});

describe("redirects", () => {
  const secretHeaders = pairs(
    ["authorization", "a"],
    ["cookie", "c"],
    ["proxy-authorization", "p"],
    ["content-type", "text/plain"],
    ["x-own", "x"],
  );

  it.each([
    [301, "POST", "GET"],
    [302, "POST", "GET"],
    [303, "POST", "GET"],
    [303, "PUT", "GET"],
    [301, "PUT", "PUT"],
    [302, "DELETE", "DELETE"],
    [307, "POST", "POST"],
    [308, "POST", "POST"],
    [307, "PUT", "PUT"],
  ])("of %d turn %s into %s, with its body or without", async (status, method, then) => {
    const { seen, fetch } = network({ "https://a.com/1": to("/2", status) });
    const request = egressRequest("https://a.com/1", { method, body: bytes("data"), headers: secretHeaders });
    expect(await endingOf(await send(fetch, request))).toMatchObject({
      status: 200,
      url: "https://a.com/2",
      redirected: true,
    });
    expect(seen[1]).toMatchObject({
      url: "https://a.com/2",
      method: then,
      body: then === "GET" ? null : "data",
    });
    expect(seen[1]?.headers.has("content-type")).toBe(then !== "GET");
    expect(seen[1]?.headers.get("authorization")).toBe("a");
  });

  it("keep HEAD a HEAD", async () => {
    const { seen, fetch } = network({ "https://a.com/": to("/2", 303) });
    await endingOf(await send(fetch, egressRequest("https://a.com/", { method: "HEAD" })));
    expect(seen.map((each) => each.method)).toEqual(["HEAD", "HEAD"]);
  });

  it.each(["https://b.com/", "http://a.com/", "https://a.com:8443/", "https://www.a.com/"])(
    "to another origin leave credentials behind: %s",
    async (location) => {
      const { seen, fetch } = network({ "https://a.com/": to(location) });
      await endingOf(await send(fetch, egressRequest("https://a.com/", { headers: secretHeaders })));
      const { headers } = seen[1] ?? {};
      expect([
        headers?.get("authorization"),
        headers?.get("cookie"),
        headers?.get("proxy-authorization"),
      ]).toEqual([null, null, null]);
      expect(headers?.get("x-own")).toBe("x");
    },
  );

  it("do not bring credentials back on the way home", async () => {
    const { seen, fetch } = network({
      "https://a.com/": to("https://b.com/"),
      "https://b.com/": to("https://a.com/2"),
    });
    await endingOf(await send(fetch, egressRequest("https://a.com/", { headers: secretHeaders })));
    expect(seen[2]?.headers.has("authorization")).toBe(false);
  });

  it.each([
    ["http://127.0.0.1/", "address"],
    ["http://169.254.169.254/latest", "address"],
    ["//localhost/", "name"],
    ["https://hooks.example.com/api/v1/keys", "own"],
    ["ftp://a.com/", "scheme"],
    ["https://user:pass@b.com/", "user-part"],
    ["https://a.com:22/", "port"],
    ["https://[/", "bad-url"],
  ])("are judged like any other URL: %s", async (location, code) => {
    const { seen, fetch } = network({ "https://a.com/": to(location) });
    expect(await endingOf(await send(fetch, egressRequest("https://a.com/")))).toMatchObject({
      failure: "refused",
      code,
    });
    expect(seen).toHaveLength(1);
  });

  it("are narrowed by what is granted", async () => {
    const { fetch } = network({ "https://a.com/": to("https://b.com/") });
    const reach = { kind: "hosts", patterns: [{ host: "a.com", below: false, port: null }] } as const;
    const sent = await testEgress({ fetch }).open({ hops: 0, reach }).send(egressRequest("https://a.com/"));
    expect(await endingOf(sent)).toMatchObject({ code: "not-listed" });
  });

  it("are followed five times", async () => {
    const steps = (count: number) =>
      Object.fromEntries(Array.from({ length: count }, (_, at) => [`https://a.com/${at}`, to(`/${at + 1}`)]));
    const five = await send(network(steps(5)).fetch, egressRequest("https://a.com/0"));
    expect(await endingOf(five)).toMatchObject({ status: 200, url: "https://a.com/5" });
    const six = network(steps(6));
    expect(await endingOf(await send(six.fetch, egressRequest("https://a.com/0")))).toMatchObject({
      code: "redirect",
    });
    expect(six.seen).toHaveLength(6);
  });

  it("are answers without a location, and failures when none are wanted", async () => {
    const { fetch } = network({
      "https://a.com/1": () => new Response("no", { status: 302 }),
      "https://a.com/2": to("/3"),
    });
    const given = egressRequest("https://a.com/1", { redirect: "error" });
    expect(await endingOf(await send(fetch, given))).toMatchObject({ status: 302, text: "no" });
    expect(await endingOf(await send(fetch, { ...given, url: "https://a.com/2" }))).toMatchObject({
      code: "redirect",
    });
  });

  it.each([
    [307, false],
    [302, false],
    [303, true],
  ])("of %d with a streamed body are followed: %s", async (status, follows) => {
    const { fetch } = network({ "https://a.com/1": to("/2", status) });
    const stream = new ReadableStream<Uint8Array>();
    const request = egressRequest("https://a.com/1", { method: "POST", body: { kind: "stream", stream } });
    const ending = await endingOf(await send(fetch, request));
    expect(ending).toMatchObject(follows ? { status: 200 } : { code: "body" });
  });
});

describe("trouble", () => {
  it("before the headers is a failure to connect, whatever the platform calls it", async () => {
    const fetch: Fetch = () => Promise.reject(new Error("Network connection lost."));
    expect(await endingOf(await send(fetch, egressRequest("https://a.com/")))).toEqual({
      failure: "connect",
      message: "Failed to connect to upstream",
    });
  });

  it("in the middle of the body is a failure of the request", async () => {
    const { fetch } = network({
      "https://a.com/": () =>
        new Response(
          new ReadableStream({
            start: (controller) => controller.enqueue(utf8("abc")),
            pull: () => Promise.reject(new Error("Network connection lost.")),
          }),
        ),
    });
    expect(await endingOf(await send(fetch, egressRequest("https://a.com/")))).toEqual({
      status: 200,
      failure: "broken",
      message: "Upstream request failed",
    });
  });

  it("is a timeout when the first byte is late", async () => {
    const { asked, fetch } = silence();
    const sent = send(fetch, egressRequest("https://a.com/"));
    await asked;
    await vi.advanceTimersByTimeAsync(10_000);
    expect(await endingOf(await sent)).toEqual({ failure: "timeout", message: "Upstream request timed out" });
  });

  it("is a timeout when all of it together takes too long", async () => {
    let hops = 0;
    const started = silence();
    const slow: Fetch = async (input, init) => {
      hops += 1;
      if (hops === 4) return started.fetch(input, init);
      await new Promise((resolve) => setTimeout(resolve, 9_000));
      return to("/again")();
    };
    const times = { firstByteMs: 10_000, totalMs: 30_000 };
    const sent = send(slow, egressRequest("https://a.com/", { times }));
    await vi.waitFor(() => expect(hops).toBe(1));
    await vi.advanceTimersByTimeAsync(27_000);
    await started.asked;
    await vi.advanceTimersByTimeAsync(3_000);
    expect(await endingOf(await sent)).toMatchObject({ failure: "timeout" });
  });

  it("is a timeout when the body does not end", async () => {
    const { fetch } = network({
      "https://a.com/": ({ signal }) =>
        new Response(
          new ReadableStream({
            start: (controller) =>
              signal?.addEventListener("abort", () => controller.error(new Error("aborted"))),
          }),
        ),
    });
    const ending = endingOf(await send(fetch, egressRequest("https://a.com/")));
    await vi.advanceTimersByTimeAsync(30_000);
    expect(await ending).toMatchObject({ status: 200, failure: "timeout" });
  });

  it("is the caller's own wish when he aborts, before or during", async () => {
    const before = egressRequest("https://a.com/", { signal: AbortSignal.abort() });
    const { seen, fetch } = network({});
    expect(await endingOf(await send(fetch, before))).toMatchObject({ failure: "aborted" });
    expect(seen).toEqual([]);
    const controller = new AbortController();
    const silent = silence();
    const sent = send(silent.fetch, egressRequest("https://a.com/", { signal: controller.signal }));
    await silent.asked;
    controller.abort();
    expect(await endingOf(await sent)).toMatchObject({ failure: "aborted" });
  });

  it("is too much when the body is larger than it may be, to the byte", async () => {
    const { fetch } = network({ "https://a.com/": () => new Response("12345") });
    expect(
      await endingOf(await send(fetch, egressRequest("https://a.com/", { mostBytes: 5 }))),
    ).toMatchObject({ text: "12345" });
    expect(await endingOf(await send(fetch, egressRequest("https://a.com/", { mostBytes: 4 })))).toEqual({
      status: 200,
      failure: "too-large",
      message: "Upstream response body too large",
    });
  });

  it("takes no more of an endless body than is read, and lets go of it at the limit", async () => {
    let pulled = 0;
    let cancelled = false;
    const endless = (): Response =>
      new Response(
        new ReadableStream<Uint8Array>(
          {
            pull: (controller) => {
              pulled += 1;
              controller.enqueue(new Uint8Array(1_000));
            },
            cancel: () => {
              cancelled = true;
            },
          },
          { highWaterMark: 0 },
        ),
      );
    const { fetch } = network({ "https://a.com/": endless });
    const sent = await send(fetch, egressRequest("https://a.com/", { mostBytes: 5_500 }));
    expect(pulled).toBeLessThan(3);
    expect(await endingOf(sent)).toMatchObject({ failure: "too-large" });
    expect(pulled).toBeLessThan(10);
    expect(cancelled).toBe(true);
  });

  it("leaves no timer behind a body that nobody wants", async () => {
    const { fetch } = network({});
    const sent = await send(fetch, egressRequest("https://a.com/"));
    if (sent.kind === "answered") await sent.answer.body?.cancel();
    const bodyless = network({ "https://a.com/": () => new Response(null, { status: 204 }) });
    expect(await endingOf(await send(bodyless.fetch, egressRequest("https://a.com/")))).toMatchObject({
      status: 204,
      text: "",
    });
  });
});

describe("hooks that call hooks", () => {
  const hook = "https://demo.hooks.example.com/x";
  const headerOf = (seen: readonly Seen[]) =>
    seen.map(({ headers }) => headers.get(HOPS_HEADER)?.split(".")[0]);

  it("count, on everything that leaves: other names may lead to us", async () => {
    const { seen, fetch } = network({ [hook]: to("https://elsewhere.com/") });
    const egress = testEgress({ fetch });
    await endingOf(await egress.open({ ...OUTSIDE, hops: 2 }).send(egressRequest(hook)));
    expect(headerOf(seen)).toEqual(["3", "3"]);
    expect(await egress.hopsOf(seen[0]?.headers.get(HOPS_HEADER) ?? null)).toBe(3);
  });

  it("are three deep at most", async () => {
    const { seen, fetch } = network({});
    const outlet = testEgress({ fetch }).open({ ...OUTSIDE, hops: 3 });
    expect(await endingOf(await outlet.send(egressRequest(hook)))).toMatchObject({ code: "hops" });
    expect(await endingOf(await outlet.send(egressRequest("https://a.com/")))).toMatchObject({ status: 200 });
    expect(headerOf(seen)).toEqual(["4"]);
  });

  it("are five a run from the first hop on, redirects included", async () => {
    const { fetch } = network({ [hook]: to("https://other.hooks.example.com/") });
    const outlet = testEgress({ fetch }).open({ ...OUTSIDE, hops: 1 });
    const statuses = [];
    for (let at = 0; at < 3; at += 1) {
      const ending = await endingOf(await outlet.send(egressRequest(hook)));
      statuses.push(ending["status"] ?? ending["code"]);
    }
    expect(statuses).toEqual([200, 200, "hops"]);
    expect(await endingOf(await outlet.send(egressRequest("https://a.com/")))).toMatchObject({ status: 200 });
  });

  it("are not counted for a run from outside", async () => {
    const { fetch } = network({});
    const outlet = testEgress({ fetch }).open(OUTSIDE);
    for (let at = 0; at < 10; at += 1) {
      expect(await endingOf(await outlet.send(egressRequest(hook)))).toMatchObject({ status: 200 });
    }
  });
});

describe("with a resolver", () => {
  const dns =
    (address: string, type = 1) =>
    () =>
      Response.json({ Status: 0, Answer: [{ name: "x", type, TTL: 60, data: address }] });
  const resolverUrl = "https://dns.example/q";
  const question = (name: string, type: string) => `${resolverUrl}?name=${name}&type=${type}`;
  const none = () => Response.json({ Status: 0 });

  it("a name that leads inward is refused before a byte leaves", async () => {
    const { seen, fetch } = network({
      [question("evil.com", "A")]: dns("1.1.1.1"),
      [question("evil.com", "AAAA")]: dns("::1", 28),
    });
    const sent = await testEgress({ fetch, resolverUrl })
      .open(OUTSIDE)
      .send(egressRequest("https://evil.com/"));
    expect(await endingOf(sent)).toMatchObject({ code: "address" });
    expect(seen.map(({ url }) => url)).not.toContain("https://evil.com/");
  });

  it("a public one is reached, and so is what the operator allows by name", async () => {
    const { seen, fetch } = network({
      [question("a.com", "A")]: dns("1.1.1.1"),
      [question("a.com", "AAAA")]: none,
    });
    const outlet = testEgress({ fetch, resolverUrl, allow: "intranet" }).open(OUTSIDE);
    for (const url of ["https://a.com/", "http://intranet/", "https://8.8.8.8/"]) {
      expect(await endingOf(await outlet.send(egressRequest(url)))).toMatchObject({ status: 200 });
    }
    expect(seen).toHaveLength(5);
  });

  it("a lookup that the caller does not wait for is his to end", async () => {
    const { asked, fetch } = silence();
    const controller = new AbortController();
    const sent = testEgress({ fetch, resolverUrl })
      .open(OUTSIDE)
      .send(egressRequest("https://a.com/", { signal: controller.signal }));
    await asked;
    controller.abort();
    expect(await endingOf(await sent)).toMatchObject({ failure: "aborted" });
  });
});

describe("secrets", () => {
  const filling = (more: Partial<SecretFilling> = {}): SecretFilling => ({
    fillIn: (outgoing) => {
      const headers = new Headers(outgoing.headers);
      headers.set("authorization", (headers.get("authorization") ?? "").replace("hwsec_x", "s3cret"));
      return Promise.resolve({ kind: "filled", outgoing: { ...outgoing, headers } });
    },
    holdsSecret: (location) => location.includes("s3cret"),
    maskAnswer: (answer) => ({ ...answer, statusText: "masked" }),
    ...more,
  });
  const withSecret = (secrets: SecretFilling) =>
    egressRequest("https://a.com/", { headers: pairs(["authorization", "Bearer hwsec_x"]), secrets });

  it("are filled in after the policy, for each hop from the placeholders again", async () => {
    const hops: string[] = [];
    const { seen, fetch } = network({ "https://a.com/": to("/2") });
    const secrets = filling();
    const fillIn: SecretFilling["fillIn"] = (outgoing) => {
      hops.push(`${outgoing.url} ${outgoing.headers.get("authorization")}`);
      return secrets.fillIn(outgoing);
    };
    const sent = await send(fetch, withSecret({ ...secrets, fillIn }));
    expect(sent.kind === "answered" && sent.answer.statusText).toBe("masked");
    await endingOf(sent);
    expect(hops).toEqual(["https://a.com/ Bearer hwsec_x", "https://a.com/2 Bearer hwsec_x"]);
    expect(seen.map(({ headers }) => headers.get("authorization"))).toEqual([
      "Bearer s3cret",
      "Bearer s3cret",
    ]);
    expect(seen.every(({ headers }) => headers.has(HOPS_HEADER))).toBe(true);
  });

  it("that may not go there stop the request before a byte leaves", async () => {
    const { seen, fetch } = network({});
    const message = "The secret TOKEN may not go to a.com";
    const request = withSecret(filling({ fillIn: () => Promise.resolve({ kind: "not-allowed", message }) }));
    expect(await endingOf(await send(fetch, request))).toEqual({ failure: "not-allowed-secret", message });
    expect(seen).toEqual([]);
  });

  it("never decide where it goes", async () => {
    const { seen, fetch } = network({});
    const request = withSecret(
      filling({
        fillIn: (outgoing) =>
          Promise.resolve({ kind: "filled", outgoing: { ...outgoing, url: "https://127.0.0.1/" } }),
      }),
    );
    expect(await endingOf(await send(fetch, request))).toMatchObject({ failure: "not-allowed-secret" });
    expect(seen).toEqual([]);
  });

  it("that stand in a redirect are not followed", async () => {
    const { seen, fetch } = network({ "https://a.com/": to("https://evil.com/?s3cret") });
    expect(await endingOf(await send(fetch, withSecret(filling())))).toMatchObject({
      failure: "not-allowed-secret",
    });
    expect(seen).toHaveLength(1);
  });

  it("leave no timer when their functions fail", async () => {
    const { fetch } = network({});
    const request = withSecret(filling({ fillIn: () => Promise.reject(new Error("a fault")) }));
    await expect(send(fetch, request)).rejects.toThrow("a fault");
  });
});
