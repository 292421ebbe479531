import { describe, expect, it, vi } from "vitest";
import { utf8 } from "../../../src/lib/bytes.ts";
import { answeredWithin } from "../../../src/runtime/capabilities/http-room.ts";

const MEBIBYTE = 1024 * 1024;

const bodyOf = (text: string) => {
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>({
    start: (controller) => {
      controller.enqueue(utf8(text));
      controller.close();
    },
    cancel: () => {
      cancelled = true;
    },
  });
  return { stream, cancelled: () => cancelled };
};

const roomFor = (most: number) => {
  let taken = 0;
  const capture = (bytes: number): boolean => {
    if (taken + bytes > most) return false;
    taken += bytes;
    return true;
  };
  return { capture, taken: () => taken };
};

describe("what a request has sent", () => {
  it.each([
    [
      "read",
      async (stream: ReadableStream<Uint8Array>) => expect(await new Response(stream).text()).toBe("ab"),
    ],
    ["cancelled", (stream: ReadableStream<Uint8Array>) => stream.cancel()],
  ])("takes room until the answer's body is %s: its server may not have read it", async (_, end) => {
    const room = roomFor(MEBIBYTE);
    const stream = answeredWithin(bodyOf("ab").stream, MEBIBYTE, room);
    expect([stream === undefined, room.taken()]).toEqual([false, MEBIBYTE]);
    if (stream !== undefined) await end(stream);
    await vi.waitFor(() => expect(room.taken()).toBe(0));
  });

  it("is the end of its answer where there is no room", () => {
    const body = bodyOf("ab");
    expect(answeredWithin(body.stream, MEBIBYTE, roomFor(10))).toBeUndefined();
    expect(body.cancelled()).toBe(true);
  });

  it("is not counted when it is small", () => {
    const { stream } = bodyOf("ab");
    expect(answeredWithin(stream, 1_000, roomFor(0))).toBe(stream);
  });
});
