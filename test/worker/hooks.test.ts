import { describe, expect, it, vi } from "vitest";
import { env } from "cloudflare:workers";
import { call, mintAccount, type TestAccount } from "../support/account.ts";
import type { Got } from "../support/api.ts";
import { type Arrived, standIn } from "../support/origin.ts";
import { makeSecret } from "../support/secret-forms.ts";

const URL_OF_UPSTREAM = "https://api.example.com/v1";

const hooked = async (account: TestAccount, source: string, more: object = {}): Promise<Got["body"]> => {
  const { upstream, ...rest }: { upstream?: object } = more;
  const { status, body } = await account.api("POST", "/responders", {
    name: "Hooked",
    path: "/api/*",
    script: { source, language: "js" },
    upstream: { url: URL_OF_UPSTREAM, ...upstream },
    ...rest,
  });
  if (status !== 201) throw new Error(`${status} ${JSON.stringify(body)}`);
  return body;
};
/** An account whose plan an operator has changed. */
const limited = async (limits: object): Promise<TestAccount> => {
  const account = await mintAccount();
  const key = env.ADMIN_TOKEN ?? "";
  await call("PATCH", `/api/v1/accounts/${account.id}`, { key, json: { limits } });
  return account;
};
/** Recording follows the answer. */
const exchange = (account: TestAccount, id: string): Promise<Got["body"]> =>
  vi.waitFor(async () => {
    const { body } = await account.api("GET", `/responders/${id}/exchanges`);
    if (body.items.length === 0) throw new Error("nothing is recorded yet");
    return (await account.api("GET", `/responders/${id}/exchanges/${body.items[0].id}`)).body;
  });
const json = (value: unknown, init: ResponseInit = {}): Response => Response.json(value, init);
const nameOf = ({ headers }: Arrived, name: string): string | null => headers.get(name);
const gzipped = (text: string): Promise<ArrayBuffer> =>
  new Response(new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"))).arrayBuffer();
const encoded = async (text: string): Promise<Response> =>
  new Response(await gzipped(text), {
    headers: { "content-type": "application/json", "content-encoding": "gzip", etag: '"1"' },
    encodeBody: "manual",
  });

describe("onRequest with an upstream", () => {
  it("changes a request in place, which goes on with the sender's body", async () => {
    const origin = standIn(
      () => new Response("made", { status: 201, statusText: "Made", headers: { "x-up": "1" } }),
    );
    const account = await mintAccount();
    const { id, warnings } = await hooked(
      account,
      `export async function onRequest(request, ctx) {
        request.headers.set("x-added", ctx.client.ip ?? "none");
        request.headers.delete("x-gone");
        request.method = "PUT";
        request.url = new URL("/api/other%20path?b=2&a=0.00", request.url).href;
      }`,
    );
    expect(warnings).toEqual([]);
    const headers = { "x-gone": "1", "x-kept": "yes", cookie: "a=1", authorization: "Bearer sender" };
    const answer = await account.hit("POST", "/api/things?a=1&a=2", { headers, body: "{ }" });
    expect([answer.status, answer.headers.get("x-up"), await answer.text()]).toEqual([201, "1", "made"]);
    const [arrived] = origin.arrived;
    if (arrived === undefined) throw new Error("nothing arrived");
    const { method, url, text } = arrived;
    expect([method, url, text]).toEqual(["PUT", `${URL_OF_UPSTREAM}/api/other%20path?b=2&a=0.00`, "{ }"]);
    expect(
      ["x-added", "x-gone", "x-kept", "cookie", "authorization"].map((name) => nameOf(arrived, name)),
    ).toEqual(["none", null, "yes", "a=1", "Bearer sender"]);
    const kept = await exchange(account, id);
    expect(kept.run.outcome).toEqual({ kind: "returned" });
    expect(kept.run.fuel).toBeGreaterThan(0);
    expect(kept.upstream.request).toMatchObject({ method: "PUT", bodySame: true });
    const changes = kept.upstream.changes.request.map(({ path }: { path: string }) => path);
    expect(changes).toEqual(
      expect.arrayContaining(["/method", "/url", "/headers/x-added", "/headers/x-gone"]),
    );
  });

  it("answers by itself, and the upstream is not called", async () => {
    const origin = standIn(() => new Response("no"));
    const account = await mintAccount();
    const { id } = await hooked(
      account,
      `export default (request, ctx) => ctx.params["*"] === "mock" ? { status: 418, body: { mock: true } } : new Response("whole")`,
      { response: { headers: { "x-default": "1" } } },
    );
    const mock = await account.hit("GET", "/api/mock");
    expect([mock.status, mock.headers.get("x-default"), await mock.json()]).toEqual([
      418,
      "1",
      { mock: true },
    ]);
    const whole = await account.hit("GET", "/api/else");
    expect([whole.headers.get("x-default"), await whole.text()]).toEqual([null, "whole"]);
    expect(origin.arrived).toEqual([]);
    expect((await exchange(account, id)).upstream).toBeUndefined();
  });

  it("forwards a Request of its own: a JSON body, no body, another method", async () => {
    const origin = standIn(({ method }) => new Response(method));
    const account = await mintAccount();
    await hooked(
      account,
      `export async function onRequest(request) {
        const { pathname } = new URL(request.url);
        if (pathname === "/api/json") {
          const body = { ...(await request.json()), added: 1 };
          return new Request(request, { body: JSON.stringify(body) });
        }
        if (pathname === "/api/get") { request.method = "GET"; return; }
        return new Request(request.url, { method: "DELETE", headers: { "x-own": "1" } });
      }`,
    );
    const headers = { "content-type": "application/json", "x-sent": "1" };
    await account.hit("POST", "/api/json", { headers, body: '{"a":0}' });
    await account.hit("POST", "/api/get", { headers, body: '{"a":0}' });
    await account.hit("POST", "/api/else", { headers, body: '{"a":0}' });
    expect(
      origin.arrived.map((one) => [
        one.method,
        one.text,
        nameOf(one, "x-sent"),
        nameOf(one, "x-own"),
        nameOf(one, "content-type"),
      ]),
    ).toEqual([
      ["POST", '{"a":0,"added":1}', "1", null, "application/json"],
      ["GET", "", "1", null, "application/json"],
      ["DELETE", "", null, "1", null],
    ]);
  });

  it("goes to another origin if `egress` allows it, without the sender's credentials or the upstream's headers", async () => {
    const origin = standIn(() => new Response("there"));
    const account = await mintAccount();
    const { id } = await hooked(
      account,
      `export function onRequest(request, ctx) {
        const url = new URL("/x?y=1", "https://" + ctx.params["*"]);
        if (ctx.params["*"] === "own.example.com") request.headers.set("cookie", request.headers.get("cookie"));
        return new Request(url, request);
      }`,
      {
        egress: { mode: "hosts", hosts: ["*.example.com"] },
        upstream: { headers: { "x-key": "owner's" } },
      },
    );
    const headers = { cookie: "a=1", authorization: "Bearer sender", "x-kept": "1" };
    await account.hit("GET", "/api/other.example.com", { headers });
    await account.hit("GET", "/api/own.example.com", { headers });
    await account.hit("GET", "/api/api.example.com", { headers });
    const refused = await account.hit("GET", "/api/evil.example.org", { headers });
    expect(
      origin.arrived.map((one) => [
        one.url,
        nameOf(one, "cookie"),
        nameOf(one, "authorization"),
        nameOf(one, "x-key"),
        nameOf(one, "x-kept"),
      ]),
    ).toEqual([
      ["https://other.example.com/x?y=1", null, null, null, "1"],
      ["https://own.example.com/x?y=1", "a=1", null, null, "1"],
      ["https://api.example.com/x?y=1", "a=1", "Bearer sender", "owner's", "1"],
    ]);
    expect(refused.status).toBe(502);
    const kept = await exchange(account, id);
    expect(kept.run.outcome).toMatchObject({ kind: "upstream-failed", reason: "refused" });
    expect(kept.run.fuel).toBeGreaterThan(0);
  });

  it.each([
    ["a header that is not a script's", `request.headers.set("x-forwarded-for", "1.1.1.1")`],
    ["a path out of the upstream's", `request.url = new URL("/..%5cadmin", request.url).href`],
    ["a result that is none", `return "https://api.example.com/"`],
    [
      "a body that has been read",
      `const own = new Request(request.url, { method: "POST", body: "x" }); await own.text(); return own`,
    ],
  ])("is told of %s", async (_what, code) => {
    const origin = standIn(() => new Response("no"));
    const account = await mintAccount();
    for (const more of ["", "export function onResponse() {}"]) {
      const { id } = await hooked(account, `export async function onRequest(request) { ${code} } ${more}`, {
        name: `Told ${more.length}`,
        path: `/${more.length}/*`,
      });
      expect((await account.hit("GET", `/${more.length}/x`)).status).toBe(500);
      const { run } = await exchange(account, id);
      expect(run.outcome).toMatchObject({ kind: "unusable", reason: "bad-result" });
    }
    expect(origin.arrived).toEqual([]);
  });

  it("is an expression as well: what gives nothing is forwarded as it came", async () => {
    standIn(() => new Response("from there"));
    const account = await mintAccount();
    await hooked(account, `(() => context.path === "/api/a" ? { body: "mock" } : null)()`);
    expect(await (await account.hit("GET", "/api/a")).text()).toBe("mock");
    expect(await (await account.hit("GET", "/api/b")).text()).toBe("from there");
  });

  it("of a spy: the script's answer, else the default response if that is one, else the upstream's", async () => {
    const origin = standIn(() => new Response("from there"));
    const account = await mintAccount();
    const source = `export default (request, ctx) => {
      if (ctx.params["*"] === "mock") return { body: "mock" };
      if (ctx.params["*"] === "ask") return request;
    }; export const onResponse = async (response) => ({ body: "seen " + await response.text() });`;
    const upstream = { mode: "spy" };
    const { id } = await hooked(account, source, { upstream, response: { status: 202, body: "default" } });
    const textOf = async (path: string): Promise<string> => (await account.hit("GET", path)).text();
    expect(await textOf("/api/mock")).toBe("mock");
    expect(await textOf("/api/none")).toBe("default");
    expect(await textOf("/api/ask")).toBe("seen from there");
    expect(origin.arrived.length).toBe(1);
    await account.api("PATCH", `/responders/${id}`, { response: null });
    expect(await textOf("/api/none")).toBe("seen from there");
  });
});

describe("onResponse", () => {
  it("rewrites one field of a gzipped answer, and leaves the rest as it came", async () => {
    standIn(() => encoded('{"id":1,"price":"0.00"}'));
    const account = await mintAccount();
    const { id } = await hooked(
      account,
      `export async function onResponse(response, ctx) {
        const body = await response.json();
        return { headers: { "x-coding": String(response.headers.get("content-encoding")) }, body: { ...body, price: "1.00" } };
      }`,
    );
    const answer = await account.hit("GET", "/api/price");
    expect(await answer.json()).toEqual({ id: 1, price: "1.00" });
    expect(
      ["x-coding", "content-encoding", "etag", "content-type"].map((name) => answer.headers.get(name)),
    ).toEqual(["null", null, '"1"', "application/json"]);
    const kept = await exchange(account, id);
    expect(kept.upstream.response).toMatchObject({ status: 200, bodySame: false });
    expect(kept.upstream.changes.response.map(({ path }: { path: string }) => path)).toContain(
      "/headers/x-coding",
    );
  });

  it.each([
    ["nothing, and changes a header in place", `response.headers.set("x-in-place", "1")`],
    ["a reply without a body", `return { headers: { "x-in-place": "1" } }`],
    ["the response itself", `response.headers.set("x-in-place", "1"); return response`],
    ["a response with its body", `return new Response(response.body, { headers: { "x-in-place": "1" } })`],
    ["nothing, having read it", `response.headers.set("x-in-place", (await response.json()).id)`],
  ])("gives %s: the body goes on in the bytes in which it came", async (_what, code) => {
    standIn(() => encoded('{"id":1}'));
    const account = await mintAccount();
    await hooked(account, `export async function onResponse(response) { ${code} }`);
    const answer = await account.hit("GET", "/api/x");
    expect([answer.headers.get("x-in-place"), answer.headers.get("content-encoding")]).toEqual(["1", "gzip"]);
    const bytes = await answer.arrayBuffer();
    expect(new Uint8Array(bytes)).toEqual(new Uint8Array(await gzipped('{"id":1}')));
  });

  it("sees the request as it was sent and as it left, and what onRequest has left", async () => {
    standIn(() => new Response("x", { status: 404, headers: { "set-cookie": "a=1" } }));
    const account = await mintAccount();
    await hooked(
      account,
      `let seen = 0;
      export async function onRequest(request, ctx) {
        seen += 1; ctx.locals.text = await request.text();
        return new Request(request, { method: "PUT", headers: { "x-new": "1" }, body: "left" });
      }
      export async function onResponse(response, ctx) {
        const { request, forwarded } = ctx;
        return { status: 200, body: {
          seen, local: ctx.locals.text, status: response.status, cookies: response.headers.getSetCookie(), url: response.url,
          sent: [request.method, new URL(request.url).pathname, request.headers.get("x-old"), await request.text()],
          left: [forwarded.method, forwarded.url, forwarded.headers.get("x-old"), forwarded.headers.get("x-new"), forwarded.headers.get("x-key"), await forwarded.text()],
        } };
      }`,
      { upstream: { headers: { "x-key": "k" } } },
    );
    const answer = await account.hit("POST", "/api/a", { headers: { "x-old": "0" }, body: "sent" });
    expect(await answer.json()).toEqual({
      seen: 1,
      local: "sent",
      status: 404,
      cookies: ["a=1"],
      url: `${URL_OF_UPSTREAM}/api/a`,
      sent: ["POST", "/api/a", "0", "sent"],
      left: ["PUT", `${URL_OF_UPSTREAM}/api/a`, null, "1", "k", "left"],
    });
    expect(answer.headers.getSetCookie()).toEqual(["a=1"]);
  });

  it("may answer without what came, which nobody reads then", async () => {
    let cancelled = false;
    standIn(
      () =>
        new Response(
          new ReadableStream({
            pull: (controller) => controller.enqueue(new Uint8Array(1_024)),
            cancel: () => {
              cancelled = true;
            },
          }),
        ),
    );
    const account = await mintAccount();
    await hooked(account, `export const onResponse = () => new Response(null, { status: 204 })`);
    expect((await account.hit("GET", "/api/x")).status).toBe(204);
    await vi.waitFor(() => expect(cancelled).toBe(true));
  });

  it("is not called without an answer: 502 and 504 say so, and the run stays beside it", async () => {
    const origin = standIn(({ url }) => {
      if (url.endsWith("/slow")) return new Promise<never>(() => undefined);
      throw new Error("refused");
    });
    const account = await mintAccount();
    const { id } = await hooked(
      account,
      `export function onRequest() { console.log("before") } export function onResponse() { console.log("never"); return { body: "no" } }`,
      { upstream: { timeouts: { firstByteMs: 60 } } },
    );
    expect((await account.hit("GET", "/api/gone")).status).toBe(502);
    const { run, upstream } = await exchange(account, id);
    expect(run.outcome).toMatchObject({ kind: "upstream-failed", reason: "connect" });
    expect(run.logs.map(({ text }: { text: string }) => text)).toEqual(["before"]);
    expect(upstream).toMatchObject({ response: null, attempts: [{ status: null }] });
    expect((await account.hit("GET", "/api/slow")).status).toBe(504);
    expect(origin.arrived.length).toBe(2);
  });

  it("does not count the wait for the upstream as its own time", async () => {
    standIn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 700));
      return new Response("late");
    });
    const account = await limited({ wallMs: 400 });
    const { id } = await hooked(
      account,
      `export function onRequest(request, ctx) { ctx.signal.addEventListener("abort", () => console.log("aborted")); ctx.locals.left = ctx.timeLeft(); }
      export async function onResponse(response, ctx) {
        const passed = ctx.locals.left - ctx.timeLeft();
        return { body: { aborted: ctx.signal.aborted, little: passed < 300, left: ctx.timeLeft() > 0 } };
      }`,
    );
    const answer = await account.hit("GET", "/api/x");
    expect(await answer.json()).toEqual({ aborted: false, little: true, left: true });
    const { run } = await exchange(account, id);
    expect(run.wallMs).toBeLessThan(400);
    expect(run.logs).toEqual([]);
  });

  it("that never settles ends by its own time", async () => {
    standIn(() => new Response("x"));
    const account = await limited({ wallMs: 300 });
    const { id } = await hooked(
      account,
      `export const onResponse = () => new Promise((resolve) => setTimeout(resolve, 60_000))`,
    );
    expect((await account.hit("GET", "/api/x")).status).toBe(504);
    expect((await exchange(account, id)).run.outcome).toMatchObject({ kind: "exceeded", limit: "wall" });
  });
});

describe("a hook that fails", () => {
  const throwing = `export function onRequest(request, ctx) { if (ctx.params["*"] === "before") throw new Error("before"); }
    export async function onResponse(response, ctx) { await response.text(); response.headers.set("x-changed", "1"); throw new Error("after"); }`;

  it("is an error, as any script's", async () => {
    const origin = standIn(() => new Response("there"));
    const account = await mintAccount();
    const { id } = await hooked(account, throwing);
    expect((await account.hit("GET", "/api/before")).status).toBe(500);
    expect(origin.arrived.length).toBe(0);
    expect((await account.hit("GET", "/api/after")).status).toBe(500);
    const { run, upstream } = await exchange(account, id);
    expect([run.outcome.error.message, upstream.response.status]).toEqual(["after", 200]);
  });

  it("lets what it was given go on as it was, where its owner wants that", async () => {
    const origin = standIn(() => json({ there: 1 }, { headers: { "x-up": "1" } }));
    const account = await mintAccount();
    const { id } = await hooked(account, throwing, { upstream: { onHookError: "pass" } });
    for (const path of ["before", "after"]) {
      const answer = await account.hit("POST", `/api/${path}`, { body: "sent" });
      const shown = [answer.status, answer.headers.get("x-up"), answer.headers.get("x-changed")];
      expect([...shown, await answer.json()]).toEqual([200, "1", null, { there: 1 }]);
      const { run } = await vi.waitFor(async () => {
        const kept = await exchange(account, id);
        if (kept.run.outcome.error?.message !== path) throw new Error("not yet");
        return kept;
      });
      expect(run.outcome.kind).toBe("threw");
    }
    expect(origin.arrived.map(({ text }) => text)).toEqual(["sent", "sent"]);
  });
});

describe("secrets that a hook writes", () => {
  it("are filled in where they may stand, and masked in what comes back", async () => {
    const account = await mintAccount();
    const value = "s3cr3t-value-of-thirty-two-bytes";
    await makeSecret(account, "TOKEN", value, {
      hosts: ["api.example.com"],
      in: ["header:authorization", "query", "json"],
    });
    const origin = standIn(({ headers, text, url }) =>
      json({ told: headers.get("authorization"), text, url }),
    );
    const { id } = await hooked(
      account,
      `export async function onRequest(request, ctx) {
        request.headers.set("authorization", "Bearer " + ctx.secrets.TOKEN);
        const { keep } = await request.json();
        return new Request(request.url + "?key=" + ctx.secrets.TOKEN, new Request(request, { body: JSON.stringify({ keep, key: String(ctx.secrets.TOKEN) }) }));
      }
      export async function onResponse(response, ctx) { console.log(await response.clone().text()); }`,
      { secrets: { mode: "all" } },
    );
    const headers = { "content-type": "application/json" };
    const answer = await account.hit("POST", "/api/x", { headers, body: '{"keep":1}' });
    const text = await answer.text();
    const [arrived] = origin.arrived;
    expect([arrived?.headers.get("authorization"), arrived?.url, arrived?.text]).toEqual([
      `Bearer ${value}`,
      `${URL_OF_UPSTREAM}/api/x?key=${value}`,
      JSON.stringify({ keep: 1, key: value }),
    ]);
    expect(text).toContain("[secret TOKEN]");
    const kept = JSON.stringify(await exchange(account, id));
    for (const told of [text, kept]) expect(told).not.toContain(value);
  });
});

describe("hooks elsewhere", () => {
  it("onResponse alone needs an upstream, and beside others it warns without one", async () => {
    const account = await mintAccount();
    const source = "export const onResponse = () => null;";
    const base = { name: "One", path: "/one", script: { source, language: "js" } };
    expect((await account.api("POST", "/responders", base)).status).toBe(422);
    const made = await account.api("POST", "/responders", { ...base, upstream: { url: URL_OF_UPSTREAM } });
    expect([made.status, made.body.warnings]).toEqual([201, []]);
    expect((await account.api("PATCH", `/responders/${made.body.id}`, { upstream: null })).status).toBe(422);
  });

  it("a trial calls the upstream, and a dry replay does only what needs none", async () => {
    const origin = standIn(() => new Response("there"));
    const account = await mintAccount();
    const { id } = await hooked(
      account,
      `export function onRequest(request, ctx) { if (ctx.params["*"] === "mock") return { body: "mock" } }
      export const onResponse = async (response) => ({ body: "seen " + (await response.text()) })`,
    );
    const tried = await account.api("POST", `/responders/${id}/test`, {
      request: { method: "GET", path: "/api/x" },
    });
    expect(tried.body).toMatchObject({
      response: { status: 200, body: { text: "seen there" } },
      run: { outcome: { kind: "returned" } },
    });
    expect(origin.arrived.length).toBe(1);
    const replay = async (path: string, mode: string) => {
      await account.hit("GET", path);
      const kept = await vi.waitFor(async () => {
        const { body } = await account.api("GET", `/responders/${id}/exchanges`);
        const found = body.items.find(({ request }: Got["body"]) => request.url.endsWith(path));
        if (found === undefined) throw new Error("not yet");
        return found;
      });
      return account.api("POST", `/responders/${id}/exchanges/${kept.id}/replay`, { mode });
    };
    expect((await replay("/api/mock", "dry")).status).toBe(200);
    expect(await replay("/api/x", "dry")).toMatchObject({ status: 409 });
    expect(origin.arrived.length).toBe(2);
    const again = await replay("/api/y", "record");
    expect([again.status, again.body.response.body]).toEqual([200, { text: "seen there" }]);
  });
});

describe("500 hits at once in front of a slow upstream", () => {
  it("are all answered by their hooks", async () => {
    const origin = standIn(async () => {
      await new Promise((resolve) => setTimeout(resolve, 1_000));
      return json({ id: 1, price: "0.00" });
    });
    const account = await mintAccount();
    await hooked(
      account,
      `export function onRequest(request) { request.headers.set("x-added", "1"); }
      export const onResponse = async (response) => ({ body: { ...(await response.json()), price: "1.00" } });`,
      { journal: { keep: 0 } },
    );
    const answers = await Promise.all(
      Array.from({ length: 500 }, async (_, at) => {
        const answer = await account.hit("GET", `/api/${at}`);
        return [answer.status, (await answer.json<{ price?: string }>()).price];
      }),
    );
    const statuses = answers.map(([status]) => status);
    expect(statuses.filter((status) => status !== 200)).toEqual([]);
    expect(new Set(answers.map(([, price]) => price))).toEqual(new Set(["1.00"]));
    expect(origin.arrived.length).toBe(500);
  });
});
