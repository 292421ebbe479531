import { describe, expect, it } from "vitest";
import { fromUtf8 } from "../../../src/lib/bytes.ts";
import { createRuntime, EgressError } from "../../../src/runtime/index.ts";
import { type Answering, failing, fakeHttp, type FakeHttp } from "../../support/fake-http.ts";
import { engineModule } from "../../support/node-engine.ts";
import { INPUT, scriptEvaluator, scriptRunner } from "../../support/run-script.ts";

const runtime = createRuntime({ module: await engineModule(), now: Date.now });
const run = scriptRunner(runtime);
const evaluate = scriptEvaluator(run);

const bodies = INPUT.body === null ? [] : [INPUT.body];
const fake = (answer?: Answering, limits = { fetches: 20, fetchesInFlight: 4 }): FakeHttp =>
  fakeHttp(answer, limits, bodies);
/** What the body of an async function comes to, in a run that may send requests. */
const js = (body: string, server: FakeHttp = fake()): Promise<unknown> =>
  evaluate(body, { grants: [server.grant()] });
const outcomeOf = async (code: string, server: FakeHttp) => {
  const module = `export default async (request, ctx) => { ${code} }`;
  const execution = run("module", module, { grants: [server.grant()] });
  const { answer, outcome } = await execution.answer;
  await execution.end;
  return { answer, outcome };
};
const refused = (call: string): string =>
  `try { await ${call}; return "sent" } catch (error) { return error.name + ": " + error.message }`;
const SITE = '"https://api.example.com/a?b=1"';

describe("fetch, as a run has it", () => {
  it("does not exist in a run that is not granted it", async () => {
    expect(await evaluate('return [typeof fetch, "fetch" in globalThis]')).toEqual(["undefined", false]);
  });

  it("is a function as browsers have it", async () => {
    const shape = `const { enumerable, writable, configurable } = Object.getOwnPropertyDescriptor(globalThis, "fetch");
      return [fetch.name, fetch.length, enumerable, writable, configurable, "prototype" in fetch]`;
    expect(await js(shape)).toEqual(["fetch", 1, false, true, true, false]);
  });

  it("takes a string, a URL or a Request, and what stands beside it", async () => {
    const server = fake();
    await js(
      `await fetch(${SITE}); await fetch(new URL(${SITE}));
       await fetch(new Request(${SITE}, { method: "put", headers: { "x-a": "1" }, body: "x" }), { headers: [["x-b", "2"]], redirect: "manual" });`,
      server,
    );
    const plain = { url: "https://api.example.com/a?b=1", encoded: false, timeoutMs: null };
    const get = { ...plain, method: "GET", headers: [], redirect: "follow", text: null, from: null };
    expect(server.seen).toEqual([
      get,
      get,
      {
        ...plain,
        method: "PUT",
        headers: [["x-b", "2"]],
        redirect: "manual",
        text: "x",
        from: "own",
      },
    ]);
  });

  it.each([
    ['"a €"', "text/plain;charset=UTF-8", "a €"],
    ["new Uint8Array([97, 98]).subarray(1)", null, "b"],
    ['new URLSearchParams({ a: "1 2" })', "application/x-www-form-urlencoded;charset=UTF-8", "a=1+2"],
    ['new Blob(["x"], { type: "text/x" })', "text/x", "x"],
  ])("sends %s as a Request does", async (body, type, text) => {
    const server = fake();
    await js(`await fetch(${SITE}, { method: "POST", body: ${body} })`, server);
    const [seen] = server.seen;
    expect([seen?.text, seen?.from, seen?.headers]).toEqual([
      text,
      "own",
      type === null ? [] : [["content-type", type]],
    ]);
  });

  it("sends a form with the boundary that its type names", async () => {
    const server = fake();
    await js(
      `const form = new FormData(); form.set("a", "1"); await fetch(${SITE}, { method: "POST", body: form })`,
      server,
    );
    const [, boundary = ""] =
      /^multipart\/form-data; boundary=(.+)$/.exec(server.seen[0]?.headers[0]?.[1] ?? "") ?? [];
    expect(server.seen[0]?.text).toContain(`--${boundary}\r\n`);
  });

  it("sends the sender's body on without its entering the sandbox", async () => {
    const server = fake();
    const used = await js(
      `await fetch(${SITE}, { method: "POST", body: request.body }); return [request.bodyUsed, ${refusedText("request.text()")}]`,
      server,
    );
    expect(server.seen[0]).toMatchObject({ text: '{"name":"Ada","n":[1,2]}', from: "foreign" });
    expect(used).toEqual([true, "TypeError"]);
  });

  it("gives a Response with all that came", async () => {
    const server = fake(() => ({
      status: 404,
      statusText: "Nope",
      url: "https://api.example.com/b",
      redirected: true,
      headers: [
        ["content-type", "text/x"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
    }));
    expect(
      await js(
        `const res = await fetch(${SITE});
         return [res instanceof Response, res.status, res.statusText, res.ok, res.url, res.redirected, res.type, [...res.headers],
           res.headers.getSetCookie(), res.bodyUsed, await res.text(), res.bodyUsed, ${refusedText("res.text()")},
           ${refusedText('(async () => res.headers.set("a", "b"))()')}]`,
        server,
      ),
    ).toEqual([
      true,
      404,
      "Nope",
      false,
      "https://api.example.com/b",
      true,
      "default",
      [
        ["content-type", "text/x"],
        ["set-cookie", "a=1"],
        ["set-cookie", "b=2"],
      ],
      ["a=1", "b=2"],
      false,
      "hello",
      true,
      "TypeError",
      "TypeError",
    ]);
  });

  it("keeps the headers of a coding from a body that was decoded", async () => {
    const headers = [
      ["content-encoding", "gzip"],
      ["content-length", "9"],
      ["etag", "x"],
    ] as const;
    const names = `return [...(await fetch(${SITE})).headers.keys()]`;
    expect(
      await js(
        names,
        fake(() => ({ headers, decoded: true })),
      ),
    ).toEqual(["etag"]);
    expect(
      await js(
        names,
        fake(() => ({ headers, decoded: false })),
      ),
    ).toHaveLength(3);
  });

  it.each([
    ["json()", '{"a":[1]}', { a: [1] }],
    ["text()", "\ufeffa", "a"],
    ["bytes().then((b) => [...b])", "ab", [97, 98]],
    ["arrayBuffer().then((b) => b.byteLength)", "abc", 3],
    ["blob().then(async (b) => [b.type, await b.text()])", "x", ["text/x", "x"]],
  ])("reads a body by %s", async (call, body, read) => {
    const server = fake(() => ({ headers: [["content-type", "text/x"]], body }));
    expect(await js(`return (await fetch(${SITE})).${call}`, server)).toEqual(read);
  });

  it("reads a form", async () => {
    const server = fake(() => ({
      headers: [["content-type", "application/x-www-form-urlencoded"]],
      body: "a=1&b=2",
    }));
    expect(await js(`return [...(await (await fetch(${SITE})).formData())]`, server)).toEqual([
      ["a", "1"],
      ["b", "2"],
    ]);
  });

  it("reads a body as one chunk, and an absent one as nothing", async () => {
    const chunks = `const all = []; for await (const chunk of (await fetch(${SITE})).body) all.push(chunk.length); return all`;
    expect(
      await js(
        chunks,
        fake(() => ({ body: ["ab", "c"] })),
      ),
    ).toEqual([3]);
    const none = `const res = await fetch(${SITE}); return [res.body, await res.text(), res.bodyUsed]`;
    expect(
      await js(
        none,
        fake(() => ({ body: null, status: 204 })),
      ),
    ).toEqual([null, "", false]);
  });

  it("gives a body to two readers, whoever of them comes first, and cancels what nobody reads", async () => {
    const server = fake(() => ({ body: ["ab", "c"] }));
    expect(
      await js(
        `const one = await fetch(${SITE}); const two = one.clone(); const three = two.clone();
         const texts = await Promise.all([two.text(), one.json().catch((e) => e.name)]);
         return [...texts, two.url === one.url, await three.text()]`,
        server,
      ),
    ).toEqual(["abc", "SyntaxError", true, "abc"]);
    expect(server.cancelled()).toBe(0);
    await js(`const res = await fetch(${SITE}); res.clone(); await fetch(${SITE})`, server);
    expect(server.cancelled()).toBe(2);
  });

  it("passes a body on to another server without its entering the sandbox", async () => {
    const server = fake(() => ({ body: ["from ", "one"] }));
    const passed = await js(
      `const { body } = await fetch(${SITE});
       await fetch("https://b.example.com/", { method: "POST", body });
       return ${refusedText('fetch("https://c.example.com/", { method: "POST", body })')}`,
      server,
    );
    expect(passed).toBe("TypeError");
    expect(server.seen.map(({ text, from }) => [text, from])).toEqual([
      [null, null],
      ["from one", "stream"],
    ]);
  });

  it("waits for its turn when too many are under way, and ends the run at one too many", async () => {
    let busy = 0;
    let most = 0;
    const server = fake(
      async () => {
        busy += 1;
        most = Math.max(most, busy);
        await new Promise((resolve) => setTimeout(resolve, 5));
        busy -= 1;
        return {};
      },
      { fetches: 6, fetchesInFlight: 2 },
    );
    expect(
      await js(`return (await Promise.all(Array.from({ length: 6 }, () => fetch(${SITE})))).length`, server),
    ).toBe(6);
    expect([most, server.seen.length]).toEqual([2, 6]);
    const { outcome } = await outcomeOf(`for (;;) await fetch(${SITE}).catch(() => {})`, server);
    expect(outcome).toMatchObject({ kind: "exceeded", limit: "calls", limitValue: 6 });
  });
});

/** The name of what a promise rejects with, as an expression. */
function refusedText(promise: string): string {
  return `await (async () => { try { await ${promise}; return "fine" } catch (error) { return error.name } })()`;
}

describe("a body that is answered", () => {
  const whole = async (code: string, server: FakeHttp) => {
    const { answer, outcome } = await outcomeOf(code, server);
    if (answer === null || answer.kind === "none") throw new Error(JSON.stringify(outcome));
    const { body } = answer;
    if (body === null || body === undefined || !("stream" in body)) throw new Error("no stream");
    const text = await new Response(body.stream).text();
    return { ...answer, body: text };
  };

  it("never enters the sandbox", async () => {
    const server = fake(() => ({ status: 201, headers: [["x-a", "1"]], body: ["ab", "c"] }));
    const answered = { kind: "response", status: 201, headers: [["x-a", "1"]], body: "abc" };
    expect(await whole(`return fetch(${SITE})`, server)).toMatchObject(answered);
    expect(
      await whole(`const res = await fetch(${SITE}); return new Response(res.body, res)`, server),
    ).toMatchObject(answered);
    expect(await whole(`return { body: (await fetch(${SITE})).body }`, server)).toMatchObject({
      kind: "reply",
      body: "abc",
    });
    expect(server.cancelled()).toBe(0);
  });

  it("is read to its end although the run is over, and a clone of it was not", async () => {
    const server = fake(() => ({ body: ["ab", "c"] }));
    expect((await whole(`const res = await fetch(${SITE}); res.clone(); return res`, server)).body).toBe(
      "abc",
    );
    expect(
      (await whole(`const res = await fetch(${SITE}); void res.clone().text(); return res`, server)).body,
    ).toBe("abc");
    expect(
      (await whole(`const res = await fetch(${SITE}); await res.clone().text(); return res`, server)).body,
    ).toBe("abc");
  });

  it("is refused once it has been read", async () => {
    const { outcome } = await outcomeOf(
      `const res = await fetch(${SITE}); await res.text(); return res`,
      fake(),
    );
    expect(outcome).toMatchObject({ kind: "unusable", reason: "bad-result" });
  });

  it("can be what an expression answers with", async () => {
    const code = `(async () => ({ body: (await fetch(${SITE})).body }))()`;
    const { answer } = await run("expression", code, { grants: [fake().grant()] }).answer;
    if (answer?.kind !== "reply" || !answer.body || !("stream" in answer.body)) throw new Error("no stream");
    expect(await new Response(answer.body.stream).text()).toBe("hello");
  });
});

describe("a fetch that fails", () => {
  it.each([
    ["no URL", '"/a"', "TypeError: Invalid URL"],
    ["credentials", '"https://u:p@a.example/"', "TypeError: A request's URL holds no credentials."],
    ["a method that is none", `${SITE}, { method: "a b" }`, 'TypeError: Invalid method: "a b"'],
    ["a body with GET", `${SITE}, { body: "x" }`, "TypeError: A GET request has no body."],
    ["a redirect that is none", `${SITE}, { redirect: "x" }`, "TypeError: redirect is one of"],
    ["a signal that is none", `${SITE}, { signal: 1 }`, "TypeError: "],
    ["nothing", "", "TypeError: 1 argument is needed"],
  ])("for %s rejects before anything is sent", async (_, args, message) => {
    const server = fake();
    expect(await js(refused(`fetch(${args})`), server)).toContain(message);
    expect(server.seen).toEqual([]);
  });

  it.each([
    ["connect", "TypeError: Failed to connect to upstream"],
    ["timeout", "TypeError: Upstream request timed out"],
    ["not-allowed-secret", "SecretNotAllowed: The secret"],
  ] as const)("with %s says so as a catchable error in the script's own lines", async (kind, told) => {
    const message = told.slice(told.indexOf(" ") + 1);
    const server = fake(() => failing(kind, message));
    expect(await js(refused(`fetch(${SITE})`), server)).toBe(told);
    expect(
      await js(`return fetch(${SITE}).catch((e) => [e instanceof Error, /script:1:/.test(e.stack)])`, server),
    ).toEqual([true, true]);
  });

  it("in the middle of the body rejects whoever reads it", async () => {
    const broken = new EgressError({ kind: "broken", message: "Upstream request failed" });
    const server = fake(() => ({ body: ["ab", broken] }));
    expect(await js(refused(`(await fetch(${SITE})).json()`), server)).toBe(
      "TypeError: Upstream request failed",
    );
    const both = `const a = await fetch(${SITE}); const b = a.clone(); return (await Promise.allSettled([a.text(), b.text()])).map((r) => r.reason.message)`;
    expect(await js(both, server)).toEqual(["Upstream request failed", "Upstream request failed"]);
  });

  it("because headers are without end is told as the other server's fault", async () => {
    const server = fake(() => ({ headers: [["x", "y".repeat(300_000)]] }));
    expect(await js(refused(`fetch(${SITE})`), server)).toContain("Upstream request failed: ");
    expect(server.cancelled()).toBe(1);
  });

  it("stops reading at the limit", async () => {
    let pulled = 0;
    const piece = "x".repeat(1024 * 1024);
    const endless = new ReadableStream<Uint8Array>(
      {
        pull: (controller) => {
          pulled += 1;
          controller.enqueue(new TextEncoder().encode(piece));
        },
      },
      { highWaterMark: 0 },
    );
    const told = await js(
      refused(`(await fetch(${SITE})).bytes()`),
      fake(() => ({ body: endless })),
    );
    expect([told, pulled]).toEqual(["TypeError: Upstream response body too large", 11]);
  });
});

describe("a signal", () => {
  const never: Answering = (_seen, signal) =>
    new Promise((_, reject) => {
      signal.addEventListener("abort", () => reject(new Error("off")));
    });

  it("that is aborted keeps the request from being sent", async () => {
    const server = fake();
    expect(await js(refused(`fetch(${SITE}, { signal: AbortSignal.abort() })`), server)).toContain(
      "AbortError",
    );
    expect(
      await js(
        `const reason = { mine: 1 }; return fetch(${SITE}, { signal: AbortSignal.abort(reason) }).catch((e) => e === reason)`,
        server,
      ),
    ).toBe(true);
    expect(server.seen).toEqual([]);
  });

  it("calls the host's request off, with its own reason", async () => {
    let off = false;
    const server = fake((seen, signal) => {
      signal.addEventListener("abort", () => (off = true));
      return never(seen, signal);
    });
    expect(
      await js(
        `const c = new AbortController(); const reason = new Error("mine"); const { stack } = reason;
         setTimeout(() => c.abort(reason), 1);
         return fetch(${SITE}, { signal: c.signal }).catch((e) => [e === reason, e.stack === stack])`,
        server,
      ),
    ).toEqual([true, true]);
    expect(off).toBe(true);
  });

  it("may be a timeout, or of a Request", async () => {
    expect(await js(refused(`fetch(${SITE}, { signal: AbortSignal.timeout(2) })`), fake(never))).toContain(
      "TimeoutError",
    );
    expect(
      await js(
        `const c = new AbortController(); const r = new Request(${SITE}, { signal: c.signal }); setTimeout(() => c.abort(), 1); ${refused("fetch(r)")}`,
        fake(never),
      ),
    ).toContain("AbortError");
  });

  it("ends a body that is being read, and one that is not read yet", async () => {
    const stalled = new ReadableStream<Uint8Array>({}, { highWaterMark: 0 });
    const read = `const c = new AbortController(); const res = await fetch(${SITE}, { signal: c.signal });
      setTimeout(() => c.abort(), 1); ${refused("res.text()")}`;
    expect(
      await js(
        read,
        fake(() => ({ body: stalled })),
      ),
    ).toContain("AbortError");
    const server = fake();
    const unread = `const c = new AbortController(); const res = await fetch(${SITE}, { signal: c.signal }); c.abort(); ${refused("res.text()")}`;
    expect(await js(unread, server)).toContain("AbortError");
    expect(server.cancelled()).toBe(1);
  });
});

describe("an error of the host's that ends the run", () => {
  const server = () => fake(() => failing("timeout", "Upstream request timed out"));

  it.each([
    ["is thrown as it is", `await fetch(${SITE})`],
    ["is caught, and thrown again", `try { await fetch(${SITE}) } catch (e) { throw e }`],
    [
      "is made to say something else",
      `try { await fetch(${SITE}) } catch (e) { e.message = "x"; e.name = "y"; throw e }`,
    ],
    ["comes through other promises", `await Promise.all([1, fetch(${SITE})])`],
  ])("tells whose fault it was, when it %s", async (_, code) => {
    expect((await outcomeOf(code, server())).outcome).toMatchObject({ kind: "threw", upstream: "timeout" });
  });

  it.each([
    ["another that says the same", `await fetch(${SITE}).catch((e) => { throw new TypeError(e.message) })`],
    ["one that inherits from it", `await fetch(${SITE}).catch((e) => { throw Object.create(e) })`],
    ["a proxy of it", `await fetch(${SITE}).catch((e) => { throw new Proxy(e, {}) })`],
    ["one that holds it", `await fetch(${SITE}).catch((cause) => { throw new Error("x", { cause }) })`],
    ["a clone of it", `await fetch(${SITE}).catch((e) => { throw structuredClone(e) })`],
  ])("is not %s", async (_, code) => {
    const { outcome } = await outcomeOf(code, server());
    expect([outcome.kind, "upstream" in outcome]).toEqual(["threw", false]);
  });

  it.each([
    ["connect", "connect"],
    ["broken", "broken"],
    ["too-large", "too-large"],
    ["timeout", "timeout"],
    ["not-allowed-secret", undefined],
  ] as const)("of the kind %s is %s", async (kind, upstream) => {
    const { outcome } = await outcomeOf(
      `await fetch(${SITE})`,
      fake(() => failing(kind, "x")),
    );
    expect(Reflect.get(outcome, "upstream")).toBe(upstream);
  });

  it("may be that of a body", async () => {
    const late = new EgressError({ kind: "timeout", message: "Upstream request timed out" });
    const { outcome } = await outcomeOf(
      `await (await fetch(${SITE})).text()`,
      fake(() => ({ body: [late] })),
    );
    expect(outcome).toMatchObject({ kind: "threw", upstream: "timeout" });
  });
});

describe("op_proxy_request", () => {
  const proxy = async (given: string, server: FakeHttp): Promise<unknown> => {
    const code = `(async () => ({ body: await Deno.core.ops.op_proxy_request(${given}).then(
      (r) => ({ ...r, body: Deno.core.decode(r.body), bytes: r.body instanceof Uint8Array }), (e) => [e.message]) }))()`;
    const execution = run("expression", code, { grants: [server.grant()] });
    const { answer, outcome } = await execution.answer;
    if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array))
      throw new Error(JSON.stringify(outcome));
    const { logs } = await execution.end;
    const told: unknown = JSON.parse(fromUtf8(answer.body));
    return logs.length === 0 ? told : { told, logs: logs.map(({ level, text }) => [level, text]) };
  };

  it("exists in an expression that is granted it, and only there", async () => {
    const code = `({ body: [typeof fetch, typeof Deno.core.ops] })`;
    const { answer } = await run("expression", code).answer;
    if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) throw new Error("no reply");
    expect(JSON.parse(fromUtf8(answer.body))).toEqual(["undefined", "undefined"]);
    expect(await js("return typeof Deno")).toBe("undefined");
  });

  it("has its defaults, and never follows", async () => {
    const server = fake(() => ({ status: 302, headers: [["location", "/x"]], body: null }));
    expect(await proxy(`{ url: ${SITE} }`, server)).toEqual({
      statusCode: 302,
      headers: { location: "/x" },
      body: "",
      bytes: true,
    });
    expect(server.seen).toEqual([
      {
        url: "https://api.example.com/a?b=1",
        method: "GET",
        headers: [],
        redirect: "manual",
        timeoutMs: null,
        encoded: false,
        text: null,
        from: null,
      },
    ]);
  });

  it("sends bytes as a list or as they lie, headers and a timeout", async () => {
    const server = fake();
    await proxy(
      `{ url: ${SITE}, method: "PUT", body: [97, 98], headers: { "X-A": "1" }, timeout: 50 }`,
      server,
    );
    await proxy(`{ url: ${SITE}, method: "PUT", body: new Uint8Array([99]), decompress: false }`, server);
    expect(server.seen).toMatchObject([
      { method: "PUT", text: "ab", headers: [["X-A", "1"]], timeoutMs: 50 },
      { text: "c", encoded: true },
    ]);
  });

  it("moves the headers that are not true of the body any more", async () => {
    const headers = [
      ["content-encoding", "gzip"],
      ["content-length", "9"],
      ["x-a", "1"],
      ["x-a", "2"],
    ] as const;
    expect(
      await proxy(
        `{ url: ${SITE} }`,
        fake(() => ({ headers, decoded: true })),
      ),
    ).toMatchObject({
      headers: { "x-original-content-encoding": "gzip", "x-original-content-length": "9", "x-a": "2" },
      body: "hello",
    });
    expect(
      Reflect.get(
        Object(
          await proxy(
            `{ url: ${SITE} }`,
            fake(() => ({ headers, decoded: false })),
          ),
        ),
        "headers",
      ),
    ).toEqual({ "content-encoding": "gzip", "x-original-content-length": "9", "x-a": "2" });
  });

  it("takes insecure, and says that it changes nothing", async () => {
    expect(await proxy(`{ url: ${SITE}, insecure: true }`, fake())).toMatchObject({
      logs: [["warn", expect.stringContaining("certificates are always verified")]],
    });
  });

  it("tells failures as they are", async () => {
    const message = "Upstream request timed out";
    expect(
      await proxy(
        `{ url: ${SITE} }`,
        fake(() => failing("timeout", message)),
      ),
    ).toEqual([message]);
  });

  it.each([
    ["undefined", "it is given undefined"],
    ["{}", "url is undefined"],
    [`{ url: ${SITE}, headers: [] }`, "headers is an array"],
    [`{ url: ${SITE}, headers: { a: 1 } }`, "the header a is a number"],
    [`{ url: ${SITE}, body: "text" }`, "body is a string"],
    [`{ url: ${SITE}, timeout: NaN }`, "timeout is NaN"],
  ])("refuses %s", async (given, message) => {
    expect(String(await proxy(given, fake()))).toContain(message);
  });
});
