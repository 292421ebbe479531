import { beforeAll, describe, expect, it, vi } from "vitest";
import { base64 } from "../../src/lib/bytes.ts";
import { HOPS_HEADER } from "../../src/lib/hops.ts";
import { createHops } from "../../src/runtime/egress/hops.ts";
import { env } from "cloudflare:workers";
import { call, fetchWorker, mintAccount, type TestAccount } from "../support/account.ts";

let made = 0;

const respond = async (account: TestAccount, json: Readonly<Record<string, unknown>>): Promise<string> => {
  const { status, body } = await account.api("POST", "/responders", {
    name: `Responder ${(made += 1)}`,
    ...json,
  });
  expect([status, body.errors]).toEqual([201, undefined]);
  return body.id;
};

const hit = (
  account: TestAccount,
  path: string,
  { method = "GET", ...init }: RequestInit & { readonly label?: string } = {},
): Promise<Response> => account.hit(method, path, init);

const send = (url: string, init?: RequestInit): Promise<Response> => fetchWorker(new Request(url, init));

const operate = (method: string, path: string, json?: unknown) =>
  call(method, path, { key: env.ADMIN_TOKEN ?? "", json });

let account: TestAccount;
beforeAll(async () => {
  account = await mintAccount({ tier: "standard" });
});

const script = (source: string) => ({ script: { source, language: "js" } });
const told =
  "export default (request, ctx) => ({ body: { method: request.method, url: request.url, path: ctx.path, params: ctx.params, headers: [...request.headers] } })";

describe("a static responder", () => {
  it("answers with its status, headers and body, and adds only a request id", async () => {
    await respond(account, {
      path: "/static",
      response: {
        status: 418,
        headers: [
          ["x-a", "1"],
          ["x-a", "2"],
        ],
        body: "short and stout",
      },
    });
    const response = await hit(account, "/static");
    expect(response.status).toBe(418);
    expect([...response.headers.keys()].filter((name) => name !== "content-length").toSorted()).toEqual([
      "x-a",
      "x-request-id",
    ]);
    expect(response.headers.get("x-a")).toBe("1, 2");
    expect(response.headers.get("x-request-id")).toMatch(/^exc_[0-9a-z]{26}$/);
    expect(await response.text()).toBe("short and stout");
  });

  it("answers an empty 200 by default", async () => {
    await respond(account, { path: "/default" });
    const response = await hit(account, "/default", { method: "POST", body: "anything" });
    expect([response.status, await response.text(), response.headers.get("content-type")]).toEqual([
      200,
      "",
      null,
    ]);
  });

  it("sends the bytes that were saved", async () => {
    const bytes = Uint8Array.from({ length: 256 }, (_, index) => index);
    await respond(account, { path: "/bytes", response: { body: { base64: base64(bytes) } } });
    expect(await (await hit(account, "/bytes")).bytes()).toEqual(bytes);
  });

  it.each([204, 205, 304])("sends %d without its body", async (status) => {
    await respond(account, { path: `/bodyless/${status}`, response: { status, body: "not sent" } });
    const response = await hit(account, `/bodyless/${status}`);
    expect([response.status, await response.text()]).toEqual([status, ""]);
  });

  it("sends an encoded body as it is", async () => {
    const packed = await new Response(
      new Blob(["hello"]).stream().pipeThrough(new CompressionStream("gzip")),
    ).bytes();
    await respond(account, {
      path: "/packed",
      response: { headers: [["content-encoding", "gzip"]], body: { base64: base64(packed) } },
    });
    const response = await hit(account, "/packed");
    expect(response.headers.get("content-encoding")).toBe("gzip");
    expect(await response.bytes()).toEqual(packed);
  });

  it("sends no header of the connection, whatever it was told", async () => {
    const headers = [
      ["connection", "close"],
      ["transfer-encoding", "chunked"],
      ["content-length", "999"],
      ["x-kept", "1"],
    ];
    await respond(account, { path: "/hop", response: { headers, body: "abc" } });
    const response = await hit(account, "/hop");
    expect([
      response.headers.get("connection"),
      response.headers.get("transfer-encoding"),
      response.headers.get("x-kept"),
    ]).toEqual([null, null, "1"]);
    expect(await response.text()).toBe("abc");
  });
});

describe("methods", () => {
  it("falls back from HEAD to GET, and tells the length of the body that it leaves out", async () => {
    await respond(account, { path: "/head", method: "GET", response: { body: "12345" } });
    const response = await hit(account, "/head", { method: "HEAD" });
    expect([response.status, response.headers.get("content-length"), await response.text()]).toEqual([
      200,
      "5",
      "",
    ]);
  });

  it("answers 405 with what is allowed only where the path is known", async () => {
    await respond(account, { path: "/methods", method: ["PUT", "DELETE"] });
    await respond(account, { path: "/methods", method: "PATCH" });
    const wrong = await hit(account, "/methods", { method: "POST" });
    expect([wrong.status, wrong.headers.get("allow")]).toEqual([405, "DELETE, PATCH, PUT"]);
    expect(await wrong.json()).toMatchObject({
      type: "urn:hookwright:problem:method-not-allowed",
      status: 405,
    });
    expect((await hit(account, "/no-such-path", { method: "POST" })).status).toBe(404);
  });

  it("prefers a named method to ANY", async () => {
    await respond(account, { path: "/prefer", method: "ANY", response: { body: "any" } });
    await respond(account, { path: "/prefer", method: "POST", response: { body: "post" } });
    expect(await (await hit(account, "/prefer", { method: "POST" })).text()).toBe("post");
    expect(await (await hit(account, "/prefer", { method: "PUT" })).text()).toBe("any");
  });
});

describe("paths", () => {
  it("prefers literals to parameters to the rest, and decodes each segment once", async () => {
    await respond(account, { path: "/p/:a/x", ...script(told) });
    await respond(account, { path: "/p/lit/x", response: { body: "literal" } });
    await respond(account, { path: "/p/*", ...script(told) });
    expect(await (await hit(account, "/p/lit/x")).text()).toBe("literal");
    expect(await (await hit(account, "/p/%252F%C3%A9/x")).json()).toMatchObject({ params: { a: "%2Fé" } });
    expect(await (await hit(account, "/p/a%2Fb/y")).json()).toMatchObject({
      params: { "*": expect.any(String) },
    });
    expect(await (await hit(account, "/p/%zz/x")).json()).toMatchObject({ params: { a: "%zz" } });
  });

  it("keeps labels apart", async () => {
    await respond(account, { path: "/l", label: "pay", response: { body: "pay" } });
    await respond(account, { path: "/l", response: { body: "plain" } });
    expect(await (await hit(account, "/l", { label: "pay" })).text()).toBe("pay");
    expect(await (await hit(account, "/l")).text()).toBe("plain");
    expect((await hit(account, "/l", { label: "other" })).status).toBe(404);
  });

  it("refuses dot segments that the platform still shows, backslashes and NUL with 400, and very long paths with 414", async () => {
    await respond(account, { path: "/any/*" });
    for (const path of ["/any/a%5Cb", "/any/a%00b"]) {
      const refused = await hit(account, path);
      expect([path, refused.status]).toEqual([path, 400]);
      expect(refused.headers.get("content-type")).toBe("application/problem+json");
    }
    expect((await hit(account, `/any/${"a".repeat(10_000)}`)).status).toBe(414);
    expect((await hit(account, "/any//b")).status).toBe(200);
  });

  it("shows the script the URL whole and the path below the handle, in both styles", async () => {
    await respond(account, { path: "/told/:x", ...script(told) });
    const byHost: unknown = await (await hit(account, "/told/1?q=%20a+b")).json();
    expect(byHost).toMatchObject({
      url: `http://${account.handle}.localhost/told/1?q=%20a+b`,
      path: "/told/1",
    });
    const byPath: unknown = await (await send(`http://localhost/%7E${account.handle}/told/1?q=2`)).json();
    expect(byPath).toMatchObject({
      url: `http://localhost/%7E${account.handle}/told/1?q=2`,
      path: "/told/1",
      params: { x: "1" },
    });
  });
});

describe("path style", () => {
  it("keeps the console's cookies and keys from scripts, and a script's cookies from the console", async () => {
    await respond(account, {
      path: "/style",
      ...script(
        told.replace(
          "({ body",
          "({ headers: { 'set-cookie': 'a=1', 'clear-site-data': '*', 'content-security-policy': \"default-src 'none'\" }, body",
        ),
      ),
    });
    const headers = {
      cookie: "session=1",
      authorization: `Bearer hw_live_${"x".repeat(43)}`,
      "x-other": "kept",
    };
    const response = await send(`http://localhost/~${account.handle}/style`, { headers });
    const seen = await response.text();
    expect(seen).toContain('["x-other","kept"]');
    expect(seen).not.toMatch(/"cookie"|"authorization"|hw_live_/);
    expect([response.headers.get("set-cookie"), response.headers.get("clear-site-data")]).toEqual([
      null,
      null,
    ]);
    expect(response.headers.get("content-security-policy")).toBe("default-src 'none', sandbox");
  });

  it("keeps a key in Basic credentials and the operators' token from scripts", async () => {
    const basic = `Basic ${btoa(`user:hw_live_${"x".repeat(43)}`)}`;
    for (const authorization of [basic, `Bearer ${env.ADMIN_TOKEN ?? ""}`]) {
      const response = await send(`http://localhost/~${account.handle}/style`, {
        headers: { authorization },
      });
      expect(await response.text()).not.toContain('"authorization"');
    }
  });

  it("passes the sender's own authorization", async () => {
    const response = await send(`http://localhost/~${account.handle}/style`, {
      headers: { authorization: "Bearer other" },
    });
    expect(JSON.stringify(await response.json())).toContain("Bearer other");
  });
});

describe("refusals", () => {
  it("answers 421 to hosts that are not ours, 404 to handles that nobody has", async () => {
    expect((await send("http://evil.example/")).status).toBe(421);
    expect((await send("http://nobody123.localhost/")).status).toBe(404);
    expect((await send("http://UPPER_case.localhost/")).status).toBe(404);
  });

  it("answers 413 to a body over 10 MiB, announced or counted", async () => {
    await respond(account, { path: "/large" });
    const large = new Uint8Array(10 * 1024 * 1024 + 1);
    expect((await hit(account, "/large", { method: "POST", body: large })).status).toBe(413);
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const sent = hit(account, "/large", { method: "POST", body: readable });
    // The reader hangs up at the limit: the write that it then refuses is what is expected.
    void writer
      .write(large)
      .then(() => writer.close())
      .catch(() => undefined);
    expect((await sent).status).toBe(413);
  });

  it("answers 408 to a sender that does not finish in time", async () => {
    const other = await mintAccount({ tier: "standard" });
    await respond(other, { path: "/slow" });
    await operate("PATCH", `/api/v1/accounts/${other.id}`, { limits: { requestBodyMs: 50 } });
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    // Never closed: the first bytes come, the rest does not.
    writer.write(new Uint8Array(10)).catch(() => undefined);
    expect((await hit(other, "/slow", { method: "POST", body: readable })).status).toBe(408);
  });

  it("stops answering for a suspended account, and starts again", async () => {
    const other = await mintAccount({ tier: "standard" });
    await respond(other, { path: "/up" });
    expect((await hit(other, "/up")).status).toBe(200);
    await operate("PATCH", `/api/v1/accounts/${other.id}`, { suspended: true });
    const gone = await hit(other, "/up");
    expect(gone.status).toBe(410);
    expect(await gone.json()).toMatchObject({ type: "urn:hookwright:problem:suspended" });
    await operate("PATCH", `/api/v1/accounts/${other.id}`, { suspended: false });
    expect((await hit(other, "/up")).status).toBe(200);
  });

  it("forgets a deleted account and a disabled responder at once", async () => {
    const other = await mintAccount({ tier: "standard" });
    const id = await respond(other, { path: "/up" });
    await other.api("PATCH", `/responders/${id}`, { enabled: false });
    expect((await hit(other, "/up")).status).toBe(404);
    await other.api("PATCH", `/responders/${id}`, { enabled: true });
    expect((await hit(other, "/up")).status).toBe(200);
    await operate("DELETE", `/api/v1/accounts/${other.id}`);
    expect((await hit(other, "/up")).status).toBe(404);
  });
});

describe("a script that does not answer", () => {
  const basic = () => mintAccount({ tier: "basic" });

  it.each([
    ["throws", "export default () => { throw new TypeError('secret detail') }", 500],
    ["answers a number", "export default () => 42", 500],
    ["never settles", "export default () => new Promise(() => {})", 500],
    ["loops", "export default () => { for (;;); }", 504],
    [
      "eats memory",
      "export default () => { const a = []; for (;;) a.push('x'.repeat(1e5) + a.length) }",
      500,
    ],
    ["recurses", "export default function f() { return f() + 1 }", 500],
    [
      "sets a header with a line break",
      "export default () => ({ headers: { 'x-a': 'a\\r\\nset-cookie: b=1' } })",
      500,
    ],
    ["sets status 99", "export default () => ({ status: 99 })", 500],
  ])("that %s: the sender learns a status and a request id, nothing more", async (_name, source, status) => {
    const other = await basic();
    await respond(other, { path: "/fails", ...script(source) });
    const response = await hit(other, "/fails");
    const text = await response.text();
    expect(response.status).toBe(status);
    expect(Object.keys(JSON.parse(text)).toSorted()).toEqual(["requestId", "status", "title", "type"]);
    expect(text).not.toMatch(/secret|TypeError/);
    expect(JSON.parse(text)).toMatchObject({ requestId: response.headers.get("x-request-id") });
  });
});

describe("a hit that hooks have passed on", () => {
  /** The key of `MASTER_KEYS` in the tests' settings. */
  const hops = createHops([new Uint8Array(32)]);

  it("is answered up to three hops deep, and is 508 beyond", async () => {
    await respond(account, { path: "/deep" });
    for (const [count, status] of [
      [1, 200],
      [3, 200],
      [4, 508],
      [999, 508],
    ] as const) {
      const response = await hit(account, "/deep", { headers: { [HOPS_HEADER]: await hops.write(count) } });
      expect([count, response.status]).toEqual([count, status]);
    }
    const refused = await hit(account, "/deep", { headers: { [HOPS_HEADER]: await hops.write(4) } });
    expect(await refused.json()).toMatchObject({ type: "urn:hookwright:problem:loop-detected", status: 508 });
  });

  it("counts from 0 when its header is not signed by us", async () => {
    await respond(account, { path: "/forged" });
    const other = await createHops([new Uint8Array(32).fill(1)]).write(9);
    for (const header of ["9", "9.x", other]) {
      expect((await hit(account, "/forged", { headers: { [HOPS_HEADER]: header } })).status).toBe(200);
    }
  });

  it("shows the header neither to its script nor to its journal", async () => {
    const id = await respond(account, { path: "/unseen", ...script(told) });
    for (const header of [await hops.write(2), "forged"]) {
      const response = await hit(account, "/unseen", { headers: { [HOPS_HEADER]: header, "x-seen": "1" } });
      const seen = await response.text();
      expect(seen).toContain("x-seen");
      expect(seen).not.toContain("hops");
    }
    // Recorded after the answer.
    const latest = await vi.waitFor(async () => {
      const { body } = await account.api("GET", `/responders/${id}/exchanges`);
      expect(body.items).toHaveLength(2);
      return body.items[0];
    });
    const exchange = await account.api("GET", `/responders/${id}/exchanges/${latest.id}`);
    const recorded = JSON.stringify(exchange.body);
    expect(recorded).toContain("x-seen");
    expect(recorded).not.toContain(HOPS_HEADER);
  });

  it("reaches neither the API nor the console, whatever its header says", async () => {
    for (const header of [await hops.write(1), "forged", ""]) {
      for (const path of ["/api/v1/account", "/api/docs", "/", "/healthz", "/elsewhere"]) {
        const response = await send(`http://localhost${path}`, { headers: { [HOPS_HEADER]: header } });
        expect([path, response.status]).toEqual([path, 403]);
        expect(await response.json()).toMatchObject({ type: "urn:hookwright:problem:from-a-hook" });
      }
    }
  });
});
