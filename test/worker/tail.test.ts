import { createExecutionContext } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { fromUtf8 } from "../../src/lib/bytes.ts";
import { call, keyWith, mintAccount } from "../support/account.ts";
import { codeOf, pathsOf } from "../support/api.ts";
import { newJournal, type TestJournal } from "../support/journal.ts";

/** A request whose answer goes on. */
const open = async (url: string, headers: Readonly<Record<string, string>>): Promise<Response> =>
  worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>(`http://localhost/api/v1${url}`, { headers }),
    env,
    createExecutionContext(),
  );

interface Event {
  readonly name: string;
  readonly id: string | null;
  readonly data: string;
}

const parse = (block: string): Event => {
  const fields = Object.fromEntries(block.split("\n").map((line) => line.split(/: (.*)/s)));
  return { name: fields["event"] ?? "", id: fields["id"] ?? null, data: fields["data"] ?? "" };
};

/** Reads what comes, event by event. */
const eventsOf = (response: Response) => {
  const reader = response.body?.getReader();
  if (reader === undefined) throw new Error(`No stream: ${response.status}`);
  let text = "";
  const next = async (): Promise<Event> => {
    for (;;) {
      const end = text.indexOf("\n\n");
      if (end >= 0) {
        const block = text.slice(0, end);
        text = text.slice(end + 2);
        if (block.startsWith("event: ")) return parse(block);
        continue;
      }
      const { done, value } = await reader.read();
      if (done) throw new Error("The stream has ended.");
      text += fromUtf8(value);
    }
  };
  return { next, close: () => reader.cancel() };
};

const watch = async ({ account, path }: TestJournal, query = "", headers = {}) => {
  const response = await open(`${path}/tail${query}`, {
    authorization: `Bearer ${account.key}`,
    accept: "text/event-stream",
    ...headers,
  });
  expect(response.status).toBe(200);
  return { response, ...eventsOf(response) };
};

describe("a tail of events", () => {
  it("brings each exchange as it comes, in the shape of a list", async () => {
    const journal = await newJournal();
    await journal.record({ path: "/before" });
    const tail = await watch(journal);
    expect(tail.response.headers.get("content-type")).toBe("text/event-stream; charset=utf-8");
    expect(tail.response.headers.get("cache-control")).toBe("no-store, no-transform");
    const [first, second] = await journal.record({ body: "\u009b31mred" }, { method: "PUT" });
    const one = await tail.next();
    const other = await tail.next();
    await tail.close();
    expect([one.name, one.id, other.id]).toEqual(["exchange", first, second]);
    expect(one.data).toContain("\\u009b31mred");
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges?limit=2`);
    expect([JSON.parse(other.data), JSON.parse(one.data)]).toEqual(body.items);
  });

  it("resumes after the last event, by header before query", async () => {
    const journal = await newJournal();
    const [first, second, third] = await journal.record({}, {}, {});
    const byQuery = await watch(journal, `?after=${second}`);
    expect((await byQuery.next()).id).toBe(third);
    await byQuery.close();
    const byHeader = await watch(journal, `?after=${second}`, { "last-event-id": first });
    expect((await byHeader.next()).id).toBe(second);
    await byHeader.close();
    const unknown = await watch(journal, "", { "last-event-id": `exc_${"0".repeat(25)}1` });
    const events = [await unknown.next(), await unknown.next()];
    await unknown.close();
    expect(events.map(({ name, id }) => [name, id])).toEqual([
      ["gap", null],
      ["exchange", first],
    ]);
    const wrong = await open(`${journal.path}/tail`, {
      authorization: `Bearer ${journal.account.key}`,
      "last-event-id": "1",
    });
    expect(wrong.status).toBe(422);
  });

  it("takes a list's filters", async () => {
    const journal = await newJournal();
    const tail = await watch(journal, "?method=PUT&status=2xx");
    const [, second] = await journal.record(
      { method: "POST" },
      { method: "PUT" },
      { method: "PUT", status: 500 },
    );
    expect((await tail.next()).id).toBe(second);
    await tail.close();
    const got = await journal.account.api("GET", `${journal.path}/tail?limit=5`);
    expect([got.status, pathsOf(got)]).toEqual([422, ["limit"]]);
  });

  it("has 50 watchers at once, each of whom gets all", async () => {
    const journal = await newJournal();
    const tails = await Promise.all(Array.from({ length: 50 }, () => watch(journal)));
    const ids = await journal.record({}, {}, {});
    const seen = await Promise.all(
      tails.map(async ({ next }) => [(await next()).id, (await next()).id, (await next()).id]),
    );
    await Promise.all(tails.map(({ close }) => close()));
    expect(seen).toEqual(tails.map(() => ids));
  });

  it("is the owner's, with the scope, and not while the account is suspended", async () => {
    const journal = await newJournal();
    const stranger = await mintAccount();
    expect((await stranger.api("GET", `${journal.path}/tail`)).status).toBe(404);
    const key = await keyWith(journal.account, ["responders:write"]);
    expect((await call("GET", `/api/v1${journal.path}/tail`, { key })).status).toBe(403);
    const operator = { key: env.ADMIN_TOKEN ?? "" };
    await call("PATCH", `/api/v1/accounts/${journal.account.id}`, { ...operator, json: { suspended: true } });
    expect((await journal.account.api("GET", `${journal.path}/tail`)).status).toBe(403);
  });

  it("does not begin with a HEAD", async () => {
    const journal = await newJournal();
    const got = await journal.account.api("HEAD", `${journal.path}/tail`);
    expect([got.status, got.headers.get("content-type")]).toEqual([200, "text/event-stream; charset=utf-8"]);
  });

  it("is watched by no page of another origin", async () => {
    const { account, path } = await newJournal();
    for (const origin of ["http://evil.example", "null", `http://${account.handle}.localhost`]) {
      const got = await account.api("GET", `${path}/tail`, undefined, { origin });
      expect([origin, got.status, codeOf(got)]).toEqual([origin, 403, "forbidden"]);
    }
  });
});

describe("a ticket to watch with", () => {
  it("opens the tail once, from a page of the console's own", async () => {
    const journal = await newJournal();
    const { status, body } = await journal.account.api("POST", `${journal.path}/tail-ticket`);
    expect([status, body]).toEqual([
      201,
      { ticket: expect.stringMatching(/^hwt_[\w-]{43}$/), expiresAt: expect.stringMatching(/Z$/) },
    ]);
    const url = `${journal.path}/tail?ticket=${body.ticket}`;
    const opened = await open(url, { origin: "http://localhost" });
    expect(opened.status).toBe(200);
    const tail = eventsOf(opened);
    const [id] = await journal.record({});
    expect((await tail.next()).id).toBe(id);
    await tail.close();
    const again = await open(url, { origin: "http://localhost" });
    expect([again.status, again.headers.get("www-authenticate")]).toEqual([401, "Bearer"]);
  });

  it("is for one responder, and for its tail alone", async () => {
    const journal = await newJournal();
    const other = await newJournal();
    const { body } = await journal.account.api("POST", `${journal.path}/tail-ticket`);
    expect((await open(`${other.path}/tail?ticket=${body.ticket}`, {})).status).toBe(401);
    const list = await call("GET", `/api/v1${journal.path}/exchanges?ticket=${body.ticket}`);
    expect(list.status).toBe(401);
    const stranger = await mintAccount();
    expect((await stranger.api("POST", `${journal.path}/tail-ticket`)).status).toBe(404);
  });

  it("is worth nothing after 30 s, or when its key is deleted", async () => {
    const journal = await newJournal();
    const key = await keyWith(journal.account, ["journal:read"]);
    const ticketOf = async (): Promise<string> =>
      (await call("POST", `/api/v1${journal.path}/tail-ticket`, { key })).body.ticket;
    const late = await ticketOf();
    await env.DB.prepare("UPDATE tickets SET expiresAt = expiresAt - 30000").run();
    expect((await open(`${journal.path}/tail?ticket=${late}`, {})).status).toBe(401);
    const orphan = await ticketOf();
    const { results } = await env.DB.prepare("SELECT hash FROM tickets").all();
    expect(results).toHaveLength(1);
    const { body } = await journal.account.api("GET", "/keys");
    const narrow = body.items.find((item: { readonly name: string }) => item.name === "narrow");
    await journal.account.api("DELETE", `/keys/${narrow.id}`);
    expect((await open(`${journal.path}/tail?ticket=${orphan}`, {})).status).toBe(401);
  });

  it("is shown once", async () => {
    const journal = await newJournal();
    const ask = () =>
      journal.account.api("POST", `${journal.path}/tail-ticket`, undefined, { "idempotency-key": "one" });
    const first = await ask();
    const again = await ask();
    expect(first.body.ticket).toMatch(/^hwt_/);
    expect(again.headers.get("idempotency-replayed")).toBe("true");
    expect(again.body).toEqual({ expiresAt: first.body.expiresAt });
  });
});
