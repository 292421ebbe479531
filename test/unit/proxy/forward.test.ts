import { describe, expect, it } from "vitest";
import { fromUtf8, utf8 } from "../../../src/lib/bytes.ts";
import type { ForwardEnding } from "../../../src/responders/proxy/start-leg.ts";
import { EgressError } from "../../../src/runtime/index.ts";
import {
  answerOf,
  answered,
  failedBy,
  fakeOutlet,
  forwarded,
  hitOf,
  rawOf,
} from "../../support/forwarding.ts";

const problemOf = ({ ending }: ForwardEnding) =>
  ending.kind === "failed" ? [ending.problem.status, ending.problem.code] : ending.kind;

const bodyOf = async ({ ending }: ForwardEnding): Promise<string> =>
  ending.kind === "forwarded" && ending.answer.body !== null
    ? new Response(ending.answer.body).text()
    : ending.kind;

const streamOf = (...parts: readonly (string | Error)[]): ReadableStream<Uint8Array> => {
  const left = [...parts];
  return new ReadableStream<Uint8Array>(
    {
      pull: (controller) => {
        const next = left.shift();
        if (next === undefined) controller.close();
        else if (typeof next === "string") controller.enqueue(utf8(next));
        else controller.error(next);
      },
    },
    { highWaterMark: 0 },
  );
};

describe("a hit that is forwarded", () => {
  it("goes to the upstream's path with its own behind it, and its query as it came", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    await forwarded({ outlet, hit: { path: "/a/b%20c", rawQuery: "x=1&x=2&y" } });
    expect(seen[0]).toMatchObject({
      method: "GET",
      url: "https://api.example.com/v1/a/b%20c?x=1&x=2&y",
      redirect: "manual",
      encoded: true,
      body: null,
      times: { firstByteMs: 30_000 },
    });
  });

  it("goes with the very object that its headers came in", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    const raw = rawOf({ "x-a": "1" });
    await forwarded({ outlet, raw });
    const headers = seen[0]?.headers;
    expect(headers?.kind === "leg" && headers.headers).toBe(raw.headers);
  });

  it("goes with the upstream's headers in place of the sender's", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    const headers = [
      ["X-A", "ours"],
      ["X-A", "twice"],
    ] as const;
    await forwarded({ outlet, upstream: { headers }, raw: rawOf({ "x-a": "theirs", "x-b": "b" }) });
    const sent = seen[0]?.headers.kind === "leg" ? seen[0].headers.headers : new Headers();
    expect([sent.get("x-a"), sent.get("x-b")]).toEqual(["ours, twice", "b"]);
  });

  it("is answered as the upstream answered, its body unread", async () => {
    const { outlet } = fakeOutlet(answered(418, { "x-a": "1", connection: "x-b", "x-b": "1" }, "tea"));
    const ending = await forwarded({ outlet });
    expect(ending.ending.kind === "forwarded" && Object.fromEntries(ending.ending.answer.headers)).toEqual({
      "x-a": "1",
    });
    expect(ending.forwarding.report().sent).toMatchObject({ size: 0 });
    expect(await bodyOf(ending)).toBe("tea");
    await ending.forwarding.end;
    const { outcome, legs, sent } = ending.forwarding.report();
    expect(outcome).toEqual({ kind: "forwarded" });
    expect(sent).toEqual({ bytes: utf8("tea"), size: 3, whole: true });
    expect(legs).toMatchObject({
      response: { status: 418, body: "same" },
      attempts: [{ status: 418, error: null, durationMs: 10 }],
      error: null,
      unfinished: false,
    });
  });

  it("has a body that goes by as a stream, its first bytes kept", async () => {
    const { outlet, seen } = fakeOutlet(async ({ body }) => {
      const text = body?.kind === "stream" ? await new Response(body.stream).text() : "";
      return answered(200, {}, text);
    });
    const body = { kind: "stream", stream: streamOf("abc", "def"), length: null } as const;
    const limits = { proxyBodyBytes: 100, journalBodyBytes: 4 };
    const ending = await forwarded({ outlet, hit: { method: "POST" }, raw: rawOf({}, { body }), limits });
    expect(await bodyOf(ending)).toBe("abcdef");
    const { received, sent } = ending.forwarding.report();
    expect([fromUtf8(received.bytes ?? utf8("")), received.size, received.whole]).toEqual(["abcd", 6, false]);
    expect([fromUtf8(sent?.bytes ?? utf8("")), sent?.size]).toEqual(["abcd", 6]);
    expect(seen).toHaveLength(1);
  });

  it("keeps nothing of bodies where no exchange is kept", async () => {
    const { outlet } = fakeOutlet(answered(200, {}, "abc"));
    const ending = await forwarded({ outlet, keep: 0 });
    await bodyOf(ending);
    expect(ending.forwarding.report().sent).toEqual({ bytes: utf8(""), size: 3, whole: false });
  });

  it.each([
    ["HEAD", 200],
    ["GET", 204],
    ["GET", 304],
  ])("has no body in its answer to %s with %d", async (method, status) => {
    const { outlet } = fakeOutlet(answered(status, { "content-length": "9" }, "ignored"));
    const ending = await forwarded({ outlet, hit: { method } });
    expect(ending.ending.kind === "forwarded" && ending.ending.answer.body).toBeNull();
    await ending.forwarding.end;
    expect(ending.forwarding.report()).toMatchObject({
      sent: { bytes: null, size: 0 },
      legs: { unfinished: false },
    });
  });
});

describe("what is not forwarded", () => {
  it.each([
    ["a path that leaves the upstream's", { path: "/../x" }, [400, "bad-path"], "bad-path"],
    ["CONNECT", { method: "CONNECT" }, [501, "not-implemented"], "not-implemented"],
    ["TRACE", { method: "TRACE" }, [501, "not-implemented"], "not-implemented"],
    ["TRACK", { method: "TRACK" }, [501, "not-implemented"], "not-implemented"],
  ])("is %s", async (_, hit, problem, reason) => {
    const { outlet, seen } = fakeOutlet(answered());
    const ending = await forwarded({ outlet, hit });
    expect(problemOf(ending)).toEqual(problem);
    expect(ending.forwarding.report()).toMatchObject({ outcome: { reason }, legs: null, sent: null });
    expect(seen).toHaveLength(0);
  });

  it("is an upgrade to WebSocket", async () => {
    const { outlet, seen } = fakeOutlet(answered());
    const ending = await forwarded({ outlet, raw: rawOf({ upgrade: "WebSocket" }) });
    expect([problemOf(ending), seen.length]).toEqual([[501, "not-implemented"], 0]);
  });

  it("is a body that says that it is too large, or turns out to be", async () => {
    const { outlet, seen } = fakeOutlet(async ({ body }) => {
      const read = body?.kind === "stream" ? new Response(body.stream).text() : Promise.resolve("");
      return read.then(
        () => answered(),
        () => failedBy("connect"),
      );
    });
    const limits = { proxyBodyBytes: 5, journalBodyBytes: 2 };
    const announced = { kind: "stream", stream: streamOf("abcdef"), length: 6 } as const;
    const hit = { method: "PUT" };
    const first = await forwarded({ outlet, hit, raw: rawOf({}, { body: announced }), limits });
    expect([problemOf(first), seen.length]).toEqual([[413, "too-large"], 0]);
    expect(first.forwarding.report().received).toEqual({ bytes: null, size: 6, whole: false });
    const second = await forwarded({
      outlet,
      hit,
      raw: rawOf({}, { body: { ...announced, stream: streamOf("abc", "def"), length: null } }),
      limits,
    });
    expect(problemOf(second)).toEqual([413, "too-large"]);
  });
});

describe("trouble with an upstream", () => {
  it.each([
    ["connect", [502, "upstream-failed"]],
    ["timeout", [504, "upstream-timeout"]],
  ] as const)("before an answer is told as such: %s", async (kind, problem) => {
    const ending = await forwarded({ outlet: fakeOutlet(failedBy(kind)).outlet });
    expect(problemOf(ending)).toEqual(problem);
    expect(ending.forwarding.report()).toMatchObject({
      outcome: { kind: "upstream-failed", reason: kind, message: `It is ${kind}.` },
      legs: { response: null, error: `It is ${kind}.`, attempts: [{ status: null }] },
    });
  });

  it.each([100, 199, 600, 999])("is a status that cannot be sent: %d", async (status) => {
    const sent = { kind: "answered", answer: { ...answerOf(200, { "x-a": "1" }), status } } as const;
    const ending = await forwarded({ outlet: fakeOutlet(sent).outlet });
    expect(problemOf(ending)).toEqual([502, "upstream-failed"]);
    expect(ending.forwarding.report()).toMatchObject({
      outcome: { reason: "status" },
      legs: { response: { status, headers: [["x-a", "1"]] } },
    });
  });

  it("in the middle of a body breaks the answer off, and is in the report", async () => {
    const error = new EgressError({ kind: "timeout", message: "Upstream request timed out" });
    const { outlet } = fakeOutlet(answered(200, {}, streamOf("abc", error)));
    const ending = await forwarded({ outlet });
    await expect(bodyOf(ending)).rejects.toThrow();
    await ending.forwarding.end;
    expect(ending.forwarding.report()).toMatchObject({
      outcome: { kind: "upstream-failed", reason: "timeout" },
      legs: { response: { status: 200 }, error: "Upstream request timed out", unfinished: false },
      sent: { size: 3 },
    });
  });

  it("is not a sender that hangs up", async () => {
    const aborted = new EgressError({ kind: "aborted", message: "The request was aborted" });
    for (const end of ["cancel", "abort"] as const) {
      const { outlet } = fakeOutlet(
        answered(200, {}, streamOf("abc", ...(end === "abort" ? [aborted] : ["d"]))),
      );
      const ending = await forwarded({ outlet });
      const body = ending.ending.kind === "forwarded" ? ending.ending.answer.body : null;
      const reader = body?.getReader();
      await reader?.read();
      await (end === "cancel" ? reader?.cancel() : reader?.read().catch(() => undefined));
      await ending.forwarding.end;
      expect(ending.forwarding.report()).toMatchObject({
        outcome: { kind: "forwarded" },
        legs: { unfinished: true, error: null },
        sent: { size: 3 },
      });
    }
  });

  it("leaves an answer unfinished in a report that does not wait for its end", async () => {
    const { outlet } = fakeOutlet(answered(200, {}, streamOf("abc", "def")));
    const ending = await forwarded({ outlet });
    expect(ending.forwarding.report()).toMatchObject({ legs: { unfinished: true }, sent: { size: 0 } });
  });
});

describe("retries", () => {
  const retries = { attempts: 2 };

  it.each(["GET", "HEAD", "PUT", "DELETE", "OPTIONS"])(
    "are made for %s, and each is told",
    async (method) => {
      const { outlet, seen } = fakeOutlet(
        failedBy("connect"),
        answered(503, {}, "later"),
        answered(200, {}, "ok"),
      );
      const ending = await forwarded({ outlet, upstream: { retries }, hit: { method } });
      expect(seen).toHaveLength(3);
      const { attempts } = ending.forwarding.report().legs ?? { attempts: [] };
      expect(attempts.map(({ status, error }) => [status, error])).toEqual([
        [null, "It is connect."],
        [503, null],
        [200, null],
      ]);
      // 200 ms, then 400.
      const starts = attempts.map(({ at }) => at);
      expect((starts[1] ?? 0) - (starts[0] ?? 0)).toBeGreaterThanOrEqual(200);
      expect((starts[2] ?? 0) - (starts[1] ?? 0)).toBeGreaterThanOrEqual(400);
    },
  );

  it.each([
    ["a POST", { hit: { method: "POST" } }],
    [
      "what has a body",
      { hit: { method: "PUT" }, raw: rawOf({}, { body: { kind: "bytes", bytes: utf8("a") } }) },
    ],
  ])("are not made for %s", async (_, more) => {
    const { outlet, seen } = fakeOutlet(failedBy("connect"));
    await forwarded({ outlet, upstream: { retries }, ...more });
    expect(seen).toHaveLength(1);
  });

  it("are off unless they are wanted, and not made for other answers", async () => {
    const off = fakeOutlet(failedBy("connect"));
    await forwarded({ outlet: off.outlet });
    const fine = fakeOutlet(answered(500));
    await forwarded({ outlet: fine.outlet, upstream: { retries } });
    expect([off.seen.length, fine.seen.length]).toEqual([1, 1]);
  });

  it("end with the time that all attempts have together", async () => {
    const { outlet, seen } = fakeOutlet(failedBy("timeout"));
    const timeouts = { firstByteMs: 100, totalMs: 250 };
    const ending = await forwarded({ outlet, upstream: { retries: { attempts: 5 }, timeouts } });
    expect(seen.length).toBeLessThan(3);
    expect(problemOf(ending)).toEqual([504, "upstream-timeout"]);
    expect(seen.map(({ times }) => times.totalMs).toSorted((one, other) => other - one)).toEqual(
      seen.map(({ times }) => times.totalMs),
    );
  });

  it("give the last answer, whatever it is", async () => {
    const { outlet } = fakeOutlet(answered(503, {}, "a"), answered(503, {}, "b"), answered(503, {}, "c"));
    expect(await bodyOf(await forwarded({ outlet, upstream: { retries } }))).toBe("c");
  });

  it("stop when the sender has gone", async () => {
    const controller = new AbortController();
    const { outlet, seen } = fakeOutlet(async () => {
      controller.abort();
      return failedBy("connect");
    });
    const raw = rawOf({}, { signal: controller.signal });
    await forwarded({ outlet, upstream: { retries }, raw, hit: hitOf() });
    expect(seen).toHaveLength(1);
  });
});
