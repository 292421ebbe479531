import { connect, type Socket } from "node:net";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { residentBytes } from "../support/memory.ts";
import { newHome, startProduct, type Product } from "../support/product.ts";
import { rawHit } from "../support/raw-hit.ts";
import { answerRaw, type RawUpstream, startRawUpstream } from "../support/raw-upstream.ts";

/** What streams by, what breaks, and what the journal says of it. */
const home = newHome();
let product: Product;
let upstream: RawUpstream;
let id: string;
let slowId: string;

const MIB = 1024 * 1024;

const hit = (path: string): Promise<string> => rawHit(product.port, `GET ${path} HTTP/1.1\nHost: HOST\n\n`);

interface Told {
  readonly id: string;
  readonly request: { readonly bodySize: number };
  readonly response: { readonly status: number; readonly bodySize: number; readonly bodyTruncated: boolean };
  readonly run: { readonly outcome: { readonly kind: string; readonly reason?: string } };
  readonly upstream?: {
    readonly response: { readonly status: number } | null;
    readonly attempts: readonly { readonly status: number | null; readonly error: string | null }[];
    readonly error: string | null;
    readonly unfinished: boolean;
  };
}

/** What the journal has of the last hit that its search finds. */
const told = async (q: string, of = id): Promise<Told> => {
  for (let tries = 0; tries < 100; tries += 1) {
    const path = `/api/v1/responders/${of}/exchanges?q=${encodeURIComponent(q)}`;
    const { text } = await product.api("GET", path);
    const { items }: { readonly items: readonly Told[] } = JSON.parse(text);
    if (items[0] !== undefined) return items[0];
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  throw new Error(`The journal has nothing of ${q}.`);
};

const open = (path: string): Socket => {
  const socket = connect(product.port, "127.0.0.1");
  socket.on("error", () => undefined);
  socket.write(`GET ${path} HTTP/1.1\r\nHost: demo.localhost:${product.port}\r\nConnection: close\r\n\r\n`);
  return socket;
};

const closed = (socket: Socket): Promise<void> =>
  new Promise((resolve) => socket.once("close", () => resolve()));

beforeAll(async () => {
  upstream = await startRawUpstream();
  product = await startProduct(home, ["EGRESS_ALLOW=127.0.0.1"]);
  const made = await product.api("POST", "/api/v1/responders", {
    name: "all",
    path: "/*",
    upstream: {
      url: upstream.url,
      timeouts: { firstByteMs: 1_000, totalMs: 3_000 },
      retries: { attempts: 1 },
    },
  });
  expect([made.status, made.text]).toEqual([201, expect.any(String)]);
  id = JSON.parse(made.text).id;
  const patient = { name: "slow", path: "/slow/*", upstream: { url: upstream.url } };
  slowId = JSON.parse((await product.api("POST", "/api/v1/responders", patient)).text).id;
});

afterAll(async () => {
  await product.stop();
  await upstream.close();
  home.remove();
});

describe("an upstream in trouble", () => {
  const manyHeaders = Array.from({ length: 5_000 }, (_, index) => `\nX-${index}: ${"v".repeat(100)}`).join(
    "",
  );

  it.each([
    ["resets", "/reset", 502, "connect", (socket: Socket) => socket.resetAndDestroy()],
    ["closes", "/close", 502, "connect", (socket: Socket) => socket.destroy()],
    ["says nothing", "/stall", 504, "timeout", () => undefined],
    [
      "speaks another protocol",
      "/garbage",
      502,
      "connect",
      (socket: Socket) => socket.end("SSH-2.0-x\r\n\r\n"),
    ],
    ["sends too many headers", "/many", 502, "connect", answerRaw(`HTTP/1.1 200 OK${manyHeaders}`)],
    [
      "answers a status that cannot be passed on",
      "/600",
      502,
      "status",
      answerRaw("HTTP/1.1 600 Odd\nContent-Length: 0"),
    ],
  ] as const)("that %s is a problem before the headers", async (_, path, status, reason, answer) => {
    upstream.on(path, answer);
    const got = await hit(path);
    expect(got).toMatch(new RegExp(`^HTTP/1.1 ${status} [^]*application/problem\\+json`));
    expect(await told(path)).toMatchObject({
      response: { status },
      run: { outcome: { kind: "upstream-failed", reason } },
      upstream: { error: expect.any(String) },
    });
  });

  it.each([
    [
      "has fewer bytes than it says",
      "/short",
      "broken",
      answerRaw("HTTP/1.1 200 OK\nContent-Length: 10", "abc"),
    ],
    [
      "sends invalid chunks",
      "/chunks",
      "broken",
      answerRaw("HTTP/1.1 200 OK\nTransfer-Encoding: chunked", "3\r\nabc\r\nzz\r\n"),
    ],
    [
      "never ends",
      "/endless",
      "timeout",
      (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\nX-Y: 1\r\n\r\nabc"),
    ],
  ] as const)("that %s is broken off", async (_, path, reason, answer) => {
    upstream.on(path, answer);
    const got = await hit(path);
    expect(got).toMatch(/^HTTP\/1.1 200 [^]*abc/);
    // Neither the length that was announced, nor the last chunk.
    expect(got).not.toMatch(/\r\n0\r\n\r\n$/);
    expect(await told(path)).toMatchObject({
      response: { status: 200, bodySize: 3 },
      run: { outcome: { kind: "upstream-failed", reason } },
      upstream: { response: { status: 200 }, unfinished: false },
    });
  });

  it("that is there the second time is asked again, and both are told", async () => {
    let asked = 0;
    upstream.on("/flaky", (socket, received) => {
      asked += 1;
      if (asked === 1) socket.resetAndDestroy();
      else answerRaw("HTTP/1.1 200 OK\nContent-Length: 2", "ok")(socket, received);
    });
    expect(await hit("/flaky")).toMatch(/^HTTP\/1.1 200 [^]*ok$/);
    const { upstream: legs } = await told("/flaky");
    expect(legs?.attempts.map(({ status, error }) => [status, error === null])).toEqual([
      [null, false],
      [200, true],
    ]);
  });
});

describe("what streams", () => {
  it("comes as it is sent: Server-Sent Events", async () => {
    const go: { next?: () => void } = {};
    upstream.on("/events", (socket) => {
      socket.write("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: 1\n\n");
      go.next = () => socket.end("data: 2\n\n");
    });
    const socket = open("/events");
    let received = "";
    const first = new Promise<void>((resolve) => {
      socket.on("data", (part: Buffer) => {
        received += part.toString("utf8");
        if (received.includes("data: 1")) resolve();
      });
    });
    await first;
    expect(received).not.toContain("data: 2");
    go.next?.();
    await closed(socket);
    expect(received).toContain("data: 2");
    expect(await told("/events")).toMatchObject({
      run: { outcome: { kind: "forwarded" } },
      upstream: { unfinished: false },
    });
  });

  it("is let go when its sender hangs up", async () => {
    const gone = new Promise<void>((resolve) => {
      upstream.on("/left", (socket) => {
        socket.write("HTTP/1.1 200 OK\r\nX-Y: 1\r\n\r\nabc");
        const timer = setInterval(() => socket.write("abc"), 50);
        socket.on("close", () => {
          clearInterval(timer);
          resolve();
        });
      });
    });
    const socket = open("/left");
    await new Promise<void>((resolve) => socket.once("data", () => resolve()));
    socket.destroy();
    await gone;
    expect(await told("/left")).toMatchObject({
      run: { outcome: { kind: "forwarded" } },
      upstream: { unfinished: true, error: null },
    });
  });

  /** Once a count stands still for a second. */
  const settled = async (count: () => number): Promise<number> => {
    for (let last = -1; ;) {
      const now = count();
      if (now > 0 && now === last) return now;
      last = now;
      await new Promise((resolve) => setTimeout(resolve, 1_000));
    }
  };

  it("holds no more of an answer than fits on its way, however long nobody reads", async () => {
    const piece = Buffer.alloc(MIB, "x");
    let sent = 0;
    upstream.on("/slow/down", (socket) => {
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${200 * MIB}\r\n\r\n`);
      const more = (): void => {
        if (sent >= 200 * MIB || socket.destroyed) return;
        sent += MIB;
        socket.write(piece, more);
      };
      more();
    });
    const socket = open("/slow/down");
    socket.pause();
    expect((await settled(() => sent)) / MIB).toBeLessThan(50);
    socket.destroy();
  });

  it("holds no more of a request than fits on its way, however long its upstream does not read", async () => {
    upstream.ignore("/slow/up");
    const socket = connect(product.port, "127.0.0.1");
    socket.on("error", () => undefined);
    socket.write(
      `POST /slow/up HTTP/1.1\r\nHost: demo.localhost:${product.port}\r\nContent-Length: ${200 * MIB}\r\n\r\n`,
    );
    const piece = Buffer.alloc(MIB, "x");
    let sent = 0;
    const more = (): void => {
      if (sent >= 200 * MIB || socket.destroyed) return;
      sent += MIB;
      socket.write(piece, more);
    };
    more();
    expect((await settled(() => sent)) / MIB).toBeLessThan(50);
    socket.destroy();
  });

  it("takes no more memory for 300 MB than for 100", async () => {
    const piece = Buffer.alloc(MIB, "x");
    upstream.on("/slow/large", (socket, { requestLine }) => {
      let left = Number(/\?(\d+)/.exec(requestLine)?.[1] ?? 0);
      socket.write(`HTTP/1.1 200 OK\r\nContent-Length: ${left * MIB}\r\n\r\n`);
      const more = (): void => {
        if (left === 0) return;
        left -= 1;
        socket.write(piece, more);
      };
      more();
    });
    const peakOf = async (mib: number): Promise<number> => {
      let most = 0;
      let received = 0;
      const watch = setInterval(() => (most = Math.max(most, residentBytes(product.pid))), 50);
      const socket = open(`/slow/large?${mib}`);
      socket.on("data", (part: Buffer) => (received += part.length));
      await closed(socket);
      clearInterval(watch);
      expect(received).toBeGreaterThanOrEqual(mib * MIB);
      return most;
    };
    const first = await peakOf(100);
    expect((await peakOf(300)) - first).toBeLessThan(100 * MIB);
    expect(await told("large?300", slowId)).toMatchObject({
      response: { status: 200, bodySize: 300 * MIB, bodyTruncated: true },
    });
  });
});
