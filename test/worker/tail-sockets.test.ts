import { createExecutionContext, runDurableObjectAlarm, runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import worker from "../../src/index.ts";
import { call, keyWith } from "../support/account.ts";
import { newJournal, type TestJournal } from "../support/journal.ts";

interface Message {
  readonly seq: number;
  readonly event: string;
  readonly id?: string;
  // eslint-disable-next-line typescript/no-explicit-any -- tests look into messages of every shape
  readonly exchange?: any;
}

const upgrade = async (
  { account, path }: TestJournal,
  query = "",
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${account.key}` },
): Promise<Response> =>
  worker.fetch(
    new Request<unknown, IncomingRequestCfProperties>(`http://localhost/api/v1${path}/tail${query}`, {
      headers: { upgrade: "websocket", ...headers },
    }),
    env,
    createExecutionContext(),
  );

/** What comes by a socket, message by message. */
const listen = (response: Response) => {
  const socket = response.webSocket;
  if (!socket) throw new Error(`No socket: ${response.status}`);
  const texts: string[] = [];
  let wake = (): void => undefined;
  const endings: { readonly code: number; readonly reason: string }[] = [];
  socket.addEventListener("message", ({ data }) => {
    texts.push(String(data));
    wake();
  });
  socket.addEventListener("close", ({ code, reason }) => {
    endings.push({ code, reason });
    wake();
  });
  socket.accept();
  const text = async (): Promise<string | undefined> => {
    while (texts.length === 0 && endings.length === 0) {
      await new Promise<void>((resolve) => {
        wake = resolve;
      });
    }
    return texts.shift();
  };
  return {
    text,
    next: async (): Promise<Message> => {
      const got = await text();
      if (got === undefined) throw new Error(`Closed: ${JSON.stringify(endings)}`);
      return JSON.parse(got);
    },
    /** Once all messages are read. */
    ending: async () => {
      while ((await text()) !== undefined);
      return endings[0];
    },
    waiting: () => texts.length,
    send: (message: string) => socket.send(message),
    close: () => socket.close(1000, "done"),
  };
};

const watch = async (journal: TestJournal, query = "") => {
  const response = await upgrade(journal, query);
  expect(response.status).toBe(101);
  return listen(response);
};

const objectOf = ({ id }: TestJournal) => env.JOURNAL.get(env.JOURNAL.idFromName(id));

/** Moves every socket's past so far back, as if time had gone on. */
const age = (journal: TestJournal, ms: number): Promise<void> =>
  runInDurableObject(objectOf(journal), (_, ctx) => {
    for (const socket of ctx.getWebSockets()) {
      const state = socket.deserializeAttachment();
      socket.serializeAttachment({ ...state, closedSince: state.closedSince - ms });
    }
  });

describe("a tail by WebSocket", () => {
  it("brings each exchange as it comes, numbered, in the shape of a list", async () => {
    const journal = await newJournal();
    await journal.record({ path: "/before" });
    const tail = await watch(journal);
    const [first, second] = await journal.record({ body: "\u009b31mred" }, { method: "PUT" });
    const text = (await tail.text()) ?? "";
    const other = await tail.next();
    tail.close();
    expect(text).toContain("\\u009b31mred");
    const one: Message = JSON.parse(text);
    expect([one.seq, one.event, one.id]).toEqual([1, "exchange", first]);
    expect([other.seq, other.event, other.id]).toEqual([2, "exchange", second]);
    const { body } = await journal.account.api("GET", `${journal.path}/exchanges?limit=2`);
    expect([other.exchange, one.exchange]).toEqual(body.items);
  });

  it("begins with a journal that has nothing yet", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    const [id] = await journal.record({});
    expect(await tail.next()).toMatchObject({ seq: 1, event: "exchange", id });
    tail.close();
  });

  it("resumes without a gap or a repeat, and says so when it cannot", async () => {
    const journal = await newJournal();
    const ids = await journal.record(...Array.from({ length: 60 }, () => ({})));
    const tail = await watch(journal, `?after=${ids[1]}`);
    const got: (string | undefined)[] = [];
    for (let count = 0; count < 58; count += 1) got.push((await tail.next()).id);
    expect(got).toEqual(ids.slice(2));
    const [id] = await journal.record({});
    expect((await tail.next()).id).toBe(id);
    tail.close();
    const lost = await watch(journal, `?after=exc_${"0".repeat(25)}1`);
    expect((await lost.next()).event).toBe("gap");
    expect((await lost.next()).id).toBe(ids[0]);
    lost.close();
  });

  it("takes a list's filters", async () => {
    const journal = await newJournal();
    const tail = await watch(journal, "?method=PUT&q=needle&status=2xx");
    const ids = await journal.record(
      { method: "PUT" },
      { method: "POST", body: "needle" },
      { method: "PUT", body: "a Needle" },
    );
    expect((await tail.next()).id).toBe(ids[2]);
    tail.close();
  });

  it("has 50 watchers at once, each of whom gets all", async () => {
    const journal = await newJournal();
    const tails = await Promise.all(Array.from({ length: 50 }, () => watch(journal)));
    const ids = await journal.record({}, {});
    const seen = await Promise.all(tails.map(async ({ next }) => [(await next()).id, (await next()).id]));
    for (const { close } of tails) close();
    expect(seen).toEqual(tails.map(() => ids));
  });

  it("answers a ping, and sends its own", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    tail.send("ping");
    expect(await tail.text()).toBe("pong");
    expect(await runDurableObjectAlarm(objectOf(journal))).toBe(true);
    expect(await tail.next()).toMatchObject({ seq: 1, event: "ping", at: expect.stringMatching(/Z$/) });
    tail.close();
  });

  it("sends no more than 4 MiB that nobody has seen, and goes on when they are", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    // Heads of about 100 KB: 42 of them are more than 4 MiB.
    const made = Array.from({ length: 60 }, () => ({ headers: [["x-long", "x".repeat(100_000)]] as const }));
    const ids = await journal.record(...made);
    const got: Message[] = [];
    while (got.length < 42) got.push(await tail.next());
    // One more recording makes the object look at every socket again.
    const [last] = await journal.record({});
    expect(tail.waiting()).toBe(0);
    tail.send(String(got.at(-1)?.seq));
    while (got.length < 61) got.push(await tail.next());
    expect(got.map(({ id }) => id)).toEqual([...ids, last]);
    tail.close();
  });

  it("cuts off a watcher that never says what it has seen", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    await journal.record(
      ...Array.from({ length: 50 }, () => ({ headers: [["x-long", "x".repeat(100_000)]] as const })),
    );
    await runDurableObjectAlarm(objectOf(journal));
    await age(journal, 30_001);
    await runDurableObjectAlarm(objectOf(journal));
    expect(await tail.ending()).toEqual({ code: 1013, reason: expect.stringContaining("Send back the seq") });
    expect((await journal.record({})).length).toBe(1);
  });

  it("says so when the ring has gone over what a slow watcher had not seen", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    const long = { headers: [["x-long", "x".repeat(100_000)]] as const };
    const ids = await journal.record(...Array.from({ length: 50 }, () => long));
    const got: Message[] = [];
    while (got.length < 42) got.push(await tail.next());
    await journal.account.api("DELETE", `${journal.path}/exchanges/${ids[45]}`);
    tail.send("42");
    const rest: Message[] = [];
    while (rest.length < 8) rest.push(await tail.next());
    expect(rest.map(({ event, id }) => id ?? event)).toEqual([
      "gap",
      ...ids.slice(42).filter((id) => id !== ids[45]),
    ]);
    tail.close();
  });

  it.each([
    ["deleted", "The key has ended."],
    ["of a suspended account", "The account is suspended."],
  ])("is closed when its key is %s", async (what, reason) => {
    const journal = await newJournal();
    const key = await keyWith(journal.account, ["journal:read"]);
    const tail = listen(await upgrade(journal, "", { authorization: `Bearer ${key}` }));
    await runDurableObjectAlarm(objectOf(journal));
    expect((await tail.next()).event).toBe("ping");
    if (what === "deleted") {
      const { body } = await journal.account.api("GET", "/keys");
      const narrow = body.items.find((item: { readonly name: string }) => item.name === "narrow");
      await journal.account.api("DELETE", `/keys/${narrow.id}`);
    } else {
      const operator = { key: env.ADMIN_TOKEN ?? "", json: { suspended: true } };
      await call("PATCH", `/api/v1/accounts/${journal.account.id}`, operator);
    }
    await runDurableObjectAlarm(objectOf(journal));
    expect(await tail.ending()).toEqual({ code: 1008, reason });
    // With nobody left, nobody is looked after.
    await runInDurableObject(objectOf(journal), async (_, { storage }) => {
      expect(await storage.getAlarm()).toBeNull();
    });
  });

  it("is closed when its responder is deleted", async () => {
    const journal = await newJournal();
    const tail = await watch(journal);
    await journal.account.api("DELETE", journal.path);
    expect(await tail.ending()).toEqual({ code: 1001, reason: "The responder is gone." });
    expect((await upgrade(journal)).status).toBe(404);
  });

  it("is opened with a ticket from the console's own pages, and by nobody else", async () => {
    const journal = await newJournal();
    const ticket = async (): Promise<string> =>
      (await journal.account.api("POST", `${journal.path}/tail-ticket`)).body.ticket;
    const opened = await upgrade(journal, `?ticket=${await ticket()}`, { origin: "http://localhost" });
    expect(opened.status).toBe(101);
    listen(opened).close();
    const evil = await upgrade(journal, `?ticket=${await ticket()}`, { origin: "http://evil.example" });
    expect(evil.status).toBe(403);
    expect((await upgrade(journal, "", {})).status).toBe(401);
    const key = await keyWith(journal.account, ["responders:write"]);
    expect((await upgrade(journal, "", { authorization: `Bearer ${key}` })).status).toBe(403);
    const other = await newJournal();
    const headers = { authorization: `Bearer ${other.account.key}` };
    expect((await upgrade(journal, "", headers)).status).toBe(404);
  });
});
