import { z } from "@hono/zod-openapi";
import { createExecutionContext, waitOnExecutionContext } from "cloudflare:test";
import { beforeAll, describe, expect, it } from "vitest";
import { createBase } from "../../src/api/base.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "../../src/api/operation.ts";
import { pageOf, pageRequest, SearchQuery, toPage } from "../../src/api/page.ts";
import type { Router } from "../../src/api/router.ts";
import { AppError, type ErrorCode } from "../../src/lib/errors.ts";
import { ADMIN_TOKEN, callerOf, codeOf, createWorld, type Got, pathsOf } from "../support/api.ts";

const world = createWorld();
const { witness } = world;

/** Work that tests hold up, count and make fail. */
let worked = 0;
let gate: Promise<void> = Promise.resolve();
let failure: Error | undefined;

const Thing = z.strictObject({
  name: z.string(),
  size: z.int().positive().optional(),
  response: z.strictObject({ status: z.int() }).optional(),
  body: z
    .union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })])
    .optional(),
  tags: z.array(z.string()).optional(),
});
const ITEMS = ["e", "d", "c", "b", "a"].map((id) => ({ id }));
const CODES: readonly ErrorCode[] = [
  "not-found",
  "forbidden",
  "conflict",
  "stale",
  "invalid",
  "over-limit",
  "unavailable",
];

const register = (router: Router): void => {
  const common = {
    tag: "Test",
    summary: "Test",
    query: NO_QUERY,
    scope: "responders:write",
    shown: z.unknown(),
  } as const;
  const things = { ...common, path: "/api/v1/things" } as const;
  router.scoped(
    { ...things, id: "make", method: "post", body: Thing, status: 201 },
    async (_principal, { body }) => {
      worked += 1;
      await gate;
      if (failure !== undefined) throw failure;
      return {
        body: { ...body, worked, secret: "s" },
        kept: { ...body, worked },
        location: "/api/v1/things/1",
        etag: "t.1",
      };
    },
  );
  router.scoped(
    {
      ...things,
      id: "list",
      method: "get",
      body: NO_BODY,
      query: SearchQuery,
      status: 200,
      shown: pageOf(z.any()),
    },
    async (principal, { query }) => {
      const list = `things:${principal.account.id}`;
      const page = pageRequest(list, query);
      const rest = ITEMS.filter(({ id }) => page.after === undefined || id < page.after);
      return { body: toPage(list, page.limit, rest, (item) => item) };
    },
  );
  router.scoped(
    {
      ...common,
      id: "patch",
      method: "patch",
      path: "/api/v1/things/:id",
      params: { id: "rsp" },
      body: Thing.partial(),
      status: 200,
      guarded: true,
    },
    async (_principal, { body, ifMatch, param }) => ({ body: { body, ifMatch, id: param("id") } }),
  );
  router.scoped(
    {
      ...common,
      id: "act",
      method: "post",
      path: "/api/v1/things/:n/act",
      params: { n: "integer" },
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
    },
    async () => ({ body: undefined }),
  );
  for (const code of CODES) {
    router.scoped(
      { ...common, id: code, method: "get", path: `/api/v1/fail/${code}`, body: NO_BODY, status: 200 },
      () => {
        throw new AppError(code, "Because.");
      },
    );
  }
  router.scoped(
    { ...common, id: "bug", method: "get", path: "/api/v1/fail/bug", body: NO_BODY, status: 200 },
    () => {
      throw new TypeError("inner words");
    },
  );
  router.scoped(
    { ...common, id: "odd", method: "get", path: "/api/v1/fail/odd", body: NO_BODY, status: 200 },
    async () => {
      // oxlint-disable-next-line typescript/only-throw-error, no-throw-literal -- libraries do it
      throw "inner words";
    },
  );
};

const api = createBase(world.base, register);
const call = callerOf(api);
let key = "";
let otherKey = "";

beforeAll(async () => {
  const operator = { kind: "operator" } as const;
  key = (await world.accounts.create(operator, { name: "One" })).key.secret;
  otherKey = (await world.accounts.create(operator, { name: "Two" })).key.secret;
});

const post = (text: BodyInit, headers: Record<string, string> = {}): Promise<Got> =>
  call("POST", "/api/v1/things", { key, text, headers });

const listThings = (query: string, as = key): Promise<Got> =>
  call("GET", `/api/v1/things${query}`, { key: as });

const patchThing = (ifMatch?: string): Promise<Got> =>
  call("PATCH", "/api/v1/things/rsp_01jz3v8q6hft2m5x9k7w4c0b1d", {
    key,
    json: {},
    ...(ifMatch === undefined ? {} : { headers: { "if-match": ifMatch } }),
  });

const makeThing = (idempotencyKey: string, json: unknown = { name: "a" }, as = key): Promise<Got> =>
  call("POST", "/api/v1/things", { key: as, json, headers: { "idempotency-key": idempotencyKey } });

describe("every answer", () => {
  it("carries a request id, is not stored, and is not sniffed", async () => {
    for (const path of ["/api/v1/things", "/api/nowhere", "/api/v1/fail/bug"]) {
      const { headers } = await call("GET", path, { key });
      expect(headers.get("x-request-id")).toMatch(/^req_[0-9a-z]{26}$/);
      expect(headers.get("cache-control")).toBe("no-store");
      expect(headers.get("x-content-type-options")).toBe("nosniff");
    }
  });

  it("leaves one line for the operator, without anything that the caller sent", async () => {
    witness.events.length = 0;
    const { headers } = await post('{"name":"canary-4711"}', { "x-canary": "canary-4711" });
    expect(witness.events).toHaveLength(1);
    expect(witness.events[0]).toMatchObject({
      kind: "api",
      requestId: headers.get("x-request-id"),
      method: "POST",
      route: "/api/v1/things",
      status: 201,
      problem: null,
      requestBytes: 22,
      responseBytes: Number(headers.get("content-length")),
    });
    expect(JSON.stringify(witness.events)).not.toContain("canary");
  });
});

describe("routes", () => {
  it("answers 404 for an unknown route, and 405 with Allow for a method that a known one has not", async () => {
    expect(codeOf(await call("GET", "/api/v1/nothing", { key }))).toBe("not-found");
    expect((await call("GET", "/api/v1/things/", { key })).status).toBe(404);
    const wrong = await call("DELETE", "/api/v1/things", { key });
    expect([wrong.status, wrong.headers.get("allow"), codeOf(wrong)]).toEqual([
      405,
      "GET, HEAD, POST",
      "method-not-allowed",
    ]);
    const other = await call("OPTIONS", "/api/v1/things/rsp_1", { key });
    expect([other.status, other.headers.get("allow")]).toEqual([405, "PATCH"]);
  });

  it("answers 404 for an id of another form", async () => {
    for (const id of [
      "x",
      "key_01jz3v8q6hft2m5x9k7w4c0b1d",
      "rsp_01JZ3V8Q6HFT2M5X9K7W4C0B1D",
      "%00",
      "..%2f",
    ]) {
      expect((await call("PATCH", `/api/v1/things/${id}`, { key, json: {} })).status).toBe(404);
    }
    const named = await call("PATCH", "/api/v1/things/x", { key, json: {} });
    expect(named.body.detail).toContain("{id} in the path is rsp_ and 26 letters and digits");
    expect((await call("POST", "/api/v1/things/0/act", { key })).status).toBe(404);
    expect((await call("POST", "/api/v1/things/3/act", { key })).status).toBe(204);
  });

  it("answers HEAD like GET, without a body", async () => {
    const head = await call("HEAD", "/api/v1/things", { key });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "application/json"]);
  });

  it("refuses what comes from a script or a proxied request", async () => {
    const got = await call("GET", "/api/v1/things", { key, headers: { "x-hookwright-hops": "1" } });
    expect([got.status, codeOf(got)]).toEqual([403, "from-a-hook"]);
  });
});

describe("authentication", () => {
  it("answers 401 with a challenge for no key, a bad header, and an unknown key", async () => {
    const headers = [
      "",
      "Basic abc",
      "Bearer",
      "Bearer a b",
      key,
      `Bearer ${key}x`,
      `Bearer hw_live_${"A".repeat(43)}`,
      `Bearer ${ADMIN_TOKEN}`,
    ];
    for (const authorization of headers) {
      const got = await call(
        "GET",
        "/api/v1/things",
        authorization === "" ? {} : { headers: { authorization } },
      );
      expect([authorization, got.status, codeOf(got)]).toEqual([authorization, 401, "unauthorized"]);
      expect(got.headers.get("www-authenticate")).toBe("Bearer");
      expect(got.headers.get("content-type")).toBe("application/problem+json");
    }
  });

  it("takes the scheme in any case", async () => {
    expect(
      (await call("GET", "/api/v1/things", { headers: { authorization: `bearer ${key}` } })).status,
    ).toBe(200);
  });

  it("never takes a key from the URL, not even beside a good one", async () => {
    for (const path of [`/api/v1/things?key=${key}`, `/api/v1/things?q=${key}`, `/api/v1/${key}`]) {
      const got = await call("GET", path, { key });
      expect([got.status, codeOf(got)]).toEqual([400, "key-in-url"]);
      expect(JSON.stringify(got.body)).not.toContain(key);
    }
  });
});

describe("a key's rate", () => {
  it("answers 429 with Retry-After to an account that calls too often, and claims no Idempotency-Key", async () => {
    const { account } = (await world.accounts.authenticate(key)) ?? {};
    expect(account).toBeDefined();
    witness.limited.add(account?.id ?? "");
    const got = await makeThing("rate");
    expect([got.status, codeOf(got), got.headers.get("retry-after")]).toEqual([
      429,
      "too-many-requests",
      "10",
    ]);
    expect(witness.events.at(-1)).toMatchObject({ accountId: account?.id, problem: "too-many-requests" });
    expect((await listThings("", otherKey)).status).toBe(200);
    expect((await listThings("", "hw_live_unknown")).status).toBe(401);
    witness.limited.clear();
    const again = await makeThing("rate");
    expect([again.status, again.headers.has("idempotency-replayed")]).toEqual([201, false]);
  });
});

describe("bodies", () => {
  it("answers 400 with the position for JSON that does not parse", async () => {
    const cases: readonly (readonly [text: string, line: number, column: number])[] = [
      ["{", 1, 2],
      ['{"name": x}', 1, 10],
      ['{"name":"a",}', 1, 13],
      ['{\n  "name": "a"\n  "size": 1\n}', 3, 3],
      ["nul", 1, 1],
      ['{"name":"a"} x', 1, 14],
      ["{'name':1}", 1, 2],
      ['{"name":"a\n"}', 1, 9],
      ['{"name":01}', 1, 10],
      ["[1,]", 1, 4],
      ["[1}", 1, 3],
      ['{"name" "a"}', 1, 9],
      ["[".repeat(100_000), 1, 100_001],
    ];
    for (const [text, line, column] of cases) {
      const got = await post(text);
      expect([text.slice(0, 40), got.status, codeOf(got)]).toEqual([
        text.slice(0, 40),
        400,
        "malformed-json",
      ]);
      expect(got.body.detail).toBe(`The body is not valid JSON: line ${line}, column ${column}.`);
    }
  });

  it("answers 400 for an empty body and for invalid UTF-8, and ignores a byte order mark", async () => {
    expect(codeOf(await call("POST", "/api/v1/things", { key }))).toBe("malformed-json");
    expect(codeOf(await post(""))).toBe("malformed-json");
    expect(codeOf(await post(new Uint8Array([0x22, 0xff, 0x22])))).toBe("malformed-json");
    expect((await post('\uFEFF{"name":"a"}')).status).toBe(201);
  });

  it("answers 415 for another content type, none, or an encoded body", async () => {
    for (const type of [
      "text/plain",
      "application/x-www-form-urlencoded",
      "application/merge-patch+json",
      "application/jsonx",
    ]) {
      const got = await post('{"name":"a"}', { "content-type": type });
      expect([type, got.status, codeOf(got)]).toEqual([type, 415, "unsupported-media-type"]);
    }
    expect((await post(new TextEncoder().encode('{"name":"a"}'), { "content-type": "" })).status).toBe(415);
    expect((await post('{"name":"a"}', { "content-encoding": "gzip" })).status).toBe(415);
    expect((await post('{"name":"a"}', { "content-type": "Application/JSON; charset=utf-8" })).status).toBe(
      201,
    );
    const patch = { key, json: {}, headers: { "content-type": "application/json" } };
    expect((await call("PATCH", "/api/v1/things/rsp_01jz3v8q6hft2m5x9k7w4c0b1d", patch)).status).toBe(200);
    expect(
      (await call("PATCH", "/api/v1/things/rsp_01jz3v8q6hft2m5x9k7w4c0b1d", { key, json: {} })).status,
    ).toBe(200);
  });

  it("answers 413 over 2 MiB, told or streamed, and takes 2 MiB", async () => {
    const around = '{"name":""}'.length;
    const whole = (size: number): string => `{"name":"${"x".repeat(size - around)}"}`;
    expect((await post(whole(2 * 1024 * 1024))).status).toBe(201);
    const over = await post(whole(2 * 1024 * 1024 + 1));
    expect([over.status, codeOf(over)]).toEqual([413, "too-large"]);
    let sent = 0;
    const endless = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        sent += 65_536;
        if (sent > 20 * 1024 * 1024) controller.close();
        else controller.enqueue(new Uint8Array(65_536).fill(0x20));
      },
    });
    expect((await post(endless)).status).toBe(413);
    expect(sent).toBeLessThan(3 * 1024 * 1024);
  });

  it("answers 422 naming each fault by its path", async () => {
    const cases: readonly (readonly [json: unknown, ...paths: string[]])[] = [
      [{ name: "a", nmae: "b", other: 1 }, "nmae", "other"],
      [{ size: 1 }, "name"],
      [{ name: 7, size: "1" }, "name", "size"],
      [{ name: "a", size: 1.5 }, "size"],
      [{ name: "a", response: { status: "200" } }, "response.status"],
      [{ name: "a", response: { status: 200, stauts: 1 } }, "response.stauts"],
      [{ name: "a", tags: ["x", 1] }, "tags.1"],
      [{ name: "a", body: { text: 1 } }, "body.text"],
      [{ name: "a", body: 1 }, "body"],
      [{ name: "a", body: { k: 1 } }, "body"],
      [{ name: "a", body: { text: "a", base64: "" } }, "body"],
      [{ name: "a", body: { text: "a", k: 1 } }, "body.k"],
      [{ name: null }, "name"],
      [[], ""],
      ["x", ""],
      [null, ""],
    ];
    for (const [json, ...paths] of cases) {
      const got = await call("POST", "/api/v1/things", { key, json });
      expect([json, got.status, codeOf(got), pathsOf(got)]).toEqual([json, 422, "invalid", paths]);
      expect(got.body.errors[0].message).not.toBe("");
    }
    const several = await call("POST", "/api/v1/things", { key, json: { size: "1", other: 1, more: 2 } });
    expect(several.body.detail).toBe("name: Required. (and 3 more)");
    const missing = await call("POST", "/api/v1/things", { key, json: {} });
    expect(missing.body).toMatchObject({ title: "Invalid input", status: 422, detail: "name: Required." });
    expect(missing.body.requestId).toBe(missing.headers.get("x-request-id"));
  });

  it("refuses nesting that would exhaust a stack, and __proto__ wherever it stands", async () => {
    const deep = await post(`{"name":${"[".repeat(200)}${"]".repeat(200)}}`);
    expect([deep.status, codeOf(deep)]).toEqual([422, "invalid"]);
    const veryDeep = await post(`{"name":${"[".repeat(500_000)}${"]".repeat(500_000)}}`);
    expect(veryDeep.status).toBe(422);
    const proto = await post('{"name":"a","response":{"__proto__":{"status":1}}}');
    expect([proto.status, pathsOf(proto)]).toEqual([422, ["response.__proto__"]]);
  });

  it("takes a repeated name and a NUL in a string as JSON has them", async () => {
    const got = await post('{"name":"a","name":"b\\u0000"}');
    expect([got.status, got.body.name]).toEqual([201, "b\0"]);
  });

  it("wants nothing, or an empty object, where there is nothing to say", async () => {
    expect((await call("POST", "/api/v1/things/1/act", { key, json: {} })).status).toBe(204);
    expect(pathsOf(await call("POST", "/api/v1/things/1/act", { key, json: { x: 1 } }))).toEqual(["x"]);
  });
});

describe("problems", () => {
  it("maps each code of a verb to its status", async () => {
    const got = await Promise.all(CODES.map((code) => call("GET", `/api/v1/fail/${code}`, { key })));
    expect(got.map(({ status }) => status)).toEqual([404, 403, 409, 412, 422, 422, 503]);
    expect(got.map(codeOf)).toEqual(CODES);
    expect(got.map(({ body }) => body.detail)).toEqual(CODES.map(() => "Because."));
    expect(got[5]?.body.errors).toEqual([{ path: "", message: "Because." }]);
    expect(got[6]?.headers.get("retry-after")).toBe("1");
  });

  it("tells nothing of a bug, whatever it throws, but logs it", async () => {
    witness.errors.length = 0;
    for (const bug of ["bug", "odd"]) {
      const got = await call("GET", `/api/v1/fail/${bug}`, { key });
      expect([got.status, codeOf(got)]).toEqual([500, "internal"]);
      expect(JSON.stringify(got.body)).not.toContain("inner words");
    }
    expect(witness.errors.map(String)).toEqual(["TypeError: inner words", "inner words"]);
  });
});

describe("lists", () => {
  it("goes through all pages, and ends with a null cursor", async () => {
    const seen: string[] = [];
    let cursor: string | null = "";
    while (cursor !== null) {
      const { body } = await listThings(`?limit=2${cursor === "" ? "" : `&cursor=${cursor}`}`);
      seen.push(...body.items.map(({ id }: { id: string }) => id));
      cursor = body.nextCursor;
    }
    expect(seen).toEqual(["e", "d", "c", "b", "a"]);
    expect((await listThings("?limit=5")).body.nextCursor).toBeNull();
    expect((await listThings("")).body.items).toHaveLength(5);
  });

  it("refuses a limit out of 1 to 200, an unknown or repeated parameter", async () => {
    for (const limit of ["0", "201", "-1", "1.5", "x", "", "9".repeat(30)]) {
      expect(pathsOf(await listThings(`?limit=${limit}`))).toEqual(["limit"]);
    }
    expect((await listThings("?limt=1")).body.errors).toEqual([
      { path: "limt", message: "Unknown query parameter. There are: limit, cursor, q." },
    ]);
    expect(pathsOf(await listThings("?limit=1&limit=2"))).toEqual(["limit"]);
  });

  it("refuses a cursor that this list of this account has not given", async () => {
    const { nextCursor } = (await listThings("?limit=2")).body;
    expect(pathsOf(await listThings(`?cursor=${nextCursor}`, otherKey))).toEqual(["cursor"]);
    for (const cursor of ["x", "%00", "e30", nextCursor.slice(0, 8), `${nextCursor.slice(0, 40)}!`]) {
      const got = await listThings(`?cursor=${cursor}`);
      expect([cursor, got.status, pathsOf(got)]).toEqual([cursor, 422, ["cursor"]]);
    }
  });
});

describe("If-Match", () => {
  it("is read bare, quoted, as a list, or as a star", async () => {
    expect((await patchThing()).body.ifMatch).toBeUndefined();
    expect((await patchThing("t.1")).body.ifMatch).toEqual(["t.1"]);
    expect((await patchThing('"t.1"')).body.ifMatch).toEqual(["t.1"]);
    expect((await patchThing('"t.1", t.2,"t.3"')).body.ifMatch).toEqual(["t.1", "t.2", "t.3"]);
    expect((await patchThing("*")).body.ifMatch).toBe("*");
    expect((await patchThing('W/"t.1"')).body.ifMatch).toEqual(["t.1"]);
    expect((await patchThing(" , ")).status).toBe(412);
  });
});

describe("Idempotency-Key", () => {
  it("gives the first answer again, without what is shown once", async () => {
    const first = await makeThing("again");
    const second = await makeThing("again");
    expect(first.headers.has("idempotency-replayed")).toBe(false);
    expect(second.headers.get("idempotency-replayed")).toBe("true");
    const { secret, ...shown } = first.body;
    expect(secret).toBe("s");
    expect([second.status, second.body]).toEqual([201, shown]);
    expect([second.headers.get("location"), second.headers.get("etag")]).toEqual([
      "/api/v1/things/1",
      '"t.1"',
    ]);
    expect(second.headers.get("x-request-id")).not.toBe(first.headers.get("x-request-id"));
  });

  it("counts for one account and route only", async () => {
    const before = worked;
    await makeThing("mine");
    expect((await makeThing("mine", { name: "a" }, otherKey)).headers.has("idempotency-replayed")).toBe(
      false,
    );
    expect(worked).toBe(before + 2);
    const other = await call("POST", "/api/v1/things/1/act", { key, headers: { "idempotency-key": "mine" } });
    expect([other.status, other.headers.has("idempotency-replayed")]).toEqual([204, false]);
    const again = await call("POST", "/api/v1/things/1/act", { key, headers: { "idempotency-key": "mine" } });
    expect([again.status, again.headers.get("idempotency-replayed"), again.body]).toEqual([204, "true", ""]);
  });

  it("answers 422 for another body", async () => {
    await makeThing("bodies");
    const got = await makeThing("bodies", { name: "b" });
    expect([got.status, codeOf(got)]).toEqual([422, "idempotency-mismatch"]);
  });

  it("lets one of two at once work, and tells the other to wait", async () => {
    const before = worked;
    const { promise, resolve: open } = Promise.withResolvers<void>();
    gate = promise;
    const both = [makeThing("race"), makeThing("race")];
    const loser = await Promise.race(both);
    expect([loser.status, codeOf(loser), loser.headers.get("retry-after")]).toEqual([
      409,
      "in-progress",
      "1",
    ]);
    open();
    const statuses = (await Promise.all(both)).map(({ status }) => status);
    expect(new Set(statuses)).toEqual(new Set([201, 409]));
    expect(worked).toBe(before + 1);
    expect((await makeThing("race")).headers.get("idempotency-replayed")).toBe("true");
  });

  it("repeats a refusal, and frees the key after a failure of ours", async () => {
    failure = new AppError("conflict", "Taken.");
    const refused = await makeThing("refused");
    failure = undefined;
    const repeated = await makeThing("refused");
    expect([refused.status, repeated.status, repeated.headers.get("idempotency-replayed")]).toEqual([
      409,
      409,
      "true",
    ]);
    expect((await makeThing("invalid", { nmae: 1 })).status).toBe(422);
    expect((await makeThing("invalid", { nmae: 1 })).headers.get("idempotency-replayed")).toBe("true");
    for (const error of [new Error("bug"), new AppError("unavailable", "Later.")]) {
      failure = error;
      expect((await makeThing("failing")).status).toBeGreaterThanOrEqual(500);
      failure = undefined;
    }
    const fine = await makeThing("failing");
    expect([fine.status, fine.headers.has("idempotency-replayed")]).toEqual([201, false]);
  });

  it("keeps an answer of several rows whole", async () => {
    // Pairs of surrogates at every boundary: a cut between them would lose the character.
    const name = `x${"😀".repeat(400_000)}`;
    const first = await makeThing("long", { name });
    const again = await makeThing("long", { name });
    expect([first.status, again.status, again.body.name === name]).toEqual([201, 201, true]);
  });

  it("forgets after 24 hours, and frees what a dead call had claimed after ten minutes", async () => {
    const before = worked;
    await makeThing("old");
    witness.skip(24 * 3_600_000 - 60_000);
    expect((await makeThing("old")).headers.get("idempotency-replayed")).toBe("true");
    witness.skip(120_000);
    const anew = await makeThing("old", { name: "another" });
    expect([anew.status, worked]).toEqual([201, before + 2]);
    const name = { accountId: "acc", keyId: "key", route: "POST /", idempotencyKey: "dead" };
    const at = Date.now();
    expect(await world.answers.claim(name, "hash", at)).toEqual({ kind: "claimed" });
    expect(await world.answers.claim(name, "hash", at + 9 * 60_000)).toEqual({ kind: "in-progress" });
    expect(await world.answers.claim(name, "hash", at + 11 * 60_000)).toEqual({ kind: "claimed" });
    expect(await world.answers.purge(at + 25 * 3_600_000)).toBeGreaterThan(0);
    expect(await world.answers.claim(name, "other", at)).toEqual({ kind: "claimed" });
  });

  it("refuses a key that is no key", async () => {
    for (const bad of ["", "a b", "x".repeat(256)]) {
      const got = await makeThing(bad);
      expect([bad, got.status, pathsOf(got)]).toEqual([bad, 422, ["Idempotency-Key"]]);
    }
  });

  it("carries a call through whose caller has gone", async () => {
    const before = worked;
    const context = createExecutionContext();
    const { promise, resolve: open } = Promise.withResolvers<void>();
    gate = promise;
    const request = new Request("http://localhost/api/v1/things", {
      method: "POST",
      headers: {
        authorization: `Bearer ${key}`,
        "content-type": "application/json",
        "idempotency-key": "gone",
      },
      body: '{"name":"a"}',
    });
    const answered = api.fetch(request, context);
    open();
    await waitOnExecutionContext(context);
    expect(worked).toBe(before + 1);
    await answered;
    expect((await makeThing("gone")).headers.get("idempotency-replayed")).toBe("true");
  });
});
