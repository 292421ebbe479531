import { exports } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { callerOf } from "../support/api.ts";

const call = callerOf({ fetch: (request) => exports.default.fetch(request) });
const PATH = "/api/v1/types.d.ts";

describe("the types of scripts", () => {
  it("are given to anybody, as text that no browser runs", async () => {
    const { status, headers, body } = await call("GET", PATH);
    expect(status).toBe(200);
    expect(headers.get("content-type")?.toLowerCase()).toBe("text/plain; charset=utf-8");
    expect(headers.get("x-content-type-options")).toBe("nosniff");
    expect(headers.get("cache-control")).toBe("public, max-age=3600");
    for (const name of ["Request", "Response", "Context", "Reply", "SecretHandle", "Kv"])
      expect(body).toContain(`\ninterface ${name} `);
    expect(body).toMatch(/^\/\/ Hookwright \d+\.\d+\.\d+: /);
    expect((await call("HEAD", PATH)).status).toBe(200);
    expect((await call("POST", PATH, { json: {} })).status).toBe(405);
  });

  it("are not sent again to who has them", async () => {
    const etag = (await call("GET", PATH)).headers.get("etag") ?? "";
    expect(etag).toMatch(/^"[\w-]{22}"$/);
    for (const known of [etag, `W/${etag}`, `"other", ${etag}`, "*"]) {
      const got = await call("GET", PATH, { headers: { "if-none-match": known } });
      expect([known, got.status, got.body, got.headers.get("etag")]).toEqual([known, 304, "", etag]);
    }
    expect((await call("GET", PATH, { headers: { "if-none-match": '"other"' } })).status).toBe(200);
  });

  it("stand in the document as open to anybody", async () => {
    const { body } = await call("GET", "/api/openapi.json");
    const { get } = body.paths[PATH];
    expect([get.operationId, get.security]).toEqual(["readScriptTypes", []]);
    expect(Object.keys(get.responses)).toEqual(["200", "304"]);
  });
});
