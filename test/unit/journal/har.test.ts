import { describe, expect, it } from "vitest";
import { type Exchange, harChunks, type HarOptions } from "../../../src/journal/index.ts";
import { fromBase64, utf8 } from "../../../src/lib/bytes.ts";
import { hitView } from "../../../src/responders/index.ts";
import { exchangeOf, THREW } from "../../support/exchanges.ts";
import { CORPUS } from "./copy-as-corpus.ts";
import { harFaults } from "./har-schema.ts";

type Exchanges = Parameters<typeof harChunks>[0];
type Made = Parameters<typeof exchangeOf>[0];

const textOf = async (exchanges: Exchanges, more: Partial<HarOptions>): Promise<string> => {
  let text = "";
  for await (const chunk of harChunks(exchanges, { version: "1.2.3", ...more })) text += chunk;
  return text;
};

const harOf = async (exchanges: Exchanges, more: Partial<HarOptions> = {}) => {
  const text = await textOf(exchanges, more);
  const har = JSON.parse(text);
  expect(harFaults(har)).toEqual([]);
  return { text, log: har.log, entries: har.log.entries };
};

const entryOf = async (exchange: Exchange, more: Partial<HarOptions> = {}) =>
  (await harOf([exchange], more)).entries[0];

/** `query` as a hit has it: in the URL, and apart. */
const hitOf = (made: Made, query: string | null = null): Exchange => {
  const exchange = exchangeOf(made);
  const { request } = exchange;
  const url = `http://demo.localhost:8787/hook${query === null ? "" : `?${query}`}`;
  return { ...exchange, request: { ...request, url, rawQuery: query } };
};

const AT = Date.UTC(2026, 10, 22, 12, 30, 15, 7);

describe("a HAR", () => {
  it("has what was sent and answered, and when", async () => {
    const exchange = hitOf(
      {
        id: "exc_01",
        at: AT,
        method: "POST",
        headers: [
          ["content-type", "application/json"],
          ["x-a", "1"],
          ["x-a", "2"],
        ],
        body: '{"a":1}',
        status: 303,
        answerHeaders: [
          ["content-type", "text/plain; charset=utf-8"],
          ["location", "/next"],
        ],
        answer: "naïve",
      },
      "q=a+b&q=%C3%A9&empty=&bare",
    );
    const { log } = await harOf([exchange]);
    expect(log).toEqual({
      version: "1.2",
      creator: { name: "Hookwright", version: "1.2.3" },
      pages: [],
      comment: "Credentials in headers, cookies and queries are redacted; bodies are as they were.",
      entries: [
        {
          startedDateTime: "2026-11-22T12:30:15.007Z",
          time: 3,
          request: {
            method: "POST",
            url: "http://demo.localhost:8787/hook?q=a+b&q=%C3%A9&empty=&bare",
            httpVersion: "unknown",
            cookies: [],
            headers: [
              { name: "content-type", value: "application/json" },
              { name: "x-a", value: "1" },
              { name: "x-a", value: "2" },
            ],
            queryString: [
              { name: "q", value: "a b" },
              { name: "q", value: "é" },
              { name: "empty", value: "" },
              { name: "bare", value: "" },
            ],
            headersSize: -1,
            bodySize: 7,
            postData: { mimeType: "application/json", text: '{"a":1}' },
          },
          response: {
            status: 303,
            statusText: "",
            httpVersion: "unknown",
            cookies: [],
            headers: [
              { name: "content-type", value: "text/plain; charset=utf-8" },
              { name: "location", value: "/next" },
            ],
            redirectURL: "/next",
            headersSize: -1,
            bodySize: 6,
            content: { size: 6, mimeType: "text/plain; charset=utf-8", text: "naïve" },
          },
          cache: {},
          timings: { blocked: -1, dns: -1, connect: -1, ssl: -1, send: 0, wait: 3, receive: 0 },
          _exchangeId: "exc_01",
          _run: { outcome: "static", cpuMs: 0, fuel: 0, wallMs: 0, peakMemoryBytes: 0 },
        },
      ],
    });
  });

  it("is valid whatever was sent", async () => {
    const exchanges = CORPUS.map(
      ({ method = "POST", target = "/hook", shown = target, headers = [], body = null }) => {
        const made = exchangeOf({ method, headers, body, answer: body, answerHeaders: headers });
        const at = shown.indexOf("?");
        const rawQuery = at < 0 ? null : shown.slice(at + 1);
        return { ...made, request: { ...made.request, url: `http://demo.localhost:8787${shown}`, rawQuery } };
      },
    );
    for (const unredacted of [false, true]) {
      const { entries, text } = await harOf(exchanges, { unredacted });
      expect(entries).toHaveLength(CORPUS.length);
      // eslint-disable-next-line no-control-regex -- naming the control characters is the point
      expect(text).not.toMatch(/[\0-\x09\x0b-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069]/);
    }
  });

  it("of nothing is valid", async () => {
    expect((await harOf([])).entries).toEqual([]);
  });

  it("keeps the order in which exchanges come, one a line, from a list or as they arrive", async () => {
    const exchanges = ["exc_3", "exc_1", "exc_2"].map((id) => exchangeOf({ id }));
    const arriving = async function* () {
      for (const exchange of exchanges) yield exchange;
    };
    const { text, entries } = await harOf(arriving());
    expect(entries).toMatchObject([
      { _exchangeId: "exc_3" },
      { _exchangeId: "exc_1" },
      { _exchangeId: "exc_2" },
    ]);
    expect(text).toBe((await harOf(exchanges)).text);
    expect(text.split("\n").filter((line) => line.includes("_exchangeId"))).toHaveLength(3);
  });

  it("says how a run ended, and of what an exchange is a replay", async () => {
    const entry = await entryOf({ ...exchangeOf({ run: { ...THREW, fuel: 12 } }), replayOf: "exc_0" });
    expect(entry).toMatchObject({ _run: { outcome: "threw", fuel: 12 }, _replayOf: "exc_0" });
    const outcome = { kind: "exceeded", limit: "cpu", limitValue: 250 } as const;
    const exceeded = await entryOf(exchangeOf({ run: { ...hitView(null, null), outcome } }));
    expect(exceeded).toMatchObject({ _run: { outcome: "exceeded.cpu" } });
    expect(exceeded).not.toHaveProperty("_replayOf");
  });

  it("has a URL that is one, of a query that is none", async () => {
    const entry = await entryOf(hitOf({}, "a[]=|&b=100%&c=\u202e"));
    expect(entry.request.url).toBe("http://demo.localhost:8787/hook?a%5B%5D=%7C&b=100%25&c=%E2%80%AE");
    expect(entry.request.queryString).toEqual([
      { name: "a[]", value: "|" },
      { name: "b", value: "100%" },
      { name: "c", value: "\u202e" },
    ]);
  });
});

describe("a body in a HAR", () => {
  const bytes = Uint8Array.from({ length: 100_000 }, (_, index) => (index * 31) % 256);

  it("is base64 where it is no text, and the same bytes", async () => {
    const headers = [["content-type", "image/png"]] as const;
    const { request, response } = await entryOf(
      exchangeOf({ headers, body: bytes, answer: bytes, answerHeaders: headers }),
    );
    expect(request.postData).toMatchObject({ mimeType: "image/png", encoding: "base64" });
    expect(fromBase64(request.postData.text)).toEqual(bytes);
    expect(response.content).toMatchObject({ size: 100_000, mimeType: "image/png", encoding: "base64" });
    expect(fromBase64(response.content.text)).toEqual(bytes);
  });

  it("keeps every character, also where a piece ends in half of one", async () => {
    for (const shift of ["", "x", "xx"]) {
      const text = `${shift}${'🙂\u202e\u0000"\\é'.repeat(20_000)}`;
      const { request } = await entryOf(
        exchangeOf({ headers: [["content-type", "text/plain"]], body: text }),
      );
      expect(request.postData.text === text).toBe(true);
      expect(request.bodySize).toBe(utf8(text).length);
    }
  });

  it("has the type that RFC 9110 gives to what says none", async () => {
    const { request, response } = await entryOf(exchangeOf({ headers: [], body: "x" }));
    expect(request.postData.mimeType).toBe("application/octet-stream");
    expect(response.content).toEqual({ size: 0, mimeType: "application/octet-stream" });
  });

  it("is left out of a request that had none", async () => {
    const { request } = await entryOf(exchangeOf({ method: "GET" }));
    expect(request).not.toHaveProperty("postData");
    expect(request.bodySize).toBe(0);
  });

  it("that was cut is marked, with its true size", async () => {
    const made = exchangeOf();
    const body = { bytes: utf8("abc"), size: 5000, truncated: true };
    const { request, response } = await entryOf({
      ...made,
      request: { ...made.request, body },
      response: { ...made.response, body: { bytes: null, size: 70_000, truncated: true } },
    });
    expect(request.bodySize).toBe(5000);
    expect(request.postData).toEqual({
      mimeType: "application/json",
      comment: "Incomplete: 3 of 5000 bytes were kept.",
      _truncated: true,
      text: "abc",
    });
    expect(response.content).toEqual({
      size: 70_000,
      mimeType: "application/octet-stream",
      comment: "Incomplete: 0 of 70000 bytes were kept.",
      _truncated: true,
    });
  });

  it("that is not at hand is marked", async () => {
    const made = exchangeOf();
    const body = { bytes: null, size: 70_000, truncated: false, omitted: true } as const;
    const { request } = await entryOf({ ...made, request: { ...made.request, body } });
    expect(request.postData.comment).toBe("The body, 70000 bytes, is left out here.");
  });

  it("is written piece by piece, one exchange after another", async () => {
    let pulled = 0;
    const many = function* () {
      for (; pulled < 3;) {
        pulled += 1;
        yield exchangeOf({ headers: [["content-type", "image/png"]], body: new Uint8Array(1 << 20) });
      }
    };
    let longest = 0;
    let begun = 0;
    for await (const chunk of harChunks(many(), { version: "1" })) {
      longest = Math.max(longest, chunk.length);
      if (chunk.includes("_exchangeId")) begun += 1;
      expect(pulled - begun).toBeLessThanOrEqual(1);
    }
    expect(begun).toBe(3);
    expect(longest).toBeLessThanOrEqual(64 * 1024);
  });
});

describe("cookies in a HAR", () => {
  it("are told apart, with when they end", async () => {
    const exchange = exchangeOf({
      at: AT,
      headers: [["cookie", 'a=1; b="x=y"; ; nameless; c=']],
      answerHeaders: [
        ["set-cookie", "s=1; Path=/; Domain=example.org; HttpOnly; Secure; SameSite=Lax"],
        ["set-cookie", "t=2; Expires=Sun, 22 Nov 2026 13:00:00 GMT"],
        ["set-cookie", "u=3; Max-Age=60; Expires=Sun, 22 Nov 2020 13:00:00 GMT"],
        ["set-cookie", "v=4; Max-Age=99999999999999999999; Expires=never"],
        ["set-cookie", "w=5; Expires=never"],
        ["set-cookie", "nameless"],
      ],
    });
    const { request, response } = await entryOf(exchange, { unredacted: true });
    expect(request.cookies).toEqual([
      { name: "a", value: "1" },
      { name: "b", value: '"x=y"' },
      { name: "c", value: "" },
    ]);
    const plain = { httpOnly: false, secure: false };
    expect(response.cookies).toEqual([
      { name: "s", value: "1", path: "/", domain: "example.org", httpOnly: true, secure: true },
      { name: "t", value: "2", expires: "2026-11-22T13:00:00.000Z", ...plain },
      { name: "u", value: "3", expires: "2026-11-22T12:31:15.010Z", ...plain },
      { name: "v", value: "4", ...plain },
      { name: "w", value: "5", ...plain },
    ]);
  });
});

describe("redaction in a HAR", () => {
  const exchange = hitOf(
    {
      headers: [
        ["authorization", "Bearer s3cret"],
        ["cookie", "sid=s3cret"],
        ["referer", "https://x.example/?token=s3cret&a=1"],
      ],
      answerHeaders: [
        ["location", "https://user:s3cret@x.example/?a=1#access_token=s3cret"],
        ["set-cookie", "sid=s3cret"],
      ],
    },
    "access_token=s3cret&page=2",
  );

  it("is the default, wherever a credential stands", async () => {
    const { text, entries } = await harOf([exchange]);
    expect(text).not.toContain("s3cret");
    const [{ request, response }] = entries;
    expect(request.headers[0]).toEqual({ name: "authorization", value: "[redacted]" });
    expect(request.url).toBe("http://demo.localhost:8787/hook?access_token=%5Bredacted%5D&page=2");
    expect(request.queryString).toEqual([
      { name: "access_token", value: "[redacted]" },
      { name: "page", value: "2" },
    ]);
    expect(request.cookies).toEqual([]);
    expect(response.cookies).toEqual([]);
    expect(response.redirectURL).toBe("https://%5Bredacted%5D@x.example/?a=1#access_token=%5Bredacted%5D");
  });

  it("can be taken off", async () => {
    const { text, log } = await harOf([exchange], { unredacted: true });
    expect(text.match(/s3cret/g)?.length).toBeGreaterThanOrEqual(8);
    expect(text).not.toContain("redacted");
    expect(log).not.toHaveProperty("comment");
  });
});
