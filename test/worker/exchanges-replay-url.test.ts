import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { HOPS_HEADER } from "../../src/lib/hops.ts";
import { call, keyWith, mintAccount } from "../support/account.ts";
import { type Got, pathsOf } from "../support/api.ts";
import { journalOf, newJournal, type TestJournal } from "../support/journal.ts";

interface Sent {
  readonly url: string;
  readonly method: string | undefined;
  readonly headers: Headers;
  readonly text: string;
}

let sent: Sent[] = [];
let answer: () => Response = () => new Response("ok");

beforeEach(() => {
  sent = [];
  answer = () => new Response("ok");
  // The door out calls the platform's `fetch`: here nothing leaves.
  vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
    const { method, headers, body } = init;
    sent.push({ url, method, headers: new Headers(headers), text: await new Response(body).text() });
    return answer();
  });
});

afterEach(() => {
  vi.unstubAllGlobals();
});

const URL_OF_OURS = "https://staging.example.com/in?x=1";

/** Resolves with the id of the exchange when it is recorded, which follows the answer. */
const recorded = async (journal: TestJournal, path: string, init: RequestInit = {}): Promise<string> => {
  const { seen = `exc_${"0".repeat(26)}` } = await journal.log.follow(undefined, {}, 1, 0);
  await journal.account.hit("POST", path, init);
  const { items } = await journal.log.follow(seen, {}, 1, 5_000);
  return items[0]?.id ?? "";
};

const replay = (journal: TestJournal, id: string, json: object = {}): Promise<Got> =>
  journal.account.api("POST", `${journal.path}/exchanges/${id}/replay`, {
    mode: "url",
    url: URL_OF_OURS,
    ...json,
  });

const ANSWER = { response: { status: 201, headers: [["x-kind", "a"]], body: '{"n":1}' } };

describe("a replay to a URL", () => {
  it("sends the recorded request there as a fresh sender would, and compares the answers", async () => {
    const journal = await newJournal({ path: "/r1", ...ANSWER });
    const id = await recorded(journal, "/r1?secret=1", {
      body: '{"a":1}',
      headers: {
        "content-type": "application/json",
        "x-signature": "abc",
        authorization: "Bearer sender",
        cookie: "a=1",
        "x-forwarded-for": "203.0.113.7",
        "x-real-ip": "203.0.113.7",
      },
    });
    answer = () =>
      new Response('{"n":2}', {
        status: 201,
        headers: { "x-kind": "b", date: "x", "content-type": "text/plain" },
      });
    const { status, body } = await replay(journal, id, { ignore: ["/headers/content-type"] });
    expect(status).toBe(200);
    expect(sent).toMatchObject([{ url: URL_OF_OURS, method: "POST", text: '{"a":1}' }]);
    const headers = Object.fromEntries(sent[0]?.headers ?? []);
    expect(headers).toMatchObject({ "content-type": "application/json", "x-signature": "abc" });
    for (const name of ["authorization", "cookie", "x-forwarded-for", "x-real-ip", "host"]) {
      expect(headers).not.toHaveProperty(name);
    }
    expect(headers[HOPS_HEADER]).toMatch(/^1\./);
    expect(body).toMatchObject({
      response: { status: 201, body: { text: '{"n":2}' } },
      run: null,
      exchange: null,
      leftOut: ["authorization", "cookie"],
      difference: [
        { path: "/headers/x-kind", before: "a", after: "b" },
        { path: "/body/n", before: 1, after: 2 },
      ],
    });
    expect((await journal.log.list({ filter: {}, limit: 9, bodyBytes: 0 })).items).toHaveLength(1);
  });

  it("gives redirects back, and never follows them", async () => {
    const journal = await newJournal({ path: "/r2" });
    const id = await recorded(journal, "/r2");
    answer = () =>
      new Response(null, { status: 302, headers: { location: "https://elsewhere.example.com/" } });
    const { body } = await replay(journal, id);
    expect(body.response.status).toBe(302);
    expect(sent).toHaveLength(1);
  });

  it.each([
    ["a private address", { url: "http://10.0.0.1/" }],
    ["this installation", { url: "http://localhost/api/v1/keys" }],
    ["no URL", { url: undefined }],
    ["another mode", { mode: "dry" }],
  ])("refuses %s", async (_what, json) => {
    const journal = await newJournal({ path: "/r3" });
    const id = await recorded(journal, "/r3");
    const refused = await replay(journal, id, json);
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["url"]]);
    expect(sent).toEqual([]);
  });

  it("says that nobody answered", async () => {
    const journal = await newJournal({ path: "/r4" });
    const id = await recorded(journal, "/r4");
    answer = () => {
      throw new Error("Network connection lost.");
    };
    const { status, body } = await replay(journal, id);
    expect([status, body.detail]).toEqual([
      409,
      "This exchange cannot be replayed. Failed to connect to upstream.",
    ]);
  });

  it("needs the scopes of a test", async () => {
    const journal = await newJournal({ path: "/r5" });
    const id = await recorded(journal, "/r5");
    const key = await keyWith(journal.account, ["journal:replay", "journal:read"]);
    const path = `/api/v1${journal.path}/exchanges/${id}/replay`;
    const { status } = await call("POST", path, { key, json: { mode: "url", url: URL_OF_OURS } });
    expect(status).toBe(403);
  });

  it("takes many at once", async () => {
    const journal = await newJournal({ path: "/r6", ...ANSWER });
    for (const text of ["1", "2", "3"]) await recorded(journal, "/r6", { body: text });
    answer = () =>
      new Response('{"n":1}', {
        status: 201,
        headers: { "x-kind": sent.at(-1)?.text === "2" ? "b" : "a", "content-type": "text/plain" },
      });
    const { body } = await journal.account.api("POST", `${journal.path}/exchanges/replay`, {
      mode: "url",
      url: URL_OF_OURS,
      ignore: ["/headers/content-type"],
    });
    expect(body.totals).toEqual({ same: 2, different: 1, unfit: 0, left: 0 });
    expect(body.items[1].difference).toEqual([{ path: "/headers/x-kind", before: "a", after: "b" }]);
    expect(sent.map(({ text }) => text)).toEqual(["1", "2", "3"]);
  });
});

describe("a replay to a URL of a request in which a secret stood", () => {
  const VALUE = "sk_live_0123456789abcdef";

  const withSecret = async (path: string, terms: object) => {
    const account = await mintAccount();
    const made = await account.api("POST", "/secrets", { name: "TOKEN", value: VALUE, ...terms });
    expect(made.status).toBe(201);
    const journal = await journalOf(account, { path, secrets: { mode: "selected", names: ["TOKEN"] } });
    const id = await recorded(journal, path, {
      body: JSON.stringify({ token: VALUE }),
      headers: { "content-type": "application/json", authorization: `Bearer ${VALUE}` },
    });
    const { items } = await journal.log.list({ filter: {}, limit: 1, bodyBytes: 1_000 });
    expect(JSON.stringify(items[0]?.request.headers)).toContain("[secret TOKEN]");
    return { journal, id, secretId: String(made.body.id) };
  };

  it("fills it in where its hosts and places allow, and hides it in what comes back", async () => {
    const { journal, id } = await withSecret("/s1", {
      hosts: ["staging.example.com"],
      in: ["header:authorization", "json"],
    });
    answer = () => new Response(`you said ${VALUE}`);
    const { status, body } = await replay(journal, id);
    expect(status).toBe(200);
    expect(sent[0]?.headers.get("authorization")).toBe(`Bearer ${VALUE}`);
    expect(JSON.parse(sent[0]?.text ?? "")).toEqual({ token: VALUE });
    expect(body.response.body.text).toBe("you said [secret TOKEN]");
    expect(JSON.stringify(body)).not.toContain(VALUE);
    expect(body.leftOut).toEqual([]);
  });

  it.each([
    ["another host", { hosts: ["prod.example.com"], in: ["header:authorization", "json"] }, /its hosts are/],
    ["another place", { hosts: ["staging.example.com"], in: ["header:authorization"] }, /its places are/],
  ])("sends nothing where it is for %s, and says which secret and where", async (_what, terms, message) => {
    const { journal, id } = await withSecret("/s2", terms);
    const refused = await replay(journal, id);
    expect([refused.status, pathsOf(refused)]).toEqual([422, ["url"]]);
    expect(refused.body.detail).toMatch(/The secret TOKEN is not sent/);
    expect(refused.body.detail).toMatch(message);
    expect(sent).toEqual([]);
  });

  it("sends nothing where it is granted no more", async () => {
    const { journal, id } = await withSecret("/s3", { hosts: ["staging.example.com"], in: ["json"] });
    await journal.account.api("PATCH", journal.path, { secrets: null });
    const refused = await replay(journal, id);
    expect(refused.status).toBe(422);
    expect(refused.body.detail).toBe(
      "In the header authorization of the recorded request stood the secret TOKEN, which this responder is not granted now.",
    );
    expect(sent).toEqual([]);
  });
});
