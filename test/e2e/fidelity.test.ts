import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { newHome, startProduct, type Product } from "../support/product.ts";
import { rawHit as hitRaw } from "../support/raw-hit.ts";

/** docs/fidelity.md, row by row, over real HTTP: what the platform changes on the way. */
const home = newHome();
let product: Product;

const TOLD = `export default async (request, ctx) => ({ body: {
  method: request.method, url: request.url, path: ctx.path, headers: [...request.headers], text: await request.text() } })`;

const respond = async (path: string, more: Readonly<Record<string, unknown>>): Promise<void> => {
  const made = await product.api("POST", "/api/v1/responders", { name: path, path, ...more });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
};

const rawHit = (request: string): Promise<string> => hitRaw(product.port, request);

beforeAll(async () => {
  product = await startProduct(home);
  await respond("/told/*", { script: { source: TOLD, language: "js" } });
});

afterAll(async () => {
  await product.stop();
  home.remove();
});

describe("a request, as a script sees it", () => {
  it("has its header names in lower case and sorted, and repeats joined", async () => {
    const answer = await rawHit(
      "GET /told/1 HTTP/1.1\nHost: HOST\nX-Zebra: z\nX-Ant: 1\nX-Ant: 2\nCookie: a=1\nCookie: b=2\n\n",
    );
    const names = [...answer.matchAll(/\["([a-z-]+)",/g)].map(([, name]) => name ?? "");
    expect(names).toEqual(names.toSorted((one, other) => (one < other ? -1 : 1)));
    expect(answer).toContain('["x-ant","1, 2"]');
    expect(answer).toMatch(/\["cookie","a=1[;,] b=2"\]/);
    expect(answer).toContain('["x-zebra","z"]');
  });

  it("has the sender's own Accept-Encoding, or none", async () => {
    const own = await rawHit("GET /told/1 HTTP/1.1\nHost: HOST\nAccept-Encoding: zstd, x-own\n\n");
    expect(own).toContain('["accept-encoding","zstd, x-own"]');
    expect(await rawHit("GET /told/1 HTTP/1.1\nHost: HOST\n\n")).not.toContain("accept-encoding");
  });

  it("has U+FFFD for bytes of a header that are not UTF-8", async () => {
    const answer = await rawHit("GET /told/1 HTTP/1.1\nHost: HOST\nX-Name: caf\u00e9\n\n");
    expect(Buffer.from(answer, "latin1").toString("utf8")).toContain('["x-name","caf\ufffd"]');
  });

  it("has its dot segments and backslashes resolved before the Worker sees them", async () => {
    expect(await rawHit("GET /a/../told/./x HTTP/1.1\nHost: HOST\n\n")).toContain('"path":"/told/x"');
    expect(await rawHit("GET /told/a%2e%2E/%2e%2e/x HTTP/1.1\nHost: HOST\n\n")).toContain('"path":"/told/x"');
    expect(await rawHit("GET /told\\x HTTP/1.1\nHost: HOST\n\n")).toContain('"path":"/told/x"');
  });

  it("keeps everything else of its path and query as it came", async () => {
    const answer = await rawHit("GET /told/%7Ea//b%2Fc/%zz?x=%20&x=+&y HTTP/1.1\nHost: HOST\n\n");
    expect(answer).toContain('"path":"/told/%7Ea//b%2Fc/%zz"');
    expect(answer).toContain("?x=%20&x=+&y");
  });

  it("has its body whole, without the trailers of a chunked one", async () => {
    const answer = await rawHit(
      "POST /told/1 HTTP/1.1\nHost: HOST\nTransfer-Encoding: chunked\nTrailer: X-After\n\n3\nabc\n2\nde\n0\nX-After: 1\n\n",
    );
    expect(answer).toContain('"text":"abcde"');
    expect(answer).not.toContain('x-after",');
  });

  it("does not come at all with a method that the platform does not know", async () => {
    expect(await rawHit("FROB /told/1 HTTP/1.1\nHost: HOST\n\n")).toMatch(/^HTTP\/1.1 (4|5)\d\d/);
  });
});

describe("an answer, as its sender gets it", () => {
  it("has the encoded bytes that were saved", async () => {
    const packed = gzipSync("hello");
    await respond("/packed", {
      response: { headers: [["content-encoding", "gzip"]], body: { base64: packed.toString("base64") } },
    });
    const answer = await product.hit({ path: "/packed", headers: { "accept-encoding": "gzip" } });
    expect(answer.headers["content-encoding"]).toBe("gzip");
    expect(answer.bytes.equals(packed)).toBe(true);
  });

  it("has the length and framing that are true, whatever was asked for", async () => {
    await respond("/framed", {
      response: {
        headers: [
          ["content-length", "999"],
          ["connection", "upgrade"],
          ["x-kept", "1"],
        ],
        body: "abc",
      },
    });
    const answer = await product.hit({ path: "/framed" });
    expect([answer.text, answer.headers["x-kept"]]).toEqual(["abc", "1"]);
    expect(["3", undefined]).toContain(answer.headers["content-length"]);
  });

  it("keeps several cookies apart", async () => {
    await respond("/cookies", {
      response: {
        headers: [
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
        ],
      },
    });
    const answer = await product.hit({ path: "/cookies" });
    expect(
      answer.rawHeaders.filter((_, index, all) => all[index - 1]?.toLowerCase() === "set-cookie"),
    ).toEqual(["a=1", "b=2"]);
  });

  it.each([204, 205, 304])("with %d has no body", async (status) => {
    await respond(`/none/${status}`, { response: { status, body: "x" } });
    const answer = await product.hit({ path: `/none/${status}` });
    expect([answer.status, answer.bytes.length]).toEqual([status, 0]);
  });

  it("has header values above U+007F in UTF-8", async () => {
    await respond("/accent", { response: { headers: [["x-name", "café"]] } });
    const answer = await product.hit({ path: "/accent" });
    expect(Buffer.from(answer.headers["x-name"] ?? "", "latin1").toString("utf8")).toBe("café");
  });

  it("has an x-request-id, unless it sets one", async () => {
    await respond("/own-id", { response: { headers: [["x-request-id", "mine"]] } });
    expect((await product.hit({ path: "/own-id" })).headers["x-request-id"]).toBe("mine");
    expect((await product.hit({ path: "/cookies" })).headers["x-request-id"]).toMatch(/^exc_/);
  });
});
