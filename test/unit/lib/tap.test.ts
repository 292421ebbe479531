import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { StreamTooLong, tapStream, type TapRules } from "../../../src/lib/tap.ts";

const RULES: TapRules = { keep: 4, take: () => true, most: 100 };

const chunks = (...texts: readonly string[]) => {
  const left = texts.map(utf8);
  let pulls = 0;
  let cancelled: unknown = undefined;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        pulls += 1;
        const next = left.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(next);
      },
      cancel: (reason) => {
        cancelled = reason;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulls: () => pulls, cancelled: () => cancelled };
};

const read = async (stream: ReadableStream<Uint8Array>): Promise<string> => {
  let text = "";
  for await (const chunk of stream) text += fromUtf8(chunk);
  return text;
};

describe("a tapped stream", () => {
  it("lets everything by, and keeps its first bytes", async () => {
    const tap = tapStream(chunks("abc", "def").stream, RULES);
    expect(await read(tap.stream)).toBe("abcdef");
    expect(tap.passed()).toEqual({ bytes: utf8("abcd"), size: 6, whole: false });
    expect(await tap.end).toEqual({ kind: "complete" });
  });

  it("knows that it has kept all", async () => {
    const tap = tapStream(chunks("abcd").stream, RULES);
    await read(tap.stream);
    expect(tap.passed()).toEqual({ bytes: utf8("abcd"), size: 4, whole: true });
  });

  it("takes nothing before somebody reads, and tells what has passed so far", async () => {
    const source = chunks("ab", "cd");
    const tap = tapStream(source.stream, RULES);
    await Promise.resolve();
    expect(source.pulls()).toBe(0);
    const reader = tap.stream.getReader();
    await reader.read();
    expect(tap.passed()).toMatchObject({ size: 2, whole: true });
  });

  it("goes on where there is no room to keep it", async () => {
    const tap = tapStream(chunks("a", "b").stream, { ...RULES, take: () => false });
    expect(await read(tap.stream)).toBe("ab");
    expect(tap.passed()).toEqual({ bytes: utf8(""), size: 2, whole: false });
  });

  it("fails behind the most that it may have, and lets the source go", async () => {
    const source = chunks("abc", "def", "ghi");
    const tap = tapStream(source.stream, { ...RULES, most: 5 });
    await expect(read(tap.stream)).rejects.toBeInstanceOf(StreamTooLong);
    expect(await tap.end).toMatchObject({ kind: "failed" });
    expect(source.cancelled()).toBeInstanceOf(StreamTooLong);
    expect(tap.passed().size).toBe(6);
  });

  it("fails as its source does", async () => {
    const error = new Error("gone");
    const source = new ReadableStream<Uint8Array>({ pull: (controller) => controller.error(error) });
    const tap = tapStream(source, RULES);
    await expect(read(tap.stream)).rejects.toBe(error);
    expect(await tap.end).toEqual({ kind: "failed", error });
  });

  it("says that nobody wanted the rest", async () => {
    const source = chunks("abc", "def");
    const tap = tapStream(source.stream, RULES);
    await tap.stream.cancel("enough");
    expect(await tap.end).toEqual({ kind: "cancelled" });
    expect(source.cancelled()).toBe("enough");
  });
});
