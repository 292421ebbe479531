import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { connect } from "node:net";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it, vi } from "vitest";
import { residentBytes } from "../support/memory.ts";
import { newHome, type Product, startProduct } from "../support/product.ts";

/** A real server behind a responder whose hooks see both ways. */
const home = newHome();
const MIB = 1024 * 1024;
let product: Product;
let server: Server;
let id: string;
const arrived: { method: string; url: string; headers: IncomingMessage["headers"]; body: string }[] = [];

const SCRIPT = `export async function onRequest(request, ctx) {
  request.headers.set("x-added", "1");
  if (ctx.path === "/mock") return { status: 418, body: { mock: true } };
}
export async function onResponse(response, ctx) {
  response.headers.set("x-hooked", ctx.forwarded.method);
  if (!/json/.test(response.headers.get("content-type") ?? "")) return;
  const body = await response.json();
  return { body: { ...body, price: "1.00" } };
}`;

const JSON_TEXT = '{"id":1,"price":"0.00"}';

const listen = async (made: Server): Promise<number> => {
  await new Promise<void>((resolve) => made.listen(0, "127.0.0.1", resolve));
  const address = made.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return address.port;
};

/** What the journal has of a hit: recording follows the answer. */
const told = (q: string) =>
  vi.waitFor(
    async () => {
      const path = `/api/v1/responders/${id}/exchanges?q=${encodeURIComponent(q)}`;
      const { items } = JSON.parse((await product.api("GET", path)).text);
      if (items.length === 0) throw new Error(`The journal has nothing of ${q}.`);
      return items[0];
    },
    { timeout: 10_000, interval: 100 },
  );

const answerTo = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const { method = "", url = "", headers } = request;
  arrived.push({ method, url, headers, body: Buffer.concat(parts).toString() });
  const type = { "content-type": "application/json" };
  if (url.endsWith("/gzip")) {
    response.writeHead(200, { ...type, "content-encoding": "gzip", "x-up": "1" });
    response.end(gzipSync(JSON_TEXT));
  } else if (url.endsWith("/br")) {
    response.writeHead(200, { ...type, "content-encoding": "br" });
    response.end(brotliCompressSync(JSON_TEXT));
  } else if (url.includes("/large")) {
    const mib = Number(url.split("?")[1]);
    response.writeHead(200, { "content-type": "application/octet-stream", "content-length": mib * MIB });
    const piece = Buffer.alloc(MIB, 97);
    for (let at = 0; at < mib; at += 1) {
      if (!response.write(piece)) await new Promise((resolve) => response.once("drain", resolve));
    }
    response.end();
  } else if (url.endsWith("/broken")) {
    response.writeHead(200, { ...type, "content-length": 100 });
    response.write("{");
    setTimeout(() => response.destroy(), 50);
  } else {
    response.writeHead(201, { "x-up": "1", "set-cookie": ["a=1", "b=2"] });
    response.end(`${method} ${url}`);
  }
};

beforeAll(async () => {
  server = createServer((request, response) => void answerTo(request, response));
  const port = await listen(server);
  product = await startProduct(home, ["EGRESS_ALLOW=127.0.0.1"]);
  const made = await product.api("POST", "/api/v1/responders", {
    name: "hooked",
    path: "/*",
    script: { source: SCRIPT, language: "js" },
    upstream: { url: `http://127.0.0.1:${port}/v1` },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  id = JSON.parse(made.text).id;
});

afterAll(async () => {
  await product.stop();
  server.closeAllConnections();
  server.close();
  home.remove();
});

describe("hooks in front of a real server", () => {
  it("change a header each way and leave the rest: repeats, query, body", async () => {
    const sent = await product.hit({
      method: "POST",
      path: "/a%20b?x=1&x=2&y=0.00",
      headers: { "x-kept": "yes" },
      body: '{ "a": 0.00 }',
    });
    expect([sent.status, sent.text]).toEqual([201, "POST /v1/a%20b?x=1&x=2&y=0.00"]);
    expect(sent.headers).toMatchObject({ "x-up": "1", "x-hooked": "POST", "set-cookie": "a=1\nb=2" });
    const [last] = arrived.slice(-1);
    expect(last).toMatchObject({ method: "POST", body: '{ "a": 0.00 }' });
    expect(last?.headers).toMatchObject({ "x-added": "1", "x-kept": "yes", "content-length": "13" });
  });

  it.each(["gzip", "br"])("rewrite one field of an answer in %s", async (coding) => {
    const got = await product.hit({ path: `/${coding}` });
    expect(JSON.parse(got.text)).toEqual({ id: 1, price: "1.00" });
    expect(got.headers["x-hooked"]).toBe("GET");
  });

  it("answer for the server", async () => {
    const before = arrived.length;
    const got = await product.hit({ path: "/mock" });
    expect([got.status, JSON.parse(got.text), arrived.length]).toEqual([418, { mock: true }, before]);
  });

  it("send on the body of a GET", async () => {
    const got = await product.hit({
      method: "GET",
      path: "/get",
      headers: { "content-length": "4" },
      body: "body",
    });
    expect([got.status, arrived.at(-1)?.body]).toEqual([201, "body"]);
  });

  it("let by what nobody reads, in no more memory for 600 MB than for 300", async () => {
    const peakOf = async (mib: number): Promise<number> => {
      let most = 0;
      let head = "";
      let received = 0;
      const watch = setInterval(() => (most = Math.max(most, residentBytes(product.pid))), 50);
      const socket = connect(product.port, "127.0.0.1");
      const host = `demo.localhost:${product.port}`;
      socket.write(`GET /large?${mib} HTTP/1.1\r\nHost: ${host}\r\nConnection: close\r\n\r\n`);
      socket.on("data", (part: Buffer) => {
        if (received === 0) head = part.toString("latin1");
        received += part.length;
      });
      await new Promise<void>((resolve) => socket.once("close", () => resolve()));
      clearInterval(watch);
      expect(received).toBeGreaterThan(mib * MIB);
      expect(head).toMatch(/^x-hooked: GET/im);
      expect(head.toLowerCase()).toContain(`content-length: ${mib * MIB}`);
      return most;
    };
    const first = await peakOf(300);
    expect((await peakOf(600)) - first).toBeLessThan(100 * MIB);
    const kept = await told("large?600");
    expect([kept.run.outcome.kind, kept.response.bodySize]).toEqual(["returned", 600 * MIB]);
    expect(kept.run.peakMemoryBytes).toBeLessThan(2 * MIB);
  });

  it("are told by a 502 of an answer that breaks off while they read it", async () => {
    const got = await product.hit({ path: "/broken" });
    expect(got.status).toBe(502);
  });
});
