import { createHmac } from "node:crypto";
import { execFileSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import type { Received } from "../support/http.ts";
import { newHome, startProduct, type Product } from "../support/product.ts";

const SECRET = "It's a Secret to Everybody";

const VERIFY_PUSH = `
const hex = (bytes) => [...new Uint8Array(bytes)].map((b) => b.toString(16).padStart(2, "0")).join("");
export default async function (request) {
  const body = await request.bytes();
  const key = await crypto.subtle.importKey("raw", new TextEncoder().encode(${JSON.stringify(SECRET)}), { name: "HMAC", hash: "SHA-256" }, false, ["sign"]);
  const expected = "sha256=" + hex(await crypto.subtle.sign("HMAC", key, body));
  if (request.headers.get("x-hub-signature-256") !== expected) return new Response("bad signature", { status: 401 });
  const push = JSON.parse(new TextDecoder().decode(body));
  return Response.json({ repository: push.repository.name });
}`;

const PUSH = JSON.stringify({
  ref: "refs/heads/main",
  repository: { id: 186853002, name: "Hello-World", full_name: "octocat/Hello-World", private: false },
  pusher: { name: "octocat" },
  commits: [{ id: "0d1a26e67d8f5eaf1f6ba5c57fc3c7d91ac0fd1c", message: "Update README.md – café ☕" }],
});

const sign = (body: string): string => `sha256=${createHmac("sha256", SECRET).update(body).digest("hex")}`;

const field = (received: Received, name: string): unknown => {
  const json = received.json();
  return typeof json === "object" && json !== null ? Reflect.get(json, name) : undefined;
};

const home = newHome();
let product: Product;

const create = async (body: Readonly<Record<string, unknown>>): Promise<string> => {
  const made = await product.api("POST", "/api/v1/responders", body);
  expect(made.text).toContain(`"rsp_`);
  expect(made.status).toBe(201);
  return String(field(made, "id"));
};

beforeAll(async () => {
  product = await startProduct(home);
});

afterAll(async () => {
  await product.stop();
  home.remove();
});

describe("a new user", () => {
  it("pastes the printed curl line and gets an answer", () => {
    const line = /A hook\s+(curl .*)/.exec(product.printed())?.[1] ?? "";
    const answer = execFileSync("sh", ["-c", `${line} --silent --show-error --max-time 20`], {
      encoding: "utf8",
    });
    expect(JSON.parse(answer)).toMatchObject({ hello: "you", method: "GET" });
  });

  it("pastes the printed line for the API and sees the responder of the demo", () => {
    const line = /The API\s+(curl .*)/.exec(product.printed())?.[1] ?? "";
    const answer = execFileSync("sh", ["-c", `${line} --silent --show-error --max-time 20`], {
      encoding: "utf8",
    });
    expect(JSON.parse(answer)).toMatchObject({
      items: [{ name: "Hello", path: "/hello" }],
      nextCursor: null,
    });
  });

  it("verifies GitHub's signature in a script, and refuses a tampered event", async () => {
    await create({
      name: "GitHub push",
      method: "POST",
      path: "/github",
      script: { source: VERIFY_PUSH, language: "js" },
    });
    const headers = {
      "content-type": "application/json",
      "x-github-event": "push",
      "x-hub-signature-256": sign(PUSH),
    };
    const good = await product.hit({ method: "POST", path: "/github", headers, body: PUSH });
    expect([good.status, good.json()]).toEqual([200, { repository: "Hello-World" }]);
    const tampered = await product.hit({
      method: "POST",
      path: "/github",
      headers,
      body: PUSH.replace("Hello", "Hullo"),
    });
    expect([tampered.status, tampered.text]).toEqual([401, "bad signature"]);
  });

  it("sees others answer while one script loops for ever and one eats memory, and the log says what happened", async () => {
    const loop = "export default () => { while (true) {} }";
    const eat =
      "export default () => { const kept = []; for (;;) kept.push(new Uint8Array(100_000).fill(1)); }";
    await create({ name: "Loops", path: "/loops", script: { source: loop, language: "js" } });
    await create({ name: "Eats", path: "/eats", script: { source: eat, language: "js" } });
    const [looped, ate, ...others] = await Promise.all([
      product.hit({ path: "/loops" }),
      product.hit({ path: "/eats" }),
      ...Array.from({ length: 5 }, (_, index) => product.hit({ path: `/hello?name=${index}` })),
    ]);
    expect([looped.status, looped.headers["content-type"]]).toEqual([504, "application/problem+json"]);
    expect([ate.status, ate.headers["content-type"]]).toEqual([500, "application/problem+json"]);
    expect(others.map((other) => other.status)).toEqual([200, 200, 200, 200, 200]);
    expect(Object.keys(Object(looped.json())).toSorted()).toEqual(["requestId", "status", "title", "type"]);
    const lineOf = (received: Received): string | undefined =>
      product
        .printed()
        .split("\n")
        .find((line) => line.startsWith("{") && line.includes(String(field(received, "requestId"))));
    await expect.poll(() => lineOf(looped)).toMatch(/exceeded.*cpu/);
    await expect.poll(() => lineOf(ate)).toMatch(/exceeded.*memory/);
  });

  it("carries bytes both ways unchanged", async () => {
    await create({
      name: "Echo",
      method: "PUT",
      path: "/echo",
      script: {
        source:
          "export default (r) => new Response(r.body, { headers: { 'content-type': 'application/octet-stream' } })",
        language: "js",
      },
    });
    const bytes = Uint8Array.from({ length: 70_000 }, (_, index) => (index * 31) % 256);
    const echoed = await product.hit({ method: "PUT", path: "/echo", body: bytes });
    expect(echoed.bytes.equals(Buffer.from(bytes))).toBe(true);
  });

  it("decides by the host first: other hosts are 421, and every path of a hook's host is a hook", async () => {
    expect((await product.hit({ path: "/", host: "evil.example" })).status).toBe(421);
    expect((await product.hit({ path: "/", host: `a.b.localhost:${product.port}` })).status).toBe(421);
    const api = await product.hit({
      path: "/api/v1/responders",
      headers: { authorization: `Bearer ${product.key}` },
    });
    expect([api.status, field(api, "type")]).toEqual([404, "urn:hookwright:problem:not-found"]);
  });

  it("sandboxes what path style serves on the console's origin", async () => {
    await create({
      name: "Cookie",
      path: "/cookie",
      response: {
        status: 200,
        headers: [
          ["set-cookie", "a=1"],
          ["content-type", "text/html"],
        ],
        body: "<script>1</script>",
      },
    });
    const byPath = await product.hit({ path: "/~demo/cookie", host: `localhost:${product.port}` });
    expect(byPath.headers["set-cookie"]).toBeUndefined();
    expect(byPath.headers["content-security-policy"]).toBe("sandbox");
    const byHost = await product.hit({ path: "/cookie" });
    expect(byHost.headers["set-cookie"]).toBe("a=1");
    expect(byHost.headers["content-security-policy"]).toBeUndefined();
  });

  it("refuses a body over 10 MiB, announced or not, and goes on", async () => {
    const large = new Uint8Array(10 * 1024 * 1024 + 1);
    const announced = await product.hit({ method: "PUT", path: "/echo", body: large });
    expect(announced.status).toBe(413);
    const chunked = await product.hit({
      method: "PUT",
      path: "/echo",
      body: large,
      headers: { "transfer-encoding": "chunked" },
    });
    expect(chunked.status).toBe(413);
    expect((await product.hit({ path: "/hello" })).status).toBe(200);
  });

  it("finds everything as it was after a stop and a start", async () => {
    const before = await product.api("GET", "/api/v1/responders");
    await product.stop();
    product = await startProduct(home);
    const after = await product.api("GET", "/api/v1/responders");
    expect(after.text.replaceAll(/localhost:\d+/g, "")).toBe(before.text.replaceAll(/localhost:\d+/g, ""));
    const headers = { "x-hub-signature-256": sign(PUSH) };
    expect((await product.hit({ method: "POST", path: "/github", headers, body: PUSH })).status).toBe(200);
  });
});
