import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newHome, startProduct, type Product } from "../support/product.ts";
import { answerRaw, type RawUpstream, startRawUpstream } from "../support/raw-upstream.ts";

/** Both legs in the journal, secrets on the way, replays, and mocks made of what was recorded. */
const home = newHome();
let product: Product;
let upstream: RawUpstream;

interface Leg {
  readonly url: string;
  readonly headers: readonly (readonly [string, string])[];
  readonly bodySame: boolean;
}

interface Told {
  readonly id: string;
  readonly url: string;
  readonly warnings: readonly { readonly path: string }[];
  readonly enabled: boolean;
  readonly upstream: { readonly request: Leg; readonly response: Leg; readonly changes: Changes };
  readonly response: { readonly status: number; readonly body: unknown };
  readonly run: { readonly outcome: { readonly kind: string } };
}

interface Changes {
  readonly request: readonly { readonly path: string }[];
  readonly response: readonly { readonly path: string }[];
}

const call = async (method: string, path: string, body?: unknown, status = 200): Promise<Told> => {
  const got = await product.api(method, `/api/v1${path}`, body);
  expect([got.status, got.text]).toEqual([status, expect.any(String)]);
  return JSON.parse(got.text);
};

const respond = (name: string, path: string, more: object): Promise<Told> =>
  call("POST", "/responders", { name, path, ...more }, 201);

const newest = async (id: string): Promise<Told> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const got = await product.api("GET", `/api/v1/responders/${id}/exchanges?limit=1`);
    const { items }: { readonly items: readonly Told[] } = JSON.parse(got.text);
    if (items[0] !== undefined) return call("GET", `/responders/${id}/exchanges/${items[0].id}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error("nothing was recorded");
};

beforeAll(async () => {
  upstream = await startRawUpstream();
  product = await startProduct(home, ["EGRESS_ALLOW=127.0.0.1"]);
});

afterAll(async () => {
  await product.stop();
  await upstream.close();
  home.remove();
});

describe("an exchange that was forwarded", () => {
  it("has both legs, and what was changed between them", async () => {
    upstream.on("/legs", answerRaw("HTTP/1.1 201 Created\nX-Up: 1\nContent-Length: 7", '{"a":1}'));
    const { id } = await respond("legs", "/legs", {
      upstream: { url: upstream.url, headers: { "x-own": "1" } },
    });
    const body = '{"price": 0.00}';
    const headers = { "content-type": "application/json", "x-real-ip": "9.9.9.9" };
    expect((await product.hit({ method: "POST", path: "/legs?q=1", headers, body })).text).toBe('{"a":1}');
    const exchange = await newest(id);
    expect(exchange).toMatchObject({
      request: { body: { text: body } },
      response: { status: 201, body: { text: '{"a":1}' } },
      run: { outcome: { kind: "forwarded" } },
      upstream: {
        request: { method: "POST", url: `${upstream.url}/legs?q=1`, bodySame: true },
        response: { status: 201, bodySame: true },
        attempts: [{ status: 201, error: null }],
        error: null,
      },
    });
    const { request, response } = exchange.upstream.changes;
    const paths = request.map(({ path }) => path);
    expect(paths).toEqual(expect.arrayContaining(["/url", "/headers/x-own", "/headers/x-real-ip"]));
    expect(paths).not.toContain("/body");
    expect(response.map(({ path }) => path)).toEqual(["/headers/x-request-id"]);
  });

  it("is found by what only its legs hold, and counted by its outcome", async () => {
    const { id } = await respond("found", "/found", {
      upstream: { url: upstream.url, headers: { "x-own": "needle-1" } },
    });
    await product.hit({ path: "/found" });
    await newest(id);
    const found = await product.api("GET", `/api/v1/responders/${id}/exchanges?q=needle-1&outcome=forwarded`);
    expect(found.json()).toMatchObject({ items: [{ run: { outcome: { kind: "forwarded" } } }] });
    const metrics = await product.api("GET", `/api/v1/responders/${id}/metrics`);
    expect(metrics.text).toContain('"forwarded":1');
  });

  it("goes out with secrets that neither sender nor journal sees", async () => {
    const value = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
    const host = `127.0.0.1:${upstream.port}`;
    await call("POST", "/secrets", { name: "KEY", value, hosts: [host], in: ["header:authorization"] }, 201);
    upstream.on(
      "/secret",
      answerRaw(
        `HTTP/1.1 200 OK\nX-Echo: ${value}\nContent-Length: 50`,
        `{"key":"${value}","a":"b"}`.padEnd(50),
      ),
    );
    const { id, warnings } = await respond("secret", "/secret", {
      upstream: { url: upstream.url, headers: [["authorization", "Bearer ${secrets.KEY}"]] },
      secrets: { mode: "selected", names: ["KEY"] },
    });
    expect(warnings).toEqual([]);
    const answer = await product.hit({ path: "/secret", headers: { "accept-encoding": "gzip" } });
    // What is no longer encoded may be compressed on the way.
    const text = answer.headers["content-encoding"] === "gzip" ? gunzipSync(answer.bytes) : answer.bytes;
    expect(text.toString("utf8").trim()).toBe('{"key":"[secret KEY]","a":"b"}');
    expect(answer.headers["x-echo"]).toBe("[secret KEY]");
    const head = upstream.received.at(-1)?.head;
    expect(head).toMatch(new RegExp(`^authorization: Bearer ${value}$`, "im"));
    expect(head).toMatch(/^accept-encoding: identity$/im);
    const exchange = await newest(id);
    const told = JSON.stringify(exchange);
    expect(told).not.toContain(value);
    expect(told).toContain("Bearer ${secrets.KEY}");
  });
});

describe("a definition with an upstream", () => {
  it("is told what is wrong with it, and what will not work", async () => {
    const wrong = await product.api("POST", "/api/v1/responders", {
      name: "wrong",
      path: "/wrong",
      upstream: { url: `http://localhost:${product.port}/api` },
      script: { source: "export default () => null" },
    });
    expect(wrong.status).toBe(422);
    const { warnings } = await respond("warned", "/warned", {
      upstream: { url: "http://10.0.0.1", headers: { "x-a": "${secrets.NONE}" } },
    });
    expect(warnings.map(({ path }) => path)).toEqual(["upstream.url", "upstream.headers.0"]);
    expect((await product.hit({ path: "/warned" })).status).toBe(502);
  });

  it("is shown whole, patched in part, and taken away", async () => {
    const { id } = await respond("patched", "/patched", { upstream: { url: upstream.url } });
    const patched = await call("PATCH", `/responders/${id}`, { upstream: { retries: { attempts: 2 } } });
    expect(patched.upstream).toEqual({
      url: upstream.url,
      mode: "forward",
      headers: [],
      timeouts: { firstByteMs: 30_000, totalMs: 60_000 },
      retries: { attempts: 2 },
      onHookError: "fail",
    });
    expect((await call("PATCH", `/responders/${id}`, { upstream: null })).upstream).toBeNull();
    const before = upstream.received.length;
    expect((await product.hit({ path: "/patched" })).status).toBe(200);
    expect(upstream.received.length).toBe(before);
  });

  it("as a spy answers by itself what it has an answer for", async () => {
    const before = upstream.received.length;
    const { id } = await respond("spy", "/spy", { upstream: { url: upstream.url, mode: "spy" } });
    expect((await product.hit({ path: "/spy" })).text).toBe("ok");
    expect(upstream.received.length).toBe(before + 1);
    await call("PATCH", `/responders/${id}`, { response: { body: "mine" } });
    expect((await product.hit({ path: "/spy" })).text).toBe("mine");
    expect(upstream.received.length).toBe(before + 1);
  });

  it("can be tried, and its exchanges be replayed: dry ones reach nothing", async () => {
    const { id } = await respond("tried", "/tried", { method: "GET", upstream: { url: upstream.url } });
    const tried = await call("POST", `/responders/${id}/test`, {});
    expect(tried).toMatchObject({
      response: { status: 200, body: { text: "ok" } },
      run: { outcome: { kind: "forwarded" } },
    });
    await product.hit({ path: "/tried" });
    const exchange = await newest(id);
    const before = upstream.received.length;
    const dry = await product.api("POST", `/api/v1/responders/${id}/exchanges/${exchange.id}/replay`, {});
    expect([dry.status, upstream.received.length]).toEqual([409, before]);
    expect(dry.text).toContain("dry replay");
    const live = await call("POST", `/responders/${id}/exchanges/${exchange.id}/replay`, { mode: "record" });
    expect(live).toMatchObject({
      response: { body: { text: "ok" } },
      run: { outcome: { kind: "forwarded" } },
      difference: [],
    });
    expect(upstream.received.length).toBe(before + 1);
  });
});

describe("a mock made of an exchange", () => {
  it("answers as the upstream did, when that is gone", async () => {
    const packed = gzipSync('{"id":1,"note":"${secrets.KEY}"}');
    const head = `HTTP/1.1 203 Odd\nContent-Type: application/json\nContent-Encoding: gzip\nX-Up: 1\nContent-Length: ${packed.length}`;
    upstream.on("/mock/a:b*", answerRaw(head, packed));
    const { id } = await respond("api", "/mock/*", { upstream: { url: upstream.url } });
    const first = await product.hit({ path: "/mock/a:b*?x=1" });
    const exchange = await newest(id);
    const made = await call(
      "POST",
      `/responders/${id}/exchanges/${exchange.id}/to-responder`,
      undefined,
      201,
    );
    expect(made).toMatchObject({
      name: "api: GET /mock/a:b*",
      enabled: false,
      method: "GET",
      path: "/mock/a:b%2A",
      upstream: null,
      script: null,
      response: { status: 203, interpolate: false },
      warnings: [],
    });
    await call("PATCH", `/responders/${made.id}`, { enabled: true });
    const before = upstream.received.length;
    const mocked = await product.hit({ path: "/mock/a:b*?x=1" });
    expect([mocked.status, mocked.bytes.equals(first.bytes), upstream.received.length]).toEqual([
      203,
      true,
      before,
    ]);
    expect([mocked.headers["content-encoding"], mocked.headers["x-up"]]).toEqual(["gzip", "1"]);
    expect(mocked.headers["x-request-id"]).not.toBe(exchange.id);
    expect((await product.hit({ path: "/mock/other" })).text).toBe("ok");
    const again = await product.api("POST", `/api/v1/responders/${id}/exchanges/${exchange.id}/to-responder`);
    expect(again.status).toBe(409);
  });
});
