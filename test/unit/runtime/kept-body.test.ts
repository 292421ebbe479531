import { gzipSync, zstdCompressSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { concat, fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { keepBody } from "../../../src/runtime/capabilities/kept-body.ts";
import { EgressError } from "../../../src/runtime/index.ts";

/** A body in pieces, and what has become of it. */
const bodyOf = (...pieces: readonly (Uint8Array | string | EgressError)[]) => {
  const left = [...pieces];
  let pulled = 0;
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = left.shift();
        pulled += 1;
        if (next === undefined) controller.close();
        else if (next instanceof EgressError) controller.error(next);
        else controller.enqueue(typeof next === "string" ? utf8(next) : next);
      },
      cancel: () => {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, pulled: () => pulled, cancelled: () => cancelled };
};
const keep = (
  stream: ReadableStream<Uint8Array>,
  { encoding = null as string | null, most = 1_000, room = 1_000 } = {},
) => {
  let taken = 0;
  const take = (bytes: number): boolean => {
    taken += bytes;
    return taken <= room;
  };
  return keepBody(stream, encoding, { most, take });
};
const bounds = { most: 1_000, take: () => true };
const textIn = (whole: Awaited<ReturnType<ReturnType<typeof keep>["read"]>>): string =>
  whole.kind === "bytes" ? fromUtf8(whole.bytes) : whole.kind;
const bytesOf = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> => {
  const parts: Uint8Array[] = [];
  for await (const part of stream) parts.push(part);
  return concat(parts);
};

describe("a body that is kept", () => {
  it("is not touched before somebody reads, and passes piece by piece", async () => {
    const body = bodyOf("a", "b");
    const kept = keep(body.stream);
    expect(body.pulled()).toBe(0);
    const reader = kept.whole().getReader();
    await reader.read();
    expect([body.pulled(), kept.passed().size]).toEqual([1, 0 + 1]);
    expect(kept.whole()).toBe(kept.whole());
  });

  it("is read twice, and passes whole all the same", async () => {
    const kept = keep(bodyOf("ab", "c").stream);
    expect([textIn(await kept.read(bounds)), textIn(await kept.read(bounds))]).toEqual(["abc", "abc"]);
    expect(kept.passed()).toEqual({ bytes: utf8("abc"), size: 3, whole: true });
    expect(fromUtf8(await bytesOf(kept.whole()))).toBe("abc");
  });

  it.each([
    ["gzip", gzipSync("told")],
    ["zstd", zstdCompressSync("told")],
    ["gzip, identity", gzipSync("told")],
  ])("is read decoded and passed on as %s", async (encoding, bytes) => {
    const kept = keep(bodyOf(new Uint8Array(bytes)).stream, { encoding });
    expect(textIn(await kept.read(bounds))).toBe("told");
    expect(await bytesOf(kept.whole())).toEqual(new Uint8Array(bytes));
  });

  it("that is not what its coding says, or of an unknown one, cannot be read and passes", async () => {
    for (const encoding of ["gzip", "compress"]) {
      const kept = keep(bodyOf("plain").stream, { encoding });
      expect(await kept.read(bounds)).toMatchObject({ kind: "failed", failure: { kind: "broken" } });
      expect(fromUtf8(await bytesOf(kept.whole()))).toBe("plain");
    }
  });

  it("that is too long to be read passes whole, with what comes after", async () => {
    const body = bodyOf("abc", "def", "ghi");
    const kept = keep(body.stream, { most: 4 });
    expect(await kept.read(bounds)).toMatchObject({ kind: "failed", failure: { kind: "too-large" } });
    expect(body.pulled()).toBe(2);
    expect(fromUtf8(await bytesOf(kept.whole()))).toBe("abcdefghi");
  });

  it("that decodes to too much, or finds no room, cannot be read", async () => {
    const bomb = gzipSync(Buffer.alloc(100_000));
    const kept = keep(bodyOf(new Uint8Array(bomb)).stream, { encoding: "gzip" });
    expect(await kept.read(bounds)).toMatchObject({ kind: "failed", failure: { kind: "too-large" } });
    const crowded = keep(bodyOf("abc").stream, { room: 2 });
    expect((await crowded.read(bounds)).kind).toBe("given-up");
    expect(fromUtf8(await bytesOf(crowded.whole()))).toBe("abc");
    expect((await keep(bodyOf("abc").stream).read({ ...bounds, take: () => false })).kind).toBe("given-up");
  });

  it("that breaks off does so for readers and for who comes after", async () => {
    const broken = new EgressError({ kind: "broken", message: "It broke off." });
    const kept = keep(bodyOf("ab", broken).stream);
    expect(await kept.read(bounds)).toEqual({ kind: "failed", failure: broken.failure });
    await expect(bytesOf(kept.whole())).rejects.toThrow("It broke off.");
  });

  it("is read by who began before it was passed on, and by nobody later", async () => {
    const kept = keep(bodyOf("ab", "c").stream);
    const reading = kept.read(bounds);
    const passing = bytesOf(kept.whole());
    expect([textIn(await reading), fromUtf8(await passing)]).toEqual(["abc", "abc"]);
    expect(await kept.read(bounds)).toMatchObject({ kind: "failed", failure: { kind: "aborted" } });
  });

  it("lets who has lost interest go, and another read on", async () => {
    let more: (() => void) | undefined;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull: async (controller) => {
          await new Promise<void>((resolve) => {
            more = resolve;
          });
          controller.enqueue(utf8("late"));
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    const kept = keep(stream);
    const given = new AbortController();
    const lost = kept.read({ ...bounds, signal: given.signal });
    const other = kept.read(bounds);
    given.abort();
    await vi.waitFor(() => expect(more).toBeDefined());
    more?.();
    expect((await lost).kind).not.toBe("failed");
    expect(textIn(await other)).toBe("late");
  });

  it("that nobody wants is cancelled, unless it was handed over", async () => {
    const unwanted = bodyOf("a");
    keep(unwanted.stream).drop();
    expect(unwanted.cancelled()).toBe(true);
    const handed = bodyOf("a");
    const kept = keep(handed.stream);
    const whole = kept.whole();
    kept.drop();
    expect(handed.cancelled()).toBe(false);
    await whole.cancel();
    expect(handed.cancelled()).toBe(true);
  });
});
