import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { eq, inArray } from "drizzle-orm";
import { journalLogOf } from "../../src/journal/index.ts";
import { emptyDeparted, type EmptyDeps } from "../../src/responders/departed/empty.ts";
import { createDb, schema } from "../../src/storage/index.ts";
import { call, mintAccount, type TestAccount } from "../support/account.ts";
import { newJournal } from "../support/journal.ts";

const db = createDb(env.DB);
const noted = (ids: readonly string[]): Promise<number> =>
  db.$count(schema.departedResponders, inArray(schema.departedResponders.id, [...ids]));
const logOf = (id: string) => journalLogOf(env.JOURNAL.get(env.JOURNAL.idFromName(id)));

/** Deletes go on after their answer. */
const until = async (holds: () => Promise<boolean>): Promise<void> => {
  for (let attempt = 0; attempt < 500 && !(await holds()); attempt += 1) await scheduler.wait(10);
  expect(await holds()).toBe(true);
};

const depsOf = (more: Partial<EmptyDeps> = {}): EmptyDeps => ({
  db,
  now: () => Date.now(),
  stateOf: (id) => env.SCRIPT_STATE.get(env.SCRIPT_STATE.idFromName(id)),
  eraseJournal: (id) => logOf(id).erase(),
  warn: () => undefined,
  ...more,
});

const addResponders = async (account: TestAccount, count: number): Promise<readonly string[]> => {
  const ids: string[] = [];
  for (let index = 0; index < count; index += 1) {
    const { body } = await account.api("POST", "/responders", { name: `R${index}`, path: `/r${index}` });
    ids.push(body.id);
  }
  return ids;
};

describe("a responder that is deleted", () => {
  it("takes its journal with it, and a hit that was under way brings nothing back", async () => {
    const { account, id, path, log, record } = await newJournal();
    await record({}, {});
    expect((await account.api("DELETE", path)).status).toBe(204);
    await until(async () => (await noted([id])) === 0);
    await record({});
    expect((await log.list({ filter: {}, limit: 1, bodyBytes: 0 })).items).toEqual([]);
    expect((await log.metrics()).totals.hits).toBe(0);
  });
});

describe("an account that is deleted", () => {
  it("takes the journals of all its responders with it", async () => {
    const account = await mintAccount();
    const ids = await addResponders(account, 25);
    for (const id of ids) await account.hit("GET", `/r${ids.indexOf(id)}`);
    const last = logOf(ids.at(-1) ?? "");
    await until(async () => (await last.metrics()).totals.hits === 1);
    await call("DELETE", `/api/v1/accounts/${account.id}`, { key: env.ADMIN_TOKEN ?? "" });
    await until(async () => (await last.metrics()).totals.hits === 0);
    await until(async () => (await noted(ids)) === 0);
    const counts = await Promise.all(ids.map(async (id) => (await logOf(id).metrics()).totals.hits));
    expect(counts).toEqual(ids.map(() => 0));
    expect(await db.$count(schema.responders, eq(schema.responders.accountId, account.id))).toBe(0);
  });
});

describe("the cron", () => {
  it("empties what a delete could not, and tries again what refuses, after all others", async () => {
    const ids = ["rsp_refuses", "rsp_a", "rsp_b"];
    await db.insert(schema.departedResponders).values(ids.map((id) => ({ id })));
    const erased: string[] = [];
    const warned: string[] = [];
    const deps = depsOf({
      eraseJournal: async (id) => {
        if (id === "rsp_refuses") throw new Error("overloaded");
        erased.push(id);
      },
      warn: (what) => void warned.push(what),
      now: () => 1_000,
    });
    expect(await emptyDeparted(deps)).toBe(2);
    expect([erased, warned.length, await noted(ids)]).toEqual([["rsp_a", "rsp_b"], 1, 1]);
    await db.insert(schema.departedResponders).values({ id: "rsp_c" });
    expect(await emptyDeparted(depsOf())).toBe(2);
    expect(await noted([...ids, "rsp_c"])).toBe(0);
  });

  it("deals with several hundred at a time", async () => {
    const ids = Array.from({ length: 310 }, (_, index) => `rsp_many_${index}`);
    for (let start = 0; start < ids.length; start += 50) {
      await db.insert(schema.departedResponders).values(ids.slice(start, start + 50).map((id) => ({ id })));
    }
    const erased: string[] = [];
    const deps = depsOf({
      stateOf: () => ({ erase: async () => undefined }),
      eraseJournal: async (id) => void erased.push(id),
    });
    expect(await emptyDeparted(deps)).toBe(300);
    expect(await emptyDeparted(deps)).toBe(10);
    expect(new Set(erased).size).toBe(310);
  });
});
