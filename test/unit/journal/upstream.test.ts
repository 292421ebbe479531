import { describe, expect, it, vi } from "vitest";
import type { Answered } from "../../../src/journal/answered.ts";
import type { Entry, Exchange, KeptBody } from "../../../src/journal/index.ts";
import { redactExchange, shownExchange } from "../../../src/journal/index.ts";
import { legChanges } from "../../../src/journal/leg-changes.ts";
import { createRecorder } from "../../../src/journal/record.ts";
import { fit } from "../../../src/journal/store/fit.ts";
import { headOf, readHead } from "../../../src/journal/store/head.ts";
import { holdsPhrase } from "../../../src/journal/store/search-text.ts";
import { utf8 } from "../../../src/lib/bytes.ts";
import { createMask } from "../../../src/secrets/index.ts";
import { redactBy } from "../../../src/responders/grants/redact.ts";
import { exchangeOf } from "../../support/exchanges.ts";
import { hitOf } from "../../support/forwarding.ts";
import { forwardingOf, keptUpstream, legsOf } from "../../support/legs.ts";

const recorded = async (more: Partial<Answered> = {}): Promise<Entry> => {
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
  await recorder.record({
    responder: { id: "rsp_1", keep: 50, notify: null },
    account: { id: "acc_1", limits: { journalKeep: 100, journalBodyBytes: 10, journalBytes: 1_000_000 } },
    hit: hitOf(),
    refusedBytes: 0,
    answeredAt: 1_007,
    response: { status: 201, headers: [["x-b", "2"]], body: null },
    redact: null,
    run: null,
    forwarding: forwardingOf(),
    fault: false,
    ...more,
  });
  const [entry] = entries;
  if (entry === undefined) throw new Error("nothing was recorded");
  return entry;
};

const kept = (text: string, more: Partial<KeptBody> = {}): KeptBody => ({
  bytes: utf8(text),
  size: text.length,
  truncated: false,
  ...more,
});

describe("what is recorded of a hit that was forwarded", () => {
  it("is what went by as streams, and both legs without a second copy of it", async () => {
    const { exchange } = await recorded();
    expect(exchange).toMatchObject({
      request: { body: { bytes: utf8("a body"), size: 6, truncated: false } },
      response: { status: 201, body: { bytes: utf8("an answer "), size: 21, truncated: true } },
      run: { outcome: { kind: "forwarded" } },
      upstream: { request: { body: "same" }, response: { status: 201, body: "same" } },
    });
  });

  it("has of legs with bodies of their own those too, cut to the plan's limit", async () => {
    const own = { bytes: utf8("0123456789abc"), size: 13, whole: true };
    const legs = legsOf({ request: { ...legsOf().request, body: own } });
    const { exchange } = await recorded({ forwarding: forwardingOf({ legs }) });
    expect(exchange.upstream?.request.body).toEqual({ bytes: utf8("0123456789"), size: 13, truncated: true });
  });

  it("says why the upstream failed, and is then a failure", async () => {
    const outcome = { kind: "upstream-failed", reason: "timeout", message: "Too late." } as const;
    const problem = utf8("{}");
    const { exchange } = await recorded({
      forwarding: forwardingOf({ outcome, sent: null, legs: legsOf({ response: null, error: "Too late." }) }),
      response: { status: 504, headers: [], body: problem },
    });
    expect(exchange).toMatchObject({
      response: { status: 504, body: { bytes: problem } },
      run: { outcome: { kind: "upstream-failed", reason: "timeout", error: { message: "Too late." } } },
      upstream: { response: null, error: "Too late." },
    });
  });

  it("is recorded when the answer ends, or as it stands when that takes too long", async () => {
    vi.useFakeTimers();
    let finish = (): void => undefined;
    const end = new Promise<void>((resolve) => (finish = resolve));
    const early = vi.fn();
    const first = recorded({ forwarding: forwardingOf({}, end) });
    first.then(early, early);
    await vi.advanceTimersByTimeAsync(60_000);
    expect(early).not.toHaveBeenCalled();
    finish();
    await first;
    const second = recorded({
      forwarding: forwardingOf({ legs: legsOf({ unfinished: true }) }, new Promise(() => undefined)),
    });
    await vi.advanceTimersByTimeAsync(66_000);
    expect((await second).exchange.upstream?.unfinished).toBe(true);
    vi.useRealTimers();
  });

  it("has no secret in any part of it", async () => {
    const key = "sk_live_4eC39HqLyjWDarjtT1zdp7dc";
    const passed = { bytes: utf8(`x ${key}`), size: 34, whole: true };
    const legs = legsOf({
      request: { method: "GET", url: `https://a.com/?k=${key}`, headers: [["x-k", key]], body: passed },
      response: { status: 200, headers: [["x-k", key]], body: passed },
      attempts: [{ at: 1, status: null, error: `no ${key}`, durationMs: 1 }],
      error: `no ${key}`,
    });
    const report = { legs, received: passed, sent: passed };
    const { exchange } = await recorded({
      forwarding: forwardingOf(report),
      redact: redactBy(createMask([{ name: "KEY", value: key }])),
      account: { id: "acc_1", limits: { journalKeep: 100, journalBodyBytes: 100, journalBytes: 1_000_000 } },
    });
    const bodies = [
      exchange.request,
      exchange.response,
      exchange.upstream?.request,
      exchange.upstream?.response,
    ];
    for (const message of bodies) {
      const body = message?.body;
      const bytes = body === undefined || body === "same" ? null : body.bytes;
      expect(new TextDecoder().decode(bytes ?? undefined)).toBe("x [secret KEY]");
    }
    expect(JSON.stringify(exchange)).not.toContain(key);
  });
});

describe("both legs in the store", () => {
  it("are read as they were written", () => {
    const own = keptUpstream({
      request: { ...keptUpstream().request, body: kept("own") },
      attempts: [
        { at: 1, status: null, error: "no", durationMs: 2 },
        { at: 3, status: 200, error: null, durationMs: 4 },
      ],
      error: "broke",
      unfinished: true,
    });
    for (const upstream of [null, keptUpstream(), keptUpstream({ response: null }), own]) {
      const head = headOf(exchangeOf({ upstream }));
      expect(readHead(JSON.stringify(head))).toEqual(head);
    }
  });

  it("are absent in what was stored before there were any, and unreadable otherwise", () => {
    const { upstream: _, ...before } = headOf(exchangeOf());
    expect(readHead(JSON.stringify(before))?.upstream).toBeNull();
    expect(readHead(JSON.stringify({ ...before, upstream: { request: 1 } }))).toBeUndefined();
  });

  it("give up their own bodies first where there is no room, and shorten what is endless", () => {
    const body = kept("0123456789");
    const upstream = keptUpstream({
      request: { method: "GET", url: `https://a.com/${"x".repeat(2_000_000)}`, headers: [], body },
    });
    const exchange = exchangeOf({ body: "0123456789", upstream });
    const fitted = fit(exchange, fit(exchange, 1_000_000).bytes - 5);
    expect(fitted.exchange.request.body.bytes?.length).toBe(10);
    expect(fitted.exchange.upstream?.request).toMatchObject({
      body: { bytes: null, size: 10, truncated: true },
    });
    expect(fitted.exchange.upstream?.request.url.length).toBe(10_000);
  });

  it("are searched", () => {
    const upstream = keptUpstream({
      response: { status: 200, headers: [["x-came", "a"]], body: kept("Needle") },
    });
    const exchange = exchangeOf({ upstream });
    expect(["api.example.com", "x-leg: 1", "x-came", "needle"].map((q) => holdsPhrase(exchange, q))).toEqual([
      true,
      true,
      true,
      true,
    ]);
    expect(holdsPhrase(exchangeOf(), "needle")).toBe(false);
  });
});

describe("what was changed on the way", () => {
  const exchange = (more: Partial<Exchange["request"]> = {}): Exchange => {
    const made = exchangeOf({ body: '{"a":1,"b":2}', answer: '{"c":1}', answerHeaders: [["x-b", "2"]] });
    return { ...made, request: { ...made.request, ...more } };
  };
  const paths = (given: Exchange, upstream: ReturnType<typeof keptUpstream>) => {
    const { request, response } = legChanges(given, upstream);
    return [request.map(({ path }) => path), response.map(({ path }) => path)];
  };

  it("is none in a body that is the same", () => {
    const { method, url, headers } = exchange().request;
    const upstream = keptUpstream({
      request: { method, url, headers, body: "same" },
      response: {
        status: 200,
        headers: [
          ["x-b", "2"],
          ["content-length", "9"],
        ],
        body: "same",
      },
    });
    expect(paths(exchange(), upstream)).toEqual([[], []]);
  });

  it("is told by pointers, member by member", () => {
    const json = [["content-type", "application/json"]] as const;
    const upstream = keptUpstream({
      request: { method: "PUT", url: "https://a.com/", headers: json, body: kept('{"a":1,"b":3}') },
      response: { status: 500, headers: [], body: kept('{"c":2}') },
    });
    expect(paths(exchange(), upstream)).toEqual([
      ["/method", "/url", "/body/b"],
      ["/status", "/headers/x-b", "/body/c"],
    ]);
  });

  it("is not looked for in bodies that were not kept whole", () => {
    const { method, url, headers } = exchange().request;
    const upstream = keptUpstream({
      request: { method, url, headers, body: kept("x", { truncated: true }) },
      response: null,
    });
    expect(paths(exchange(), upstream)).toEqual([[], []]);
  });
});

describe("both legs, shown", () => {
  it("are absent where there was no upstream", () => {
    expect(shownExchange(exchangeOf(), 100)).not.toHaveProperty("upstream");
  });

  it("say where a body is that of the other side, and leave long ones out", () => {
    const upstream = keptUpstream({ request: { ...keptUpstream().request, body: kept("0123456789") } });
    expect(shownExchange(exchangeOf({ upstream }), 5).upstream).toMatchObject({
      request: { bodySame: false, body: null, bodySize: 10, bodyOmitted: true },
      response: { bodySame: true },
      attempts: [{ at: "1970-01-01T00:00:01.001Z" }],
    });
  });

  it("hide credentials in copies for others", () => {
    const upstream = keptUpstream({
      request: {
        method: "GET",
        url: "https://a.com/?token=1",
        headers: [["authorization", "x"]],
        body: "same",
      },
      response: { status: 200, headers: [["set-cookie", "a=1"]], body: "same" },
    });
    const hidden = JSON.stringify(redactExchange(exchangeOf({ upstream })).upstream);
    expect(hidden).not.toMatch(/token=1|"x"|a=1/);
  });
});
