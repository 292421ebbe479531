import { describe, expect, it } from "vitest";
import { utf8 } from "../../src/lib/bytes.ts";
import { call, fetchWorker, keyWith, mintAccount } from "../support/account.ts";
import { codeOf, pathsOf } from "../support/api.ts";
import { entryOf, THREW } from "../support/exchanges.ts";
import { journalOf, newJournal, type TestJournal } from "../support/journal.ts";

const idsOf = async ({ account, path }: TestJournal, query: string): Promise<readonly string[]> => {
  const { status, body } = await account.api("GET", `${path}/exchanges?${query}`);
  if (status !== 200) throw new Error(JSON.stringify(body));
  return body.items.map((item: { readonly id: string }) => item.id);
};

const fetchRaw = ({ account }: TestJournal, path: string, init: RequestInit = {}): Promise<Response> =>
  fetchWorker(
    new Request(`http://localhost/api/v1${path}`, {
      ...init,
      headers: { authorization: `Bearer ${account.key}` },
    }),
  );

describe("the list of a responder's exchanges", () => {
  it("shows each as it was", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({
      path: "/journal?x=1",
      body: '{"a":1}',
      status: 201,
      answerHeaders: [["content-type", "image/png"]],
      answer: new Uint8Array([0xff, 0]),
      run: { logs: [{ at: "2026-11-22T12:00:00.000Z", level: "log", text: "seen" }] },
    });
    const { status, body } = await journal.account.api("GET", `${journal.path}/exchanges`);
    expect(status).toBe(200);
    expect(body).toEqual({
      items: [
        {
          id,
          requestId: id,
          at: "2026-11-22T12:00:00.001Z",
          durationMs: 3,
          request: {
            method: "POST",
            url: "http://demo.localhost/journal?x=1",
            headers: [["content-type", "application/json"]],
            body: { text: '{"a":1}' },
            bodySize: 7,
            bodyTruncated: false,
            bodyOmitted: false,
            client: { ip: "203.0.113.7", country: "AT" },
          },
          response: {
            status: 201,
            headers: [["content-type", "image/png"]],
            body: { base64: "/wA=" },
            bodySize: 2,
            bodyTruncated: false,
            bodyOmitted: false,
          },
          run: expect.objectContaining({
            outcome: { kind: "static" },
            logs: [{ at: "2026-11-22T12:00:00.000Z", level: "log", text: "seen" }],
          }),
          replayOf: null,
          pinned: false,
        },
      ],
      nextCursor: null,
    });
  });

  it("goes page by page, newest first", async () => {
    const journal = await newJournal();
    const ids = await journal.record({}, {}, {}, {}, {});
    const pages: (readonly string[])[] = [];
    let cursor = "";
    do {
      const { body } = await journal.account.api("GET", `${journal.path}/exchanges?limit=2${cursor}`);
      pages.push(body.items.map((item: { readonly id: string }) => item.id));
      cursor = body.nextCursor === null ? "" : `&cursor=${body.nextCursor}`;
    } while (cursor !== "");
    expect(pages.flat()).toEqual(ids.toReversed());
    expect(pages.map((page) => page.length)).toEqual([2, 2, 1]);
  });

  it("refuses a cursor of another responder's list", async () => {
    const account = await mintAccount();
    const one = await journalOf(account);
    const other = await journalOf(account);
    await one.record({}, {});
    const { body } = await account.api("GET", `${one.path}/exchanges?limit=1`);
    const got = await account.api("GET", `${other.path}/exchanges?cursor=${body.nextCursor}`);
    expect([got.status, pathsOf(got)]).toEqual([422, ["cursor"]]);
  });

  it("takes each filter, and all of them together", async () => {
    const journal = await newJournal();
    const [first, second, third] = await journal.record(
      { method: "PUT", status: 404, body: "needle % in a haystack" },
      { method: "POST", status: 500, run: THREW, headers: [["x-word", "Needle % in"]] },
      { method: "POST", status: 200, path: "/journal?q=nothing" },
    );
    expect(await idsOf(journal, "status=404")).toEqual([first]);
    expect(await idsOf(journal, "status=4xx")).toEqual([first]);
    expect(await idsOf(journal, "method=put")).toEqual([first]);
    expect(await idsOf(journal, "outcome=failed")).toEqual([second]);
    expect(await idsOf(journal, "outcome=threw")).toEqual([second]);
    expect(await idsOf(journal, "outcome=exceeded.cpu")).toEqual([]);
    expect(await idsOf(journal, "outcome=static")).toEqual([third, first]);
    expect(await idsOf(journal, "q=needle%20%25%20IN")).toEqual([second, first]);
    expect(await idsOf(journal, "q=q%3Dnothing")).toEqual([third]);
    expect(await idsOf(journal, "since=2026-11-22T13:00:00.002%2B01:00")).toEqual([third, second]);
    expect(await idsOf(journal, "until=2026-11-22T12:00:00.002Z")).toEqual([first]);
    expect(await idsOf(journal, "method=POST&status=500&outcome=failed&q=needle")).toEqual([second]);
  });

  it("says what is wrong with a filter", async () => {
    const { account, path } = await newJournal();
    const wrong = [
      ["status=20", "status"],
      ["outcome=wonderful", "outcome"],
      ["since=yesterday", "since"],
      ["wait=26", "wait"],
      ["after=exc_1", "after"],
      ["limit=201", "limit"],
      ["colour=red", "colour"],
    ] as const;
    for (const [query, field] of wrong) {
      const got = await account.api("GET", `${path}/exchanges?${query}`);
      expect([got.status, pathsOf(got)], query).toEqual([422, [field]]);
    }
  });

  it("leaves out bodies of more than 16 KiB", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({ body: "x".repeat(16_385), answer: "y".repeat(16_384) });
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges`);
    expect(body.items[0].request).toMatchObject({ body: null, bodySize: 16_385, bodyOmitted: true });
    expect(body.items[0].response).toMatchObject({ body: { text: "y".repeat(16_384) }, bodyOmitted: false });
    const followed = await journal.account.api(
      "GET",
      `${journal.path}/exchanges?after=exc_${"0".repeat(26)}`,
    );
    expect(followed.body.items[0].request).toMatchObject({ body: null, bodyOmitted: true });
    const { body: whole } = await journal.account.api("GET", `${journal.path}/exchanges/${id}`);
    expect(whole.request).toMatchObject({ body: { text: "x".repeat(16_385) }, bodyOmitted: false });
  });
});

describe("waiting for the next exchanges", () => {
  it("gives those after one, oldest first, and where to go on", async () => {
    const journal = await newJournal();
    const ids = await journal.record({}, {}, {});
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges?after=${ids[0]}&limit=1`);
    expect(body).toMatchObject({ items: [{ id: ids[1] }], nextCursor: null, gap: false, after: ids[1] });
    const rest = await journal.account.api("GET", `${journal.path}/exchanges?after=${ids[1]}`);
    expect(rest.body.items.map((item: { readonly id: string }) => item.id)).toEqual([ids[2]]);
    const none = await journal.account.api("GET", `${journal.path}/exchanges?after=${ids[2]}`);
    expect(none.body).toEqual({ items: [], nextCursor: null, gap: false, after: ids[2] });
  });

  it("wakes at the next one", async () => {
    const journal = await newJournal();
    await journal.record({ method: "PUT" });
    const waiting = journal.account.api("GET", `${journal.path}/exchanges?wait=25&method=POST`);
    // It waits in the object once the object has been asked for the second time.
    await journal.account.api("GET", `${journal.path}/exchanges`);
    const [, id] = await journal.record({ method: "PUT" }, { method: "POST" });
    const { body } = await waiting;
    expect(body).toMatchObject({ items: [{ id }], gap: false, after: id });
  });

  it("says so when the exchange before is no longer known", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const unknown = `exc_${"0".repeat(26)}`;
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges?after=${unknown}`);
    expect(body).toMatchObject({ items: [{ id }], gap: true, after: id });
  });

  it("does not go back and forth at once", async () => {
    const journal = await newJournal();
    await journal.record({}, {});
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges?limit=1`);
    const got = await journal.account.api(
      "GET",
      `${journal.path}/exchanges?wait=1&cursor=${body.nextCursor}`,
    );
    expect([got.status, pathsOf(got)]).toEqual([422, ["cursor"]]);
  });
});

describe("one exchange", () => {
  it("is read whole, however long its bodies are", async () => {
    const journal = await newJournal();
    // Longer than a piece, with a surrogate pair where two pieces meet.
    const text = `${"a".repeat(49_151)}😀${"\u0007é\\".repeat(100_000)}`;
    const bytes = Uint8Array.from({ length: 300_001 }, (_, at) => at % 251);
    const [id] = await journal.record({
      body: text,
      answer: bytes,
      answerHeaders: [["content-type", "application/octet-stream"]],
    });
    const { status, headers, body } = await journal.account.api("GET", `${journal.path}/exchanges/${id}`);
    expect([status, headers.get("content-type")]).toEqual([200, "application/json"]);
    expect(body.request.body.text).toBe(text);
    expect(body.request.bodyOmitted).toBe(false);
    expect(Uint8Array.from(atob(body.response.body.base64), (digit) => digit.charCodeAt(0))).toEqual(bytes);
    expect(body).toMatchObject({
      id,
      requestId: id,
      replayOf: null,
      request: { bodySize: utf8(text).length },
    });
  });

  it("shows a terminal nothing that it would act on", async () => {
    const journal = await newJournal();
    const evil = "\u001b[2J\u009b31m\u202egpj\u007f";
    const [id] = await journal.record({ body: evil, headers: [["x-evil", "\u009b31m"]] });
    for (const path of [`${journal.path}/exchanges`, `${journal.path}/exchanges/${id}`]) {
      const text = await (await fetchRaw(journal, path)).text();
      // eslint-disable-next-line no-control-regex -- naming the control characters is the point
      expect(text).not.toMatch(/[\u0000-\u0009\u000b-\u001f\u007f-\u009f\u202e]/);
      expect(text).toContain("\\u009b31m");
    }
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges/${id}`);
    expect(body.request.body.text).toBe(evil);
  });

  it("is pinned and unpinned", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const path = `${journal.path}/exchanges/${id}`;
    const { status, body } = await journal.account.api("PUT", `${path}/pin`, { pinned: true });
    expect([status, body]).toEqual([200, { id, pinned: true }]);
    expect((await journal.account.api("GET", path)).body.pinned).toBe(true);
    await journal.account.api("PUT", `${path}/pin`, { pinned: false });
    expect((await journal.account.api("GET", path)).body.pinned).toBe(false);
  });

  it("is deleted alone, pinned or not", async () => {
    const journal = await newJournal();
    const [first, second] = await journal.record({ body: "a certain word" }, {});
    const path = `${journal.path}/exchanges/${first}`;
    await journal.account.api("PUT", `${path}/pin`, { pinned: true });
    expect((await journal.account.api("DELETE", path)).status).toBe(204);
    expect((await journal.account.api("DELETE", path)).status).toBe(404);
    expect(await idsOf(journal, "")).toEqual([second]);
    expect(await idsOf(journal, "q=certain")).toEqual([]);
  });

  it("goes with all the others", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({}, {});
    expect((await journal.account.api("DELETE", `${journal.path}/exchanges`)).status).toBe(204);
    expect(await idsOf(journal, "")).toEqual([]);
    expect((await journal.account.api("GET", `${journal.path}/exchanges/${id}`)).status).toBe(404);
  });
});

describe("a body of an exchange", () => {
  it("comes as plain text when it is a text, whatever it said that it was", async () => {
    const journal = await newJournal();
    const page = "<script>alert(document.domain)</script>";
    const [id] = await journal.record({ body: page, headers: [["content-type", "text/html"]] });
    const got = await fetchRaw(journal, `${journal.path}/exchanges/${id}/request/body`);
    expect(await got.text()).toBe(page);
    expect(got.headers.get("content-type")).toBe("text/plain; charset=utf-8");
    expect(got.headers.get("x-content-type-options")).toBe("nosniff");
    expect(got.headers.get("cache-control")).toBe("no-store");
    expect(got.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
    expect(got.headers.get("content-disposition")).toBeNull();
    expect(got.headers.get("x-request-id")).toMatch(/^req_/);
  });

  it("comes as an attachment when it is not", async () => {
    const journal = await newJournal();
    const bytes = new Uint8Array([0x89, 0x50, 0xff, 0]);
    const [id] = await journal.record({
      answer: bytes,
      answerHeaders: [["content-type", 'text/html; name="../../x"']],
    });
    const got = await fetchRaw(journal, `${journal.path}/exchanges/${id}/response/body`);
    expect(new Uint8Array(await got.arrayBuffer())).toEqual(bytes);
    expect(got.headers.get("content-type")).toBe("application/octet-stream");
    expect(got.headers.get("content-disposition")).toBe(`attachment; filename="${id}.response.bin"`);
    expect(got.headers.get("content-security-policy")).toBe("sandbox; default-src 'none'");
  });

  it("is empty when there was none, and not there when it was not kept", async () => {
    const journal = await newJournal();
    const unkept = entryOf({});
    const body = { bytes: null, size: 5, truncated: true };
    const request = { ...unkept.exchange.request, body };
    await journal.log.record({ ...unkept, exchange: { ...unkept.exchange, request } });
    const gone = `${journal.path}/exchanges/${unkept.exchange.id}/request/body`;
    expect((await fetchRaw(journal, gone)).status).toBe(404);
    const [none] = await journal.record({});
    const got = await fetchRaw(journal, `${journal.path}/exchanges/${none}/request/body`);
    expect([got.status, await got.text(), got.headers.get("x-body-size")]).toEqual([200, "", "0"]);
    const head = await fetchRaw(journal, `${journal.path}/exchanges/${none}/request/body`, {
      method: "HEAD",
    });
    expect([head.status, head.headers.get("content-type")]).toEqual([200, "text/plain; charset=utf-8"]);
  });
});

describe("somebody else's journal", () => {
  it("is as good as none", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const stranger = await mintAccount();
    const { path } = journal;
    for (const [method, there, json] of [
      ["GET", `${path}/exchanges`, undefined],
      ["GET", `${path}/exchanges?wait=25`, undefined],
      ["GET", `${path}/exchanges/${id}`, undefined],
      ["GET", `${path}/exchanges/${id}/request/body`, undefined],
      ["DELETE", `${path}/exchanges`, undefined],
      ["DELETE", `${path}/exchanges/${id}`, undefined],
      ["PUT", `${path}/exchanges/${id}/pin`, { pinned: true }],
    ] as const) {
      const got = await stranger.api(method, there, json);
      expect([got.status, codeOf(got)], `${method} ${there}`).toEqual([404, "not-found"]);
    }
    expect(await idsOf(journal, "")).toEqual([id]);
  });

  it("is not read through a responder of one's own", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const other = await journalOf(journal.account);
    expect((await journal.account.api("GET", `${other.path}/exchanges/${id}`)).status).toBe(404);
    const pinned = await journal.account.api("PUT", `${other.path}/exchanges/${id}/pin`, { pinned: true });
    expect(pinned.status).toBe(404);
  });

  it("needs the scopes of the journal", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({});
    const base = `/api/v1${journal.path}/exchanges`;
    const other = await keyWith(journal.account, ["responders:write", "state:write"]);
    const reader = await keyWith(journal.account, ["journal:read"]);
    expect((await call("GET", base, { key: other })).status).toBe(403);
    expect((await call("GET", `${base}/${id}/request/body`, { key: other })).status).toBe(403);
    expect((await call("GET", base, { key: reader })).status).toBe(200);
    expect((await call("DELETE", base, { key: reader })).status).toBe(403);
    expect((await call("PUT", `${base}/${id}/pin`, { key: reader, json: { pinned: true } })).status).toBe(
      403,
    );
    expect((await call("GET", `${base}/${id}`)).status).toBe(401);
  });
});
