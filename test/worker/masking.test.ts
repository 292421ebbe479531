import { describe, expect, it } from "vitest";
import { concat, fromUtf8, utf8 } from "../../src/lib/bytes.ts";
import { contentDecoding } from "../../src/lib/content-coding.ts";
import { maskBody } from "../../src/secrets/masking/mask-body.ts";
import { maskAnswer } from "../../src/secrets/filling/mask-answer.ts";
import { createMask } from "../../src/secrets/masking/mask.ts";
import { CODINGS } from "../support/encoded.ts";
import { carriedBy, filled, runOf, secret } from "../support/filling.ts";

const KEY = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
const mask = createMask([{ name: "KEY", value: KEY }]);
const MiB = 1024 * 1024;

const encoded = (coding: string, bytes: Uint8Array): Uint8Array<ArrayBuffer> => {
  const encode = CODINGS.find(([name]) => name === coding)?.[1];
  if (encode === undefined) throw new Error(`no ${coding}`);
  return encode(bytes);
};

describe("masking in workerd", () => {
  it.each(CODINGS)("reads %s", async (coding, encode) => {
    const kept = await maskBody(mask, encode(utf8(`a ${KEY} b`)), coding, 1_000);
    expect(kept).toEqual({ kind: "masked", bytes: utf8("a [secret KEY] b"), decoded: true, isWhole: true });
  });

  it.each(["gzip", "deflate", "br", "zstd"])("says that it cannot read what is no %s", async (coding) => {
    const broken = await maskBody(mask, utf8("certainly nothing of the kind"), coding, 1_000);
    expect(broken).toEqual({ kind: "unreadable" });
  });

  it.each(["gzip", "deflate", "zstd", "gzip, br"])(
    "stops a bomb where enough is decoded: %s",
    async (coding) => {
      const bomb = encoded(coding, new Uint8Array(24 * MiB));
      const kept = await maskBody(mask, bomb, coding, 1_000);
      expect(kept).toEqual({ kind: "masked", bytes: new Uint8Array(1_000), decoded: true, isWhole: false });
    },
  );

  it("does not decode a bomb of Brotli", async () => {
    const bomb = encoded("br", new Uint8Array(9 * MiB));
    expect(await maskBody(mask, bomb, "br", 1_000)).toEqual({ kind: "unreadable" });
  });

  it("asks a source for no more than is decoded of it", async () => {
    const bomb = encoded("gzip", new Uint8Array(24 * MiB));
    let asked = 0;
    let isOver = false;
    const source = async function* source() {
      try {
        for (let at = 0; at < bomb.length; at += 100) {
          asked += 1;
          yield await Promise.resolve(bomb.subarray(at, at + 100));
        }
      } finally {
        isOver = true;
      }
    };
    const decoding = contentDecoding("gzip");
    if (decoding.kind !== "encoded") throw new Error(decoding.kind);
    for await (const chunk of decoding.decode(source())) if (chunk.length > 0) break;
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isOver).toBe(true);
    expect(asked).toBeLessThan(60);
  });

  it("masks a body as it streams by", async () => {
    const { readable, writable } = new TransformStream<Uint8Array, Uint8Array>();
    const writer = writable.getWriter();
    const body = `{"a":"${KEY}","b":"${btoa(KEY)}"}`;
    const writing = (async () => {
      for (let at = 0; at < body.length; at += 7) await writer.write(utf8(body.slice(at, at + 7)));
      await writer.close();
    })();
    const parts: Uint8Array[] = [];
    for await (const part of readable.pipeThrough(mask.stream())) parts.push(part);
    await writing;
    expect(fromUtf8(concat(parts))).toMatch(/^\{"a":"\[secret KEY\]","b":"\[secret KEY\].{0,2}="\}$/);
  });

  it("passes an answer on, masked, as the platform sends it", async () => {
    const answer = new Response(new Response(`<${KEY}>`).body?.pipeThrough(mask.stream()) ?? null);
    expect(await answer.text()).toBe("<[secret KEY]>");
  });

  it.each(CODINGS)("masks what comes back to a request that was filled in: %s", async (coding, encode) => {
    const run = runOf([secret("KEY", KEY)]);
    const carried = carriedBy(filled(run.placeholders, { headers: [["authorization", run.text("KEY")]] }));
    const { body } = new Response(encode(utf8(`${"a".repeat(200_000)}${KEY}`)));
    const headers = [["content-encoding", coding]] as const;
    const result = maskAnswer({ status: 200, statusText: "", headers, body }, carried);
    if (result.kind === "unreadable") throw new Error(result.kind);
    expect(await new Response(result.answer.body).text()).toBe(`${"a".repeat(200_000)}[secret KEY]`);
  });

  it("asks an answer for no more than is read of it", async () => {
    const run = runOf([secret("KEY", KEY)]);
    const carried = carriedBy(filled(run.placeholders, { headers: [["authorization", run.text("KEY")]] }));
    let asked = 0;
    let isCancelled = false;
    const bomb = encoded("gzip", new Uint8Array(24 * MiB));
    const body = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        controller.enqueue(bomb.subarray(asked * 100, asked * 100 + 100));
        asked += 1;
      },
      cancel: () => {
        isCancelled = true;
      },
    });
    const headers = [["content-encoding", "gzip"]] as const;
    const result = maskAnswer({ status: 200, statusText: "", headers, body }, carried);
    if (result.kind === "unreadable") throw new Error(result.kind);
    const reader = result.answer.body?.getReader();
    expect((await reader?.read())?.value?.length).toBeGreaterThan(0);
    await reader?.cancel();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(isCancelled).toBe(true);
    expect(asked).toBeLessThan(60);
  });
});
