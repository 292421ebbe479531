import { Buffer } from "node:buffer";
import { describe, expect, it } from "vitest";
import { fromUtf8 } from "../../src/lib/bytes.ts";
import { cleanRoom } from "../support/clean-room.ts";
import { httpDoorStage, httpStage, STAGE_SECRETS } from "../support/stages.ts";
import { HTTP, HTTP_DOOR } from "./attacks/http.ts";

const utf8 = (text: string): Uint8Array => new TextEncoder().encode(text);

const endless = (): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    { pull: (controller) => controller.enqueue(new Uint8Array(64 * 1024).fill(97)) },
    { highWaterMark: 0 },
  );

const inPieces = (text: string): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>({
    start: (controller) => {
      for (const letter of text) controller.enqueue(utf8(letter));
      controller.close();
    },
  });

/** Servers that are as hostile as the script. */
const answer = async (input: string | Request, init: RequestInit): Promise<Response> => {
  const url = new URL(typeof input === "string" ? input : input.url);
  const sent = new Headers(init.headers).get("authorization");
  if (url.hostname !== "api.example.com") return new Response(`got ${sent}`);
  switch (url.pathname) {
    case "/never":
      return new Promise((_, reject) => {
        init.signal?.addEventListener("abort", () => reject(new Error("off")));
      });
    case "/endless":
      return new Response(endless());
    case "/headers":
      return new Response("", { headers: { "x-long": "x".repeat(300_000) } });
    case "/empty":
      return new Response(null, { status: 204 });
    case "/inward":
      return Response.redirect("http://127.0.0.1/", 302);
    case "/around":
      return Response.redirect("https://api.example.com/around", 302);
    case "/elsewhere":
      return Response.redirect("https://evil.example.org/", 302);
    case "/echo": {
      const base64 = Buffer.from(sent ?? "").toString("base64");
      return new Response(`${sent} ${base64}`, { headers: { "x-echo": `${sent}`, "x-base64": base64 } });
    }
    case "/echo-slowly":
      return new Response(inPieces(`<${sent}>`));
    case "/echo-location":
      return new Response(null, { status: 302, headers: { location: `https://evil.example.org/${sent}` } });
    default:
      return new Response("hello");
  }
};

/** Everything that comes out of a run, as text. */
const shown = (outcome: object): string =>
  JSON.stringify(outcome, (_key, value: unknown) => (value instanceof Uint8Array ? fromUtf8(value) : value));

const forms = Object.values(STAGE_SECRETS).flatMap((text) => [
  text,
  text.slice(6, 40),
  Buffer.from(text).toString("base64").slice(0, -4),
  Buffer.from(text).toString("hex"),
]);

describe.each([
  ["a script that may send requests", httpStage(answer), HTTP],
  ["a script at the door that may send requests", httpDoorStage(answer), HTTP_DOOR],
])("%s", async (_, stage, attacks) => {
  const room = await cleanRoom(stage);
  for (const attack of attacks)
    it(attack[0], async () => {
      const outcome = shown(await room.prove(attack));
      const memory = room.watch.memory();
      for (const form of forms) {
        expect(outcome).not.toContain(form);
        expect(memory.includes(form, 0, "utf8") || memory.includes(form, 0, "utf16le")).toBe(false);
      }
    });
});
