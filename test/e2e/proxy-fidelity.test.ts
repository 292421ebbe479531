import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newHome, startProduct, type Product } from "../support/product.ts";
import { rawExchange, rawHit } from "../support/raw-hit.ts";
import {
  answerRaw,
  type RawReceived,
  type RawUpstream,
  startRawUpstream,
  withoutChunks,
} from "../support/raw-upstream.ts";

/** docs/proxy.md and docs/fidelity.md, over real HTTP, to a server that keeps what it is sent byte for byte. */
const home = newHome();
let product: Product;
let upstream: RawUpstream;

const hit = (request: string): Promise<string> => rawHit(product.port, request);

/** What the upstream got of a hit. */
const arrives = async (request: string): Promise<RawReceived> => {
  const before = upstream.received.length;
  await hit(request);
  const received = upstream.received[before];
  if (received === undefined) throw new Error("nothing arrived");
  return received;
};

const respond = async (name: string, path: string, more: object): Promise<void> => {
  const made = await product.api("POST", "/api/v1/responders", { name, path, ...more });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
};

beforeAll(async () => {
  upstream = await startRawUpstream();
  product = await startProduct(home, ["EGRESS_ALLOW=127.0.0.1"]);
  await respond("all", "/*", { upstream: { url: upstream.url } });
  await respond("below", "/below/*", { label: "v1", upstream: { url: `${upstream.url}/base/` } });
});

afterAll(async () => {
  await product.stop();
  await upstream.close();
  home.remove();
});

describe("a request, as the upstream gets it", () => {
  it("has its path and query as they came", async () => {
    const target = "/told/%7Ea//b%2Fc/%zz?x=%20&x=+&y&x=2";
    const { requestLine } = await arrives(`GET ${target} HTTP/1.1\nHost: HOST\n\n`);
    expect(requestLine).toBe(`GET ${target} HTTP/1.1`);
  });

  it("has its path behind the upstream's", async () => {
    const label = `v1-demo.localhost:${product.port}`;
    const { requestLine } = await arrives(`GET /below/x?y HTTP/1.1\nHost: ${label}\n\n`);
    expect(requestLine).toBe("GET /base/below/x?y HTTP/1.1");
  });

  it("has repeats apart and bytes as they were", async () => {
    const { headers } = await arrives(
      "GET /a HTTP/1.1\nHost: HOST\nX-Name: caf\u00e9\nX-Ant: 1\nX-Ant: 2\nAccept-Encoding: zstd, x-own\n\n",
    );
    expect(headers.filter((line) => /^x-(name|ant)/i.test(line))).toEqual([
      "X-Ant: 1",
      "X-Ant: 2",
      "X-Name: caf\u00e9",
    ]);
    expect(headers).toContain("Accept-Encoding: zstd, x-own");
  });

  it("has no Accept-Encoding where its sender had none", async () => {
    const { head } = await arrives("GET /a HTTP/1.1\nHost: HOST\n\n");
    expect(head).not.toMatch(/^accept-encoding/im);
  });

  it("says through what it came in our words only", async () => {
    const { headers } = await arrives(
      "GET /a HTTP/1.1\nHost: HOST\nX-Forwarded-For: 9.9.9.9\nForwarded: for=9.9.9.9\nX-Real-IP: 9.9.9.9\nCF-Ray: 1\nCDN-Loop: x\n\n",
    );
    expect(headers.join("\n")).not.toMatch(/9\.9\.9\.9|cf-ray|cdn-loop|x-real-ip|cf-connecting/i);
    const host = `demo.localhost:${product.port}`;
    expect(headers).toEqual(
      expect.arrayContaining([
        "x-forwarded-for: 127.0.0.1",
        `x-forwarded-host: ${host}`,
        "x-forwarded-proto: http",
        `forwarded: for=127.0.0.1;host="${host}";proto=http`,
      ]),
    );
  });

  it("has the bytes of its JSON, with their length", async () => {
    const { head, body } = await arrives(
      'POST /a HTTP/1.1\nHost: HOST\nContent-Type: application/json\nContent-Length: 15\n\n{"price": 0.00}',
    );
    expect(body).toBe('{"price": 0.00}');
    expect(head).toMatch(/^content-length: 15$/im);
  });

  it("comes in chunks when it came in chunks", async () => {
    const { head, body } = await arrives(
      "PUT /a HTTP/1.1\nHost: HOST\nTransfer-Encoding: chunked\n\n3\nabc\n2\nde\n0\n\n",
    );
    expect(head).toMatch(/^transfer-encoding: chunked$/im);
    expect(withoutChunks(body)).toBe("abcde");
  });

  it.each(["Content-Length: 0\n", ""])("has no body when it had none: %j", async (length) => {
    const { head, body } = await arrives(`POST /a HTTP/1.1\nHost: HOST\n${length}\n`);
    expect([body, /^content-length: 0$/im.test(head)]).toEqual(["", true]);
  });

  it("has the body even of a GET", async () => {
    const { requestLine, body } = await arrives("GET /a HTTP/1.1\nHost: HOST\nContent-Length: 3\n\nabc");
    expect([requestLine, body]).toEqual(["GET /a HTTP/1.1", "abc"]);
  });

  it("has its binary body byte for byte", async () => {
    const bytes = Array.from({ length: 256 }, (_, byte) => String.fromCharCode(byte)).join("");
    const head = `POST /a HTTP/1.1\r\nHost: demo.localhost:${product.port}\r\nContent-Length: 256\r\nConnection: close\r\n\r\n`;
    const before = upstream.received.length;
    await rawExchange(product.port, head + bytes);
    expect(upstream.received[before]?.body).toBe(bytes);
  });

  it.each(["//evil.example/x", "/a\\b/%5c", "/x/%5c../y"])("does not come at all by %s", async (path) => {
    const before = upstream.received.length;
    const answer = await hit(`GET ${path} HTTP/1.1\nHost: HOST\n\n`);
    expect([answer.slice(9, 12), upstream.received.length]).toEqual(["400", before]);
  });

  it("does not come as an upgrade, nor as a TRACE", async () => {
    const before = upstream.received.length;
    const socket = await hit(
      "GET /a HTTP/1.1\nHost: HOST\nUpgrade: websocket\nSec-WebSocket-Version: 13\n\n",
    );
    const trace = await hit("TRACE /a HTTP/1.1\nHost: HOST\n\n");
    expect([socket.slice(9, 12), trace.slice(9, 10), upstream.received.length]).toEqual(["501", "4", before]);
  });
});

describe("an answer, as its sender gets it", () => {
  const answersTo = async (path: string, head: string, body: string | Buffer = "", more = "") => {
    upstream.on(path, answerRaw(head, body));
    return hit(`GET ${path} HTTP/1.1\nHost: HOST\n${more}\n`);
  };

  it("has the status, its text, repeats, cookies and bytes of the upstream's", async () => {
    const answer = await answersTo(
      "/fine",
      "HTTP/1.1 218 This is fine\nSet-Cookie: a=1\nSet-Cookie: b=2\nX-R: 1\nX-R: 2\nX-L: caf\u00e9\nContent-Length: 2",
      "ok",
    );
    expect(answer.split("\r\n")).toEqual(
      expect.arrayContaining([
        "HTTP/1.1 218 This is fine",
        "Set-Cookie: a=1",
        "Set-Cookie: b=2",
        "X-R: 1",
        "X-R: 2",
        "X-L: caf\u00e9",
        "Content-Length: 2",
        "ok",
      ]),
    );
    expect(answer).toMatch(/^x-request-id: exc_/im);
  });

  it("has nothing of the connection to the upstream", async () => {
    const answer = await answersTo(
      "/hop",
      "HTTP/1.1 200 OK\nConnection: x-hop, close\nX-Hop: 1\nKeep-Alive: 5\nContent-Length: 0",
    );
    expect(answer).not.toMatch(/^(x-hop|keep-alive)/im);
  });

  it.each([
    ["gzip", gzipSync("hello")],
    ["br", brotliCompressSync("hello")],
  ])("is encoded as the upstream encoded it: %s", async (coding, bytes) => {
    const head = `HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Encoding: ${coding}\nContent-Length: ${bytes.length}`;
    for (const accepted of [`Accept-Encoding: ${coding}\n`, ""]) {
      const answer = await answersTo(`/coded-${coding}`, head, bytes, accepted);
      expect(answer).toMatch(new RegExp(`^content-encoding: ${coding}$`, "im"));
      expect(answer.slice(answer.indexOf("\r\n\r\n") + 4)).toBe(bytes.toString("latin1"));
    }
  });

  it("is a redirect for the sender to follow", async () => {
    const before = upstream.received.length;
    const answer = await answersTo("/moved", "HTTP/1.1 302 Found\nLocation: /elsewhere\nContent-Length: 0");
    expect(answer).toMatch(/^HTTP\/1.1 302 [^]*^location: \/elsewhere/im);
    expect(upstream.received.length).toBe(before + 1);
  });

  it("to a HEAD has the length that a GET's would have", async () => {
    upstream.on("/length", answerRaw("HTTP/1.1 200 OK\nContent-Length: 1234"));
    const answer = await hit("HEAD /length HTTP/1.1\nHost: HOST\n\n");
    expect(answer).toMatch(/^content-length: 1234$/im);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  it.each(["204 No Content", "304 Not Modified"])("with %s has no body", async (status) => {
    const answer = await answersTo(`/${status.slice(0, 3)}`, `HTTP/1.1 ${status}\nETag: "x"`);
    expect(answer).toContain(`HTTP/1.1 ${status}`);
    expect(answer).toMatch(/^etag: "x"$/im);
    expect(answer).toMatch(/\r\n\r\n$/);
  });

  it("in path style does nothing to the console", async () => {
    upstream.on(
      "/style",
      answerRaw("HTTP/1.1 200 OK\nSet-Cookie: a=1\nClear-Site-Data: *\nContent-Length: 0"),
    );
    const before = upstream.received.length;
    const answer = await rawHit(
      product.port,
      `GET /~demo/style HTTP/1.1\nHost: localhost:${product.port}\nCookie: console=1\nAuthorization: Bearer ${product.key}\n\n`,
    );
    expect(answer).not.toMatch(/^(set-cookie|clear-site-data)/im);
    expect(answer).toMatch(/^content-security-policy: sandbox$/im);
    expect(upstream.received[before]?.head).not.toMatch(/console=1|hw_dev_/);
  });
});
