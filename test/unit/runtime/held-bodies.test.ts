import { describe, expect, it, vi } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import { createHeldBodies } from "../../../src/runtime/capabilities/held-bodies.ts";

const NEVER = new AbortController().signal;

/** A body in pieces, and whether somebody has cancelled it. */
const bodyOf = (...pieces: readonly string[]) => {
  const left = [...pieces];
  let cancelled = false;
  const stream = new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = left.shift();
        if (next === undefined) controller.close();
        else controller.enqueue(utf8(next));
      },
      cancel: () => {
        cancelled = true;
      },
    },
    { highWaterMark: 0 },
  );
  return { stream, cancelled: () => cancelled };
};

const bodiesWith = ({ room = 1_000, fuel = Number.POSITIVE_INFINITY, most = 1_000 } = {}) => {
  let taken = 0;
  let owed = 0;
  const bodies = createHeldBodies({
    most,
    unitsPerByte: 1,
    loan: () => ({
      capture: (bytes) => {
        if (taken + bytes > room) return false;
        taken += bytes;
        return true;
      },
      owe: (units) => {
        owed += units;
        return owed <= fuel;
      },
    }),
  });
  return { bodies, taken: () => taken, owed: () => owed };
};
const textIn = (whole: Awaited<ReturnType<ReturnType<typeof createHeldBodies>["read"]>>): string =>
  whole.kind === "bytes" ? fromUtf8(whole.bytes) : whole.kind;
const textOf = (stream: ReadableStream<Uint8Array> | undefined): Promise<string> =>
  new Response(stream ?? null).text();

describe("bodies that stay on the host", () => {
  it("are read once, and their room is given back", async () => {
    const { bodies, taken, owed } = bodiesWith();
    const id = bodies.hold(bodyOf("ab", "c").stream);
    expect(textIn(await bodies.read(id, NEVER))).toBe("abc");
    expect([taken(), owed() > 3]).toEqual([0, true]);
    await expect(bodies.read(id, NEVER)).rejects.toThrow("There is no such body");
    expect(() => bodies.clone(id)).toThrow("There is no such body");
    expect(bodies.take(id)).toBeUndefined();
    bodies.drop(id);
  });

  it("are given up where the isolate has no room, or the run no fuel", async () => {
    for (const few of [{ room: 2 }, { fuel: 4_000 }]) {
      const { bodies, taken } = bodiesWith(few);
      const body = bodyOf("ab", "c");
      expect(textIn(await bodies.read(bodies.hold(body.stream), NEVER))).toBe("given-up");
      expect([taken(), body.cancelled()]).toEqual([0, true]);
    }
  });

  it("fail beyond their limit, however they have grown", async () => {
    const { bodies } = bodiesWith({ most: 2 });
    const whole = await bodies.read(bodies.hold(bodyOf("ab", "c").stream), NEVER);
    expect(whole).toMatchObject({ kind: "failed", failure: { kind: "too-large" } });
  });

  it("are read once for all of their readers, whose room stays taken", async () => {
    const { bodies, taken } = bodiesWith();
    const id = bodies.hold(bodyOf("ab", "c").stream);
    const other = bodies.clone(id);
    expect(await Promise.all([bodies.read(id, NEVER), bodies.read(other, NEVER)])).toEqual([
      { kind: "bytes", bytes: utf8("abc") },
      { kind: "bytes", bytes: utf8("abc") },
    ]);
    expect(taken()).toBe(3);
  });

  it("are cancelled when the last reader drops them, and by who has lost interest", async () => {
    const { bodies } = bodiesWith();
    const body = bodyOf("ab");
    const id = bodies.hold(body.stream);
    const other = bodies.clone(id);
    bodies.drop(id);
    expect(body.cancelled()).toBe(false);
    bodies.drop(other);
    expect(body.cancelled()).toBe(true);
    const controller = new AbortController();
    const stalled = new ReadableStream<Uint8Array>({}, { highWaterMark: 0 });
    const reading = bodies.read(bodies.hold(stalled), controller.signal);
    controller.abort();
    expect((await reading).kind).toBe("given-up");
  });

  it("are handed over as they are, or with what others leave of them", async () => {
    const { bodies } = bodiesWith();
    const alone = bodyOf("ab");
    expect(bodies.take(bodies.hold(alone.stream))).toBe(alone.stream);
    const id = bodies.hold(bodyOf("ab", "c").stream);
    const other = bodies.clone(id);
    const taken = bodies.take(id);
    expect(textIn(await bodies.read(other, NEVER))).toBe("abc");
    expect(await textOf(taken)).toBe("abc");
  });

  it("are cancelled at the end of the run, but for what was handed over, which takes no room of its", async () => {
    const { bodies } = bodiesWith({ room: 0 });
    const unread = bodyOf("ab");
    bodies.hold(unread.stream);
    const cloned = bodyOf("ab", "c");
    const id = bodies.hold(cloned.stream);
    bodies.clone(id);
    const taken = bodies.take(id);
    bodies.end();
    expect(unread.cancelled()).toBe(true);
    expect(await textOf(taken)).toBe("abc");
  });

  it("are not read on when their run is over, which counted what was read", async () => {
    for (const isHandedOver of [false, true]) {
      const { bodies, taken } = bodiesWith();
      let cancelled = false;
      let come: (text: string | null) => void = () => undefined;
      const slow = new ReadableStream<Uint8Array>(
        {
          start: (controller) => {
            come = (text) => (text === null ? controller.close() : controller.enqueue(utf8(text)));
          },
          cancel: () => {
            cancelled = true;
          },
        },
        { highWaterMark: 0 },
      );
      const id = bodies.hold(slow);
      const other = bodies.clone(id);
      const reading = bodies.read(id, NEVER);
      come("ab");
      await vi.waitFor(() => expect(taken()).toBe(2));
      const passedOn = isHandedOver ? bodies.take(other) : undefined;
      bodies.end();
      expect([(await reading).kind, cancelled, taken()]).toEqual(["given-up", !isHandedOver, 2]);
      if (passedOn === undefined) continue;
      const text = textOf(passedOn);
      come("c");
      come("de");
      come(null);
      expect([await text, taken()]).toEqual(["abcde", 2]);
    }
  });

  it("that were handed over and are cancelled let the others read on", async () => {
    const { bodies } = bodiesWith();
    const body = bodyOf("ab", "c");
    const id = bodies.hold(body.stream);
    const other = bodies.clone(id);
    await bodies.take(id)?.cancel();
    expect(body.cancelled()).toBe(false);
    expect(textIn(await bodies.read(other, NEVER))).toBe("abc");
  });
});
