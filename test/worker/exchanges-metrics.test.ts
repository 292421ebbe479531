import { describe, expect, it } from "vitest";
import { call, keyWith, mintAccount } from "../support/account.ts";
import { THREW } from "../support/exchanges.ts";
import { journalOf, newJournal } from "../support/journal.ts";

describe("figures", () => {
  it("are of one responder", async () => {
    const journal = await newJournal();
    const at = Date.now();
    await journal.record({ at, body: "12345", answer: "1234567" }, { at: at + 1, run: THREW });
    const { status, body } = await journal.account.api("GET", `${journal.path}/metrics`);
    expect(status).toBe(200);
    expect(body.totals).toMatchObject({
      hits: 2,
      outcomes: { static: 1, threw: 1 },
      requestBytes: 5,
      responseBytes: 7,
      lost: 0,
      lastHitAt: new Date(at + 1).toISOString(),
    });
    expect(body.minutes[0]).toMatchObject({ at: expect.stringMatching(/:00\.000Z$/) });
    expect(body.totals.wallMs.counts).toHaveLength(body.totals.wallMs.bounds.length + 1);
    await journal.account.api("DELETE", `${journal.path}/exchanges`);
    expect((await journal.account.api("GET", `${journal.path}/metrics`)).body.totals.hits).toBe(2);
  });

  it("are of a whole account", async () => {
    const account = await mintAccount();
    expect((await account.api("GET", "/metrics")).body).toMatchObject({
      totals: { hits: 0, lastHitAt: null },
      responders: { counted: 0, all: 0 },
    });
    const one = await journalOf(account);
    const other = await journalOf(account);
    await one.record({}, {});
    await other.record({ run: THREW });
    expect((await account.api("GET", "/metrics")).body).toMatchObject({
      totals: { hits: 3, outcomes: { static: 2, threw: 1 } },
      responders: { counted: 2, all: 2 },
    });
  });

  it("are nobody else's", async () => {
    const journal = await newJournal();
    await journal.record({});
    const stranger = await mintAccount();
    expect((await stranger.api("GET", `${journal.path}/metrics`)).status).toBe(404);
    expect((await stranger.api("GET", "/metrics")).body.totals.hits).toBe(0);
    const key = await keyWith(journal.account, ["responders:read"]);
    expect((await call("GET", `/api/v1${journal.path}/metrics`, { key })).status).toBe(403);
    expect((await call("GET", "/api/v1/metrics", { key })).status).toBe(403);
  });

  it("stand in short with the responder, and not with one that keeps nothing", async () => {
    const journal = await newJournal();
    const [id] = await journal.record({ at: Date.UTC(2026, 10, 22) });
    const { body } = await journal.account.api("GET", journal.path);
    expect([id, body.stats]).toEqual([id, { hits: 1, lastHitAt: "2026-11-22T00:00:00.000Z" }]);
    const silent = await journalOf(journal.account, { journal: { keep: 0 } });
    expect((await journal.account.api("GET", silent.path)).body.stats).toBeNull();
  });
});
