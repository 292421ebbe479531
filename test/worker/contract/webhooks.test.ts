import { describe, expect, it } from "vitest";
import engine from "../../../build/engine.wasm";
import github from "../../fixtures/github-push.json?raw";
import slack from "../../fixtures/slack-event.json?raw";
import stripe from "../../fixtures/stripe-payment-intent.json?raw";
import { hex, utf8 } from "../../../src/lib/bytes.ts";
import { createRuntime } from "../../../src/runtime/index.ts";
import { scriptRunner } from "../../support/run-script.ts";

const run = scriptRunner(createRuntime({ module: engine, now: Date.now }));

const hmac = async (secret: string, text: string): Promise<string> => {
  const key = await crypto.subtle.importKey("raw", utf8(secret), { name: "HMAC", hash: "SHA-256" }, false, [
    "sign",
  ]);
  return hex(new Uint8Array(await crypto.subtle.sign("HMAC", key, utf8(text))));
};

interface Sent {
  readonly body: string;
  readonly headers: Readonly<Record<string, string>>;
}

const send = async (code: string, { body, headers }: Sent): Promise<readonly [number, unknown]> => {
  const { answer, outcome } = await run("module", code, {
    input: { body: utf8(body), headers: Object.entries(headers) },
  }).answer;
  if (answer?.kind !== "response" || !(answer.body instanceof Uint8Array))
    throw new Error(JSON.stringify(outcome));
  return [answer.status, JSON.parse(new TextDecoder().decode(answer.body))];
};

const VERIFY = `
const encoder = new TextEncoder();
const bytesOfHex = (text) => new Uint8Array((text.match(/[0-9a-f]{2}/g) ?? []).map((pair) => parseInt(pair, 16)));
const verify = async (secret, signature, text) => {
  const key = await crypto.subtle.importKey("raw", encoder.encode(secret), { name: "HMAC", hash: "SHA-256" }, false, ["verify"]);
  return crypto.subtle.verify("HMAC", key, bytesOfHex(signature), encoder.encode(text));
};
const refuse = (reason) => Response.json({ ok: false, reason }, { status: 401 });`;

/** The script that the documentation shows for X-Hub-Signature-256. */
const GITHUB = `${VERIFY}
export default async (request) => {
  const body = await request.text();
  const signature = request.headers.get("x-hub-signature-256") ?? "";
  if (!signature.startsWith("sha256=") || !(await verify("It's a Secret to Everybody", signature.slice(7), body))) return refuse("signature");
  const event = JSON.parse(body);
  return Response.json({ ok: true, repository: event.repository.full_name, message: event.head_commit.message });
}`;

/** Stripe-Signature: t=…,v1=…[,v1=…]; signed is "t.body". */
const STRIPE = `${VERIFY}
export default async (request) => {
  const body = await request.text();
  const parts = (request.headers.get("stripe-signature") ?? "").split(",").map((part) => part.split("="));
  const at = parts.find(([name]) => name === "t")?.[1] ?? "";
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= 300)) return refuse("too old");
  for (const [name, signature] of parts) {
    if (name === "v1" && (await verify("whsec_test", signature, at + "." + body))) {
      const { type, data } = JSON.parse(body);
      return Response.json({ ok: true, type, description: data.object.description });
    }
  }
  return refuse("signature");
}`;

/** X-Slack-Signature: v0=…; signed is "v0:timestamp:body". */
const SLACK = `${VERIFY}
export default async (request) => {
  const body = await request.text();
  const at = request.headers.get("x-slack-request-timestamp") ?? "";
  if (!(Math.abs(Date.now() / 1000 - Number(at)) <= 300)) return refuse("too old");
  const signature = request.headers.get("x-slack-signature") ?? "";
  if (!(await verify("8f742231b10e8888abcd99yyyzzz85a5", signature.replace(/^v0=/, ""), "v0:" + at + ":" + body))) return refuse("signature");
  return Response.json({ ok: true, text: JSON.parse(body).event.text });
}`;

const seconds = (): number => Math.floor(Date.now() / 1_000);

describe("a script verifies webhooks by crypto.subtle", () => {
  it("of GitHub, signed and tampered with", async () => {
    const signature = `sha256=${await hmac("It's a Secret to Everybody", github)}`;
    const headers = { "x-github-event": "push", "x-hub-signature-256": signature };
    expect(await send(GITHUB, { body: github, headers })).toEqual([
      200,
      { ok: true, repository: "octo-org/weather-station", message: "Mesure la température en °C 🌡" },
    ]);
    const tampered = github.replace("weather-station", "weather-stati0n");
    expect(await send(GITHUB, { body: tampered, headers })).toEqual([
      401,
      { ok: false, reason: "signature" },
    ]);
    expect(await send(GITHUB, { body: github, headers: {} })).toEqual([
      401,
      { ok: false, reason: "signature" },
    ]);
  });

  it("knows the example in GitHub's documentation", async () => {
    const signature = "sha256=757107ea0eb2509fc211221cce984b8a37570b6d7586c22c46f4379c8b043e17";
    const [status] = await send(
      GITHUB.replace("const event = JSON.parse(body);", "return Response.json({ ok: true });"),
      {
        body: "Hello, World!",
        headers: { "x-hub-signature-256": signature },
      },
    );
    expect(status).toBe(200);
  });

  it("of Stripe, with an old secret's signature beside the right one, and one that is too old", async () => {
    const at = seconds();
    const right = await hmac("whsec_test", `${at}.${stripe}`);
    const header = (time: number) => ({
      "stripe-signature": `t=${time},v1=${"0".repeat(64)},v1=${right},v0=abc`,
    });
    expect(await send(STRIPE, { body: stripe, headers: header(at) })).toEqual([
      200,
      { ok: true, type: "payment_intent.succeeded", description: "Order 1042 — naïve café" },
    ]);
    expect(await send(STRIPE, { body: stripe, headers: header(at - 1) })).toEqual([
      401,
      { ok: false, reason: "signature" },
    ]);
    expect(await send(STRIPE, { body: stripe, headers: header(at - 900) })).toEqual([
      401,
      { ok: false, reason: "too old" },
    ]);
  });

  it("of Slack", async () => {
    const at = seconds();
    const signature = `v0=${await hmac("8f742231b10e8888abcd99yyyzzz85a5", `v0:${at}:${slack}`)}`;
    const headers = { "x-slack-request-timestamp": String(at), "x-slack-signature": signature };
    expect(await send(SLACK, { body: slack, headers })).toEqual([
      200,
      { ok: true, text: "<@U0LAN0Z89> what is the weather in Łódź? ☔" },
    ]);
    expect(await send(SLACK, { body: `${slack} `, headers })).toEqual([
      401,
      { ok: false, reason: "signature" },
    ]);
  });
});

/** Draws a 5 by 3 picture: stored blocks of deflate, so that all it needs are the two checksums. */
const PNG = `
const table = Array.from({ length: 256 }, (_, n) => { for (let k = 0; k < 8; k += 1) n = n & 1 ? 0xedb88320 ^ (n >>> 1) : n >>> 1; return n >>> 0; });
const crc32 = (bytes) => { let crc = 0xffffffff; for (const byte of bytes) crc = table[(crc ^ byte) & 255] ^ (crc >>> 8); return (crc ^ 0xffffffff) >>> 0; };
const adler32 = (bytes) => { let a = 1, b = 0; for (const byte of bytes) { a = (a + byte) % 65521; b = (b + a) % 65521; } return ((b << 16) | a) >>> 0; };
const u32 = (value) => [value >>> 24, (value >>> 16) & 255, (value >>> 8) & 255, value & 255];
const chunk = (type, data) => { const body = [...new TextEncoder().encode(type), ...data]; return [...u32(data.length), ...body, ...u32(crc32(body))]; };
export default (request, ctx) => {
  const { searchParams } = new URL(request.url);
  const width = Number(searchParams.get("w")), height = Number(searchParams.get("h"));
  const rows = [];
  for (let y = 0; y < height; y += 1) { rows.push(0); for (let x = 0; x < width; x += 1) rows.push(x * 50, y * 80, 200); }
  const stored = [0x78, 0x01, 1, rows.length & 255, rows.length >> 8, ~rows.length & 255, (~rows.length >> 8) & 255, ...rows, ...u32(adler32(rows))];
  const png = [0x89, 0x50, 0x4e, 0x47, 13, 10, 26, 10, ...chunk("IHDR", [...u32(width), ...u32(height), 8, 2, 0, 0, 0]), ...chunk("IDAT", stored), ...chunk("IEND", [])];
  return { headers: { "content-type": "image/png" }, body: new Uint8Array(png) };
}`;

interface Chunk {
  readonly type: string;
  readonly data: Uint8Array<ArrayBuffer>;
  readonly crc: number;
}

const chunksOf = (png: Uint8Array<ArrayBuffer>): readonly Chunk[] => {
  const view = new DataView(png.buffer, png.byteOffset);
  const chunks: Chunk[] = [];
  for (let at = 8; at < png.length;) {
    const length = view.getUint32(at);
    chunks.push({
      type: new TextDecoder().decode(png.slice(at + 4, at + 8)),
      data: png.slice(at + 8, at + 8 + length),
      crc: view.getUint32(at + 8 + length),
    });
    at += 12 + length;
  }
  return chunks;
};

/** CRC-32 bit by bit: another way than the script's. */
const crcOf = (bytes: Uint8Array): number => {
  let crc = 0xffffffff;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = (crc >>> 1) ^ (0xedb88320 & -(crc & 1));
  }
  return (crc ^ 0xffffffff) >>> 0;
};

describe("a script that draws", () => {
  it("answers the bytes of a PNG that unpacks to its pixels", async () => {
    const { answer } = await run("module", PNG, {
      input: { url: "http://demo.localhost/p?w=5&h=3", body: null },
    }).answer;
    if (answer?.kind !== "reply" || !(answer.body instanceof Uint8Array)) throw new Error("no bytes");
    expect(answer.headers).toEqual({ mode: "merge", set: [["content-type", "image/png"]] });
    expect(hex(answer.body.slice(0, 8))).toBe("89504e470d0a1a0a");
    const chunks = chunksOf(answer.body);
    expect(chunks.map(({ type }) => type)).toEqual(["IHDR", "IDAT", "IEND"]);
    for (const { type, data, crc } of chunks)
      expect(crcOf(new Uint8Array([...utf8(type), ...data]))).toBe(crc);
    const unpacked = new Blob([chunks[1]?.data ?? new Uint8Array()])
      .stream()
      .pipeThrough(new DecompressionStream("deflate"));
    const rows = new Uint8Array(await new Response(unpacked).arrayBuffer());
    expect(rows.length).toBe(3 * (1 + 5 * 3));
    expect(hex(rows.slice(16, 23))).toBe("000050c83250c8");
  });
});
