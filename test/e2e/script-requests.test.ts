import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { type HttpOrigin, startOrigin } from "../support/http-origin.ts";
import { newHome, type Product, startProduct } from "../support/product.ts";

/** Requests of scripts, to a real server that the operator opens. */
const home = newHome();
const SECRET = "sk_live_a1B2c3D4e5F6";
const MIB = 1024 * 1024;
let product: Product;
let origin: HttpOrigin;

/** With the origin as `at`. */
const respond = async (path: string, code: string, more: object = {}): Promise<string> => {
  const at = JSON.stringify(`http://127.0.0.1:${origin.port}`);
  const source = `const at = ${at}; export default async (request, ctx) => { ${code} }`;
  const made = await product.api("POST", "/api/v1/responders", {
    name: path,
    path,
    egress: { mode: "public" },
    script: { source, language: "js" },
    ...more,
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  return String(Reflect.get(Object(made.json()), "id"));
};
const seenAt = (target: string) => origin.recorded.filter((one) => one.target === target);

beforeAll(async () => {
  origin = await startOrigin((request, response) => {
    const { pathname, searchParams } = new URL(request.target, "http://origin");
    switch (pathname) {
      case "/redirect": {
        const left = Number(searchParams.get("left"));
        const location = left === 0 ? "/plain" : `/redirect?left=${left - 1}`;
        response.writeHead(302, { location }).end();
        return;
      }
      case "/gzip":
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync("from gzip"));
        return;
      case "/br":
        response.writeHead(200, { "content-encoding": "br" }).end(brotliCompressSync("from brotli"));
        return;
      case "/bomb":
        response.writeHead(200, { "content-encoding": "gzip" }).end(gzipSync(Buffer.alloc(200 * MIB)));
        return;
      case "/large":
        response.writeHead(200).end(Buffer.alloc(Number(searchParams.get("bytes")), 97));
        return;
      case "/cookies":
        response.writeHead(200, [
          ["set-cookie", "a=1"],
          ["set-cookie", "b=2"],
          ["cache-control", "public, max-age=600"],
        ]);
        response.end("cookies");
        return;
      case "/never":
        return;
      case "/stall":
        response.writeHead(200).write("half");
        return;
      case "/reset":
        response.writeHead(200, { "content-length": "10" }).write("half");
        setTimeout(() => response.destroy(), 50);
        return;
      case "/echo":
        response
          .writeHead(200, { "x-echo": `<${request.headers.authorization ?? ""}>` })
          .end(`${request.headers.authorization} ${request.target} ${request.text}`);
        return;
      default:
        response.writeHead(200, { "cache-control": "public, max-age=600" }).end("plain");
    }
  });
  writeFileSync(join(home.folder, "vars"), `EGRESS_ALLOW=127.0.0.1:${origin.port}\n`);
  product = await startProduct(home);
});

afterAll(async () => {
  await product.stop();
  await origin.stop();
  home.remove();
});

describe("a script's request to a real server", () => {
  it("is sent on and answered, unread on both ways", async () => {
    await respond("/pass", `return fetch(at + "/echo", { method: "PUT", body: request.body })`);
    const answer = await product.hit({ method: "POST", path: "/pass", body: "abc" });
    expect([answer.status, answer.text]).toEqual([200, "undefined /echo abc"]);
    expect(seenAt("/echo").at(-1)).toMatchObject({ method: "PUT", text: "abc" });
  });

  it("keeps cookies apart, and is never answered from a cache", async () => {
    await respond("/cookies", `return fetch(at + "/cookies")`);
    for (const _ of [1, 2]) {
      const answer = await product.hit({ path: "/cookies" });
      expect(answer.headers["set-cookie"]).toBe("a=1\nb=2");
    }
    expect(seenAt("/cookies")).toHaveLength(2);
  });

  it("follows 5 redirects and no more, or none", async () => {
    await respond(
      "/redirects",
      `const told = [];
       for (const left of [4, 5]) told.push(await fetch(at + "/redirect?left=" + left).then(async (r) => [r.redirected, r.url.slice(at.length), await r.text()], (e) => e.message));
       told.push(await fetch(at + "/redirect?left=1", { redirect: "manual" }).then((r) => [r.status, r.headers.get("location")]));
       told.push(await fetch(at + "/redirect?left=1", { redirect: "error" }).catch((e) => e.message));
       return { body: told }`,
    );
    expect((await product.hit({ path: "/redirects" })).json()).toEqual([
      [true, "/plain", "plain"],
      "Upstream request failed: more than 5 redirects",
      [302, "/redirect?left=0"],
      "Upstream request failed: it redirects",
    ]);
  });

  it("reads what is encoded, and passes it on decoded", async () => {
    await respond(
      "/encoded",
      `const told = []; for (const path of ["/gzip", "/br"]) { const res = await fetch(at + path); told.push([await res.text(), res.headers.get("content-encoding")]) } return { body: told }`,
    );
    expect((await product.hit({ path: "/encoded" })).json()).toEqual([
      ["from gzip", null],
      ["from brotli", null],
    ]);
    await respond("/decoded", `return fetch(at + "/gzip")`);
    const passed = await product.hit({ path: "/decoded" });
    expect([passed.text, passed.headers["content-encoding"]]).toEqual(["from gzip", undefined]);
  });

  it("stops at 10 MiB, decoded", async () => {
    await respond(
      "/large",
      `const told = []; for (const path of ["/bomb", "/large?bytes=${10 * MIB + 1}"]) told.push(await fetch(at + path).then((r) => r.bytes()).catch((e) => e.message)); return { body: told }`,
    );
    const tooLarge = "Upstream response body too large";
    expect((await product.hit({ path: "/large" })).json()).toEqual([tooLarge, tooLarge]);
    await respond("/as-large", `return fetch(at + "/large?bytes=${10 * MIB}")`);
    expect((await product.hit({ path: "/as-large" })).bytes).toHaveLength(10 * MIB);
  });

  it("is called off, before the answer and in the middle of it", async () => {
    await respond(
      "/abort",
      `const told = []; for (const path of ["/never", "/stall"]) told.push(await fetch(at + path, { signal: AbortSignal.timeout(200) }).then((r) => r.text()).catch((e) => e.name)); return { body: told }`,
    );
    expect((await product.hit({ path: "/abort" })).json()).toEqual(["TimeoutError", "TimeoutError"]);
    await expect
      .poll(() => [...seenAt("/never"), ...seenAt("/stall")].map(({ aborted }) => aborted))
      .toEqual([true, true]);
  });

  it("is a 502 when it breaks off", async () => {
    await respond("/reset", `return fetch(at + "/reset")`);
    const answer = await product.hit({ path: "/reset" });
    expect([answer.status, answer.text]).toEqual([502, expect.stringContaining("upstream-failed")]);
  });

  it("carries secrets there alone, and comes back without them", async () => {
    const hosts = [`127.0.0.1:${origin.port}`];
    const secret = { name: "KEY", value: SECRET, hosts, in: ["header:authorization", "query"] };
    expect((await product.api("POST", "/api/v1/secrets", secret)).status).toBe(201);
    const id = await respond(
      "/secret",
      `const { KEY } = ctx.secrets; const res = await fetch(at + "/echo?k=" + KEY, { headers: { authorization: "Bearer " + KEY } });
       return { body: [res.headers.get("x-echo"), await res.text()] }`,
      { secrets: { mode: "selected", names: ["KEY"] } },
    );
    expect((await product.hit({ path: "/secret" })).json()).toEqual([
      "<Bearer [secret KEY]>",
      "Bearer [secret KEY] /echo?k=[secret KEY] ",
    ]);
    expect(seenAt(`/echo?k=${SECRET}`)).toMatchObject([{ headers: { authorization: `Bearer ${SECRET}` } }]);
    await expect
      .poll(async () => (await product.api("GET", `/api/v1/responders/${id}/exchanges`)).text)
      .toContain("/echo?k=hwsec_");
    expect((await product.api("GET", `/api/v1/responders/${id}/exchanges`)).text).not.toContain(SECRET);
  });
});
