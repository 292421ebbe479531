import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../../src/lib/bytes.ts";
import { wholeAnswer } from "../../../../src/responders/egress/whole-answer.ts";
import { EgressError, NO_FIGURES } from "../../../../src/runtime/index.ts";
import type { Execution } from "../../../../src/scripts/index.ts";

const LIMITS = { answerBodyBytes: 10 };
const RETURNED = { kind: "returned", answer: { head: {}, body: null }, ...NO_FIGURES } as const;
const WISHES = { journal: {}, skipRequest: false, trackResponse: false };

const streamOf = (...parts: readonly (string | EgressError)[]): ReadableStream<Uint8Array> => {
  const left = [...parts];
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = left.shift();
        if (next === undefined) controller.close();
        else if (next instanceof EgressError) controller.error(next);
        else controller.enqueue(utf8(next));
      },
    },
    { highWaterMark: 0 },
  );
};

/** A run that answers with a stream, and goes on for a while. */
const answering = (stream: ReadableStream<Uint8Array>, end: Awaited<Execution["end"]> = RETURNED) => {
  const ended = Promise.withResolvers<Awaited<Execution["end"]>>();
  const body = { stream };
  const answer = { kind: "response", status: 200, headers: [], body, wishes: WISHES } as const;
  return {
    execution: { answer: Promise.resolve({ answer, outcome: RETURNED }), end: ended.promise },
    finish: () => ended.resolve(end),
  };
};
const roomOf = (bytes: number) => {
  let left = bytes;
  let isReleased = false;
  return {
    isReleased: () => isReleased,
    reserve: () => ({
      take: (count: number) => {
        left -= count;
        return left >= 0;
      },
      release: () => {
        isReleased = true;
      },
    }),
  };
};

describe("an answer that another server still sends", () => {
  it("is whole before it is told, and holds its room until the run is over", async () => {
    const { execution, finish } = answering(streamOf("ab", "c"));
    const room = roomOf(100);
    const { answer, passed, end } = await wholeAnswer(execution, LIMITS, room.reserve);
    expect([answer?.kind, fromUtf8(passed ?? utf8(""))]).toEqual(["response", "abc"]);
    expect(room.isReleased()).toBe(false);
    finish();
    expect([(await end).kind, room.isReleased()]).toEqual(["returned", true]);
  });

  it.each([
    [streamOf("ab", new EgressError({ kind: "timeout", message: "Upstream request timed out" })), "timeout"],
    [streamOf("more than ten bytes"), "too-large"],
  ])("ends the run as the other server's failure, %#", async (stream, upstream) => {
    const { execution, finish } = answering(stream);
    const { answer, outcome, end } = await wholeAnswer(execution, LIMITS, roomOf(100).reserve);
    expect(answer).toBeNull();
    expect(outcome).toMatchObject({ kind: "threw", upstream, error: { name: "TypeError" } });
    finish();
    expect(await end).toMatchObject({ kind: "threw", upstream });
  });

  it("is a full sandbox where there is no room for it", async () => {
    const { execution, finish } = answering(streamOf("ab", "c"));
    const { outcome } = await wholeAnswer(execution, LIMITS, roomOf(2).reserve);
    expect(outcome).toMatchObject({ kind: "unavailable", reason: "full" });
    finish();
  });

  it("leaves the ending of a run that failed afterwards as it is", async () => {
    const failed = { kind: "exceeded", limit: "cpu", limitValue: 250, ...NO_FIGURES } as const;
    const { execution, finish } = answering(streamOf("more than ten bytes"), failed);
    const { end } = await wholeAnswer(execution, LIMITS, roomOf(100).reserve);
    finish();
    expect(await end).toEqual(failed);
  });
});
