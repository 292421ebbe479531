import { Agent, createServer, request } from "node:http";
import { afterAll, beforeAll, it } from "vitest";
import { newHome, startProduct, type Product } from "../support/product.ts";
import { residentBytes } from "../support/memory.ts";
const home = newHome();
let product: Product;
let port = 0;
const server = createServer((req, res) => {
  if (req.url?.startsWith("/slow")) setTimeout(() => res.end("ok"), 1000);
  else if (req.url?.startsWith("/forty")) {
    res.write("a");
    let n = 0;
    const t = setInterval(() => {
      n++;
      res.write("b");
      if (n === 40) {
        clearInterval(t);
        res.end("c");
      }
    }, 1000);
  } else res.end("ok");
});
beforeAll(async () => {
  await new Promise<void>((r) => server.listen(0, "127.0.0.1", () => r()));
  port = (server.address() as any).port;
  product = await startProduct(home, ["EGRESS_ALLOW=127.0.0.1"]);
  await product.api("POST", "/api/v1/responders", {
    name: "p",
    path: "/*",
    upstream: { url: `http://127.0.0.1:${port}` },
  });
  await product.api("POST", "/api/v1/responders", {
    name: "z",
    path: "/z/*",
    journal: { keep: 0 },
    upstream: { url: `http://127.0.0.1:${port}` },
  });
  await product.api("POST", "/api/v1/responders", {
    name: "s",
    path: "/static",
    journal: { keep: 0 },
    response: { body: "ok" },
  });
});
afterAll(async () => {
  await product.stop();
  server.close();
  home.remove();
});
const get = (p: number, path: string, host: string, agent: Agent) =>
  new Promise<number>((resolve, reject) => {
    const r = request({ host: "127.0.0.1", port: p, path, headers: { host }, agent }, (res) => {
      res.resume();
      res.on("end", () => resolve(res.statusCode ?? 0));
    });
    r.on("error", reject);
    r.end();
  });
it("load", async () => {
  const host = `demo.localhost:${product.port}`;
  const agent = new Agent({ keepAlive: true, maxSockets: 600 });
  const seq = async (p: number, path: string) => {
    const t: number[] = [];
    for (let i = 0; i < 300; i++) {
      const b = performance.now();
      await get(p, path, host, agent);
      t.push(performance.now() - b);
    }
    t.sort((a, b) => a - b);
    return [t[150], t[270]];
  };
  for (let k = 0; k < 2; k++)
    console.log(
      "direct",
      await seq(port, "/x"),
      "static",
      await seq(product.port, "/static"),
      "proxied nokeep",
      await seq(product.port, "/z/x"),
      "proxied",
      await seq(product.port, "/x"),
    );
  const before = residentBytes(product.pid);
  let most = before;
  const w = setInterval(() => (most = Math.max(most, residentBytes(product.pid))), 100);
  const began = Date.now();
  const all = await Promise.all(
    Array.from({ length: 500 }, () => get(product.port, "/slow", host, agent).catch((e) => String(e))),
  );
  clearInterval(w);
  const counts: any = {};
  for (const a of all) counts[a] = (counts[a] ?? 0) + 1;
  console.log("500", JSON.stringify(counts), Date.now() - began, "ms; rss", before / 1e6, most / 1e6);
  await get(product.port, "/forty", host, agent);
  await new Promise((r) => setTimeout(r, 2000));
  const id = ((await product.api("GET", "/api/v1/responders?q=p")).json() as any).items.find(
    (r: any) => r.name === "p",
  ).id;
  const e = ((await product.api("GET", `/api/v1/responders/${id}/exchanges?limit=1`)).json() as any).items[0];
  console.log(
    "forty",
    JSON.stringify([
      e.request.url,
      e.response.bodySize,
      e.upstream.unfinished,
      e.upstream.durationMs,
      e.run.outcome,
    ]),
  );
}, 200000);
