import { connect } from "node:net";
import { convertV4MiniflareOptions, Miniflare } from "miniflare";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { bundleWorker } from "../../perf/hosts/bundle-worker.ts";
import { childrenNamed, residentBytes } from "../../perf/hosts/resident.ts";
import { http } from "../support/http.ts";
import type { Ask } from "../support/egress-worker.ts";
import { type Origin, startHostileOrigin, TEXT } from "../support/hostile-origin.ts";

/** The door out in workerd, before a real server that lies, stalls and breaks off. */
let origin: Origin;
let miniflare: Miniflare;
let workerd: URL;
let at: string;

beforeAll(async () => {
  origin = await startHostileOrigin();
  at = `http://127.0.0.1:${origin.port}`;
  const { script } = await bundleWorker("test/support/egress-worker.ts");
  miniflare = new Miniflare(
    convertV4MiniflareOptions({
      modules: true,
      script,
      compatibilityDate: "2026-08-04",
      compatibilityFlags: ["global_fetch_strictly_public", "enable_request_signal"],
    }),
  );
  workerd = await miniflare.ready;
});

afterAll(async () => {
  await miniflare.dispose();
  await origin.stop();
});

const header = (ask: Omit<Ask, "allow">): string =>
  JSON.stringify({ allow: `127.0.0.1:${origin.port}`, ...ask });

const send = async (path: string, more: Ask["more"] = {}): Promise<unknown> => {
  const response = await fetch(workerd, { headers: { "x-ask": header({ url: at + path, more }) } });
  return response.json();
};

/** A leg, byte by byte: Node's own client would tidy the request up. */
const rawLeg = (path: string, head: string, body = ""): Promise<Buffer> =>
  new Promise((resolve, reject) => {
    const socket = connect(Number(workerd.port), workerd.hostname);
    const parts: Buffer[] = [];
    socket.on("data", (part) => parts.push(part));
    socket.on("error", reject);
    socket.on("close", () => resolve(Buffer.concat(parts)));
    const ask = header({ url: at + path, leg: true });
    const text = `${head}\nHost: x\nx-ask: ${ask}\nConnection: close\n\n`.replaceAll("\n", "\r\n");
    socket.end(Buffer.from(text + body, "latin1"));
  });

const headersSeen = (): Readonly<Record<string, string>> => {
  const raw = origin.seen.at(-1)?.rawHeaders ?? [];
  return Object.fromEntries(
    raw.flatMap((name, index) => (index % 2 === 0 ? [[name.toLowerCase(), raw[index + 1] ?? ""]] : [])),
  );
};

describe("what leaves", () => {
  it("reaches the origin each time: nothing is answered from a cache", async () => {
    const one = await send("/cached");
    const other = await send("/cached");
    expect(one).toMatchObject({ status: 200 });
    expect(other).not.toEqual(one);
  });

  it("carries the hop header", async () => {
    await send("/plain");
    expect(headersSeen()["x-hookwright-hops"]).toMatch(/^1\.[\w-]{43}$/);
  });

  it("is, as a leg, what came in: repeats, bytes, and the body of a GET", async () => {
    await rawLeg(
      "/leg?a=1&a=%zz",
      "GET / HTTP/1.1\nX-A: 1\nX-A: 2\nX-Latin: caf\u00e9\nContent-Length: 3",
      "abc",
    );
    const seen = origin.seen.at(-1);
    expect(seen).toMatchObject({ method: "GET", path: "/leg?a=1&a=%zz", body: "abc" });
    const raw = seen?.rawHeaders.join("|") ?? "";
    expect(raw).toContain("X-A|1|X-A|2|X-Latin|caf\u00e9");
    expect(raw.toLowerCase()).not.toMatch(/cache-control|pragma/);
  });
});

describe("a redirect", () => {
  it("is followed to where it may go", async () => {
    expect(await send(`/to?${encodeURIComponent("/plain")}`)).toMatchObject({
      status: 200,
      redirected: true,
    });
  });

  it.each([
    ["localhost:PORT/inner", "name"],
    ["[::1]:PORT/inner", "address"],
    ["2130706433:PORTx/inner", "bad-url"],
    ["127.0.0.2:PORT/inner", "address"],
    ["0:PORT/inner", "address"],
    ["[::ffff:127.0.0.1]:PORT/inner", "address"],
    ["169.254.169.254/inner", "address"],
    ["127.0.0.1:1/inner", "address"],
  ])("inward is not: %s", async (place, code) => {
    const location = `http://${place.replace("PORT", String(origin.port))}`;
    expect(await send(`/to?${encodeURIComponent(location)}`)).toMatchObject({ failure: "refused", code });
    expect(origin.seen.map(({ path }) => path)).not.toContain("/inner");
  });
});

describe("an origin that", () => {
  const connectFailure = { failure: "connect", message: "Failed to connect to upstream" };
  const broken = { failure: "broken", message: "Upstream request failed" };
  const timeout = { failure: "timeout", message: "Upstream request timed out" };

  it.each([
    ["resets", "/reset", connectFailure],
    ["does not speak HTTP", "/garbage", connectFailure],
    ["sends too many headers", "/many-headers", connectFailure],
    ["sends less than it says", "/short", broken],
    ["sends chunks that are none", "/bad-chunk", broken],
    ["says gzip and means something else", "/not-gzip", broken],
    ["sends more than it says", "/long", { status: 200, text: "abc" }],
    ["undoes gzip", "/gzip", { status: 200, text: TEXT }],
    ["undoes Brotli", "/brotli", { status: 200, text: TEXT }],
  ])("%s", async (_, path, ending) => {
    expect(await send(path)).toMatchObject(ending);
  });

  it("is not there", async () => {
    const ask = JSON.stringify({ url: "http://127.0.0.1:1/", allow: "127.0.0.1:1" });
    const response = await fetch(workerd, { headers: { "x-ask": ask } });
    expect(await response.json()).toMatchObject(connectFailure);
  });

  it("stalls before its headers, or after", async () => {
    expect(await send("/stall", { times: { firstByteMs: 100, totalMs: 10_000 } })).toEqual(timeout);
    expect(await send("/stall-later", { times: { firstByteMs: 10_000, totalMs: 200 } })).toMatchObject(
      timeout,
    );
  });

  it("never ends", async () => {
    expect(await send("/endless")).toMatchObject({ failure: "too-large" });
  });
});

describe("a bomb", () => {
  it.each(["/bomb", "/brotli-bomb"])("stops at the limit, in little memory: %s", async (path) => {
    const [pid = ""] = childrenNamed("workerd");
    const before = residentBytes(pid) ?? 0;
    let most = before;
    const looking = setInterval(() => (most = Math.max(most, residentBytes(pid) ?? 0)), 5);
    expect(await send(path)).toEqual({
      status: 200,
      failure: "too-large",
      message: "Upstream response body too large",
    });
    clearInterval(looking);
    expect(most - before).toBeLessThan(64 * 1024 * 1024);
  });

  it("is not taken whole", () => {
    // Of 10 MiB that it has; what the sockets hold is on the way.
    expect(origin.bombBytes()).toBeLessThan(8 * 1024 * 1024);
  });
});

describe("an answer that is passed on", () => {
  it.each([
    ["/gzip", gzipSync(TEXT)],
    ["/brotli", brotliCompressSync(TEXT)],
  ])("has the bytes that were sent: %s", async (path, bytes) => {
    const answer = await http(Number(workerd.port), {
      path: "/",
      headers: { "x-ask": header({ url: at + path, leg: true }) },
    });
    expect(answer.headers["content-encoding"]).toBe(path === "/gzip" ? "gzip" : "br");
    expect(answer.bytes.equals(bytes)).toBe(true);
  });

  it("keeps cookies apart", async () => {
    const answer = (await rawLeg("/cookies", "GET / HTTP/1.1")).toString("latin1");
    expect(answer.match(/set-cookie: .=./gi)).toHaveLength(2);
  });
});
