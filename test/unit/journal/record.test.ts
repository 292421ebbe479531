import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import type { Answered } from "../../../src/journal/answered.ts";
import type { Entry } from "../../../src/journal/index.ts";
import { createRecorder } from "../../../src/journal/record.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import type { Outcome, ResponderRun } from "../../../src/responders/index.ts";

const LIMITS = { journalKeep: 100, journalBodyBytes: 10, journalBytes: 1_000_000 };

const figures = {
  cpuMs: 1.5,
  fuel: 1_000,
  wallMs: 3,
  peakMemoryBytes: 2_000,
  hostCalls: 1,
  suspensions: 0,
  logs: [],
  logsDropped: 0,
};
const RETURNED: Outcome = { kind: "returned", answer: { head: {}, body: null }, ...figures };
const CPU: Outcome = { kind: "exceeded", limit: "cpu", limitValue: 250, ...figures };

const runWith = (
  wishes: Partial<NonNullable<ResponderRun["wishes"]>> | null,
  end: Outcome | Promise<Outcome> = RETURNED,
  outcome: Outcome = RETURNED,
): ResponderRun => ({
  outcome,
  end: Promise.resolve(end),
  egress: () => [],
  wishes: wishes && { journal: {}, skipRequest: false, trackResponse: false, ...wishes },
});

const answered = (more: Partial<Answered> = {}): Answered => ({
  responder: { id: "rsp_1", keep: 50, notify: null },
  account: { id: "acc_1", limits: LIMITS },
  hit: {
    requestId: "exc_1",
    receivedAt: 1_000,
    method: "POST",
    url: "http://demo.localhost/hook?a=1",
    path: "/hook",
    rawQuery: "a=1",
    headers: [["x-a", "1"]],
    body: utf8("a body of 20 bytes.."),
    client: { ip: null },
    hops: 0,
  },
  refusedBytes: 0,
  answeredAt: 1_007,
  response: { status: 201, headers: [["x-b", "2"]], body: utf8("ok") },
  redact: null,
  run: null,
  forwarding: null,
  fault: false,
  ...more,
});

const recorded = async (more: Partial<Answered> = {}): Promise<readonly Entry[]> => {
  const entries: Entry[] = [];
  const recorder = createRecorder({
    now: () => Date.now(),
    sleep: async () => undefined,
    sinkOf: () => ({
      recordAll: async (given) => {
        entries.push(...given);
      },
    }),
    warn: () => undefined,
  });
  await recorder.record(answered(more));
  return entries;
};

describe("what is recorded of a hit", () => {
  it("is all of it as it was, bodies cut to the plan's limit", async () => {
    const [entry] = await recorded();
    expect(entry).toEqual({
      exchange: {
        id: "exc_1",
        at: 1_000,
        durationMs: 7,
        request: {
          method: "POST",
          url: "http://demo.localhost/hook?a=1",
          path: "/hook",
          rawQuery: "a=1",
          headers: [["x-a", "1"]],
          body: { bytes: utf8("a body of "), size: 20, truncated: true },
          client: { ip: null },
        },
        response: {
          status: 201,
          headers: [["x-b", "2"]],
          body: { bytes: utf8("ok"), size: 2, truncated: false },
        },
        run: expect.objectContaining({ outcome: { kind: "static" } }),
        upstream: null,
        replayOf: null,
        pinned: false,
      },
      kept: true,
      rules: { keep: 50, maxBytes: 1_000_000 },
      lost: 0,
      notify: null,
    });
  });

  it("is nothing, without a call, where nothing is kept", async () => {
    expect(await recorded({ responder: { id: "rsp_1", keep: 0, notify: null } })).toEqual([]);
  });

  it("is the head alone, to be told of and not kept, where nothing is kept and somebody notified", async () => {
    const notify = { on: "hits", every: "5m" } as const;
    const [entry] = await recorded({ responder: { id: "rsp_1", keep: 0, notify } });
    expect(entry).toMatchObject({ kept: false, notify: { responderId: "rsp_1", rule: notify, hops: 0 } });
    expect(entry?.exchange.request.body).toEqual({ bytes: null, size: 20, truncated: true });
    expect(entry?.rules.keep).toBe(0);
  });

  it("is told of only where somebody wants to know", async () => {
    const notify = { on: "failures", every: "5m" } as const;
    const responder = { id: "rsp_1", keep: 0, notify };
    expect(await recorded({ responder })).toEqual([]);
    expect(await recorded({ responder, run: runWith(null, CPU) })).toMatchObject([
      { notify: { rule: notify } },
    ]);
    const kept = await recorded({ responder: { ...responder, keep: 5 } });
    expect(kept).toMatchObject([{ kept: true, notify: null }]);
  });

  it("is what the plan allows, whatever was once saved", async () => {
    const [entry] = await recorded({ responder: { id: "rsp_1", keep: 5_000, notify: null } });
    expect(entry?.rules.keep).toBe(100);
  });

  it("has the run as it ended, after the answer", async () => {
    const [entry] = await recorded({ run: runWith({}, CPU) });
    expect(entry?.exchange.run).toMatchObject({
      outcome: { kind: "exceeded", limit: "cpu", limitValue: 250 },
      cpuMs: 1.5,
      fuel: 1_000,
    });
  });

  it("is a fault of ours, told as one", async () => {
    const [entry] = await recorded({ fault: true });
    expect(entry?.exchange.run.outcome).toMatchObject({ kind: "threw", error: { name: "PlatformError" } });
  });

  it("is the size of a body that was not taken", async () => {
    const hit = { ...answered().hit, body: null };
    const [entry] = await recorded({ hit, refusedBytes: 99 });
    expect(entry?.exchange.request.body).toEqual({ bytes: null, size: 99, truncated: true });
  });
});

describe("a script's wishes", () => {
  it.each([
    ["skipRequest", { skipRequest: true }],
    ["keep: false", { journal: { keep: false } }],
  ])("%s is obeyed, and the hit counted, without its bodies", async (_, wishes) => {
    const [entry] = await recorded({ run: runWith(wishes) });
    expect(entry?.kept).toBe(false);
    expect(entry?.exchange.request.body).toEqual({ bytes: null, size: 20, truncated: true });
    expect(entry?.exchange.response.body).toEqual({ bytes: null, size: 2, truncated: true });
  });

  it("do not hide what failed afterwards", async () => {
    const [entry] = await recorded({ run: runWith({ skipRequest: true }, CPU) });
    expect(entry?.kept).toBe(true);
  });

  it("bodies: false keeps the rest", async () => {
    const [entry] = await recorded({ run: runWith({ journal: { bodies: false } }) });
    expect(entry?.kept).toBe(true);
    expect(entry?.exchange.request.body).toEqual({ bytes: null, size: 20, truncated: true });
  });

  it("keep: true asks for what is done anyway", async () => {
    const [entry] = await recorded({ run: runWith({ journal: { keep: true } }) });
    expect([entry?.kept, entry?.exchange.request.body.bytes?.length]).toEqual([true, 10]);
  });
});

describe("a run that was not let in", () => {
  it("is counted and not kept", async () => {
    const full: Outcome = { kind: "unavailable", reason: "share", retryAfterSeconds: 1, ...figures };
    const [entry] = await recorded({ run: runWith(null, full, full) });
    expect([entry?.kept, entry?.exchange.run.outcome]).toEqual([
      false,
      { kind: "unavailable", reason: "share" },
    ]);
  });
});

describe("a run that goes on and on after its answer", () => {
  beforeEach(() => {
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
  });

  it("is recorded as it stood then, before the platform ends the request", async () => {
    const recording = recorded({ run: runWith({}, new Promise(() => undefined)) });
    await vi.advanceTimersByTimeAsync(24_000);
    expect((await recording)[0]?.exchange.run.outcome).toEqual({ kind: "returned" });
  });
});
