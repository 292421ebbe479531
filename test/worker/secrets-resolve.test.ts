import { env } from "cloudflare:workers";
import { eq } from "drizzle-orm";
import { describe, expect, it } from "vitest";
import type { Principal } from "../../src/accounts/index.ts";
import { newId } from "../../src/lib/id.ts";
import type { Resolved, Secrets, SecretsManagement } from "../../src/secrets/index.ts";
import { listWrappedBy, writeWraps } from "../../src/secrets/rotation/store.ts";
import { createDb, schema } from "../../src/storage/index.ts";
import { call, mintAccount } from "../support/account.ts";
import { mintPrincipal } from "../support/principal.ts";
import { countedDb, masterKey, secretsWith, TEST_KEY } from "../support/secrets.ts";

const db = createDb(env.DB);
const OLD = masterKey("old", 1);
const NEW = masterKey("new", 2);
const OPERATOR = { kind: "operator" } as const;

const managementOf = ({ management }: Pick<Secrets, "management">): SecretsManagement => {
  if (management === undefined) throw new Error("no keys");
  return management;
};

const principal = (): Promise<Principal> => mintPrincipal(["*"]);

const change = (id: string, columns: Partial<typeof schema.secrets.$inferInsert>) =>
  db.update(schema.secrets).set(columns).where(eq(schema.secrets.id, id));
const valuesOf = (resolved: Resolved): Readonly<Record<string, string>> | string =>
  resolved.kind === "granted"
    ? Object.fromEntries(resolved.secrets.map(({ name, value }) => [name, value]))
    : resolved.reason;

describe("what a responder is granted", () => {
  it("is all of the account's secrets or the selected ones, by name, with where they may go", async () => {
    const { secrets } = secretsWith();
    const { create } = managementOf(secrets);
    const who = await principal();
    const accountId = who.account.id;
    const b = await create(who, { name: "B", value: "bee", hosts: ["a.com"], in: ["query"] });
    const a = await create(who, { name: "A", value: "größer 🔑" });
    const c = await create(who, { name: "C", value: "sea" });
    await create(await principal(), { name: "D", value: "another's" });
    const all = await secrets.resolve(accountId, { mode: "all" });
    expect(all).toEqual({
      kind: "granted",
      secrets: [
        { id: a.id, name: "A", version: 1, value: "größer 🔑", hosts: [], places: ["header:authorization"] },
        { id: b.id, name: "B", version: 1, value: "bee", hosts: ["a.com"], places: ["query"] },
        { id: c.id, name: "C", version: 1, value: "sea", hosts: [], places: ["header:authorization"] },
      ],
    });
    const ids = [c.id, "sec_01jz3v8q6hft2m5x9k7w4c0b1d", b.id];
    expect(valuesOf(await secrets.resolve(accountId, { mode: "selected", ids }))).toEqual({
      B: "bee",
      C: "sea",
    });
    const other = (await principal()).account.id;
    expect(await secrets.resolve(other, { mode: "selected", ids })).toEqual({ kind: "granted", secrets: [] });
    expect((await secrets.namesOf(accountId)).map(({ name, bytes }) => [name, bytes])).toEqual([
      ["A", 13],
      ["B", 3],
      ["C", 3],
    ]);
  });

  it("is read from the database once a minute, and holds what is changed here at once", async () => {
    const { db: watched, counted } = countedDb();
    const clock = { now: Date.now() };
    const { secrets } = secretsWith({ db: watched, now: () => clock.now });
    const { create, update, delete: remove } = managementOf(secrets);
    const who = await principal();
    const { id } = await create(who, { name: "A", value: "one", hosts: ["a.com", "b.com"] });
    const seen = async (mode: "all" | "selected" = "all"): Promise<[unknown, number]> => {
      const before = counted.statements;
      const resolved = await secrets.resolve(who.account.id, mode === "all" ? { mode } : { mode, ids: [id] });
      return [valuesOf(resolved), counted.statements - before];
    };
    expect(await seen()).toEqual([{ A: "one" }, 2]);
    expect(await seen()).toEqual([{ A: "one" }, 0]);
    expect(await seen("selected")).toEqual([{ A: "one" }, 2]);
    clock.now += 59_999;
    expect(await seen()).toEqual([{ A: "one" }, 0]);
    clock.now += 1;
    expect(await seen()).toEqual([{ A: "one" }, 2]);
    await update(who, id, { value: "two" }, undefined);
    expect(await seen()).toEqual([{ A: "two" }, 2]);
    expect(await seen("selected")).toEqual([{ A: "two" }, 2]);
    await update(who, id, { hosts: ["a.com"] }, undefined);
    expect(await secrets.resolve(who.account.id, { mode: "all" })).toMatchObject({
      secrets: [{ hosts: ["a.com"] }],
    });
    await create(who, { name: "B", value: "new" });
    expect(await seen()).toEqual([{ A: "two", B: "new" }, 2]);
    await remove(who, id, undefined);
    expect(await seen()).toEqual([{ B: "new" }, 2]);
    expect(await seen("selected")).toEqual([{}, 2]);
    await secrets.eraseAccount(who.account.id);
    expect(await seen()).toEqual([{}, 2]);
  });

  it("is nothing at all beyond 64 KiB, and then no value is read", async () => {
    const { secrets } = secretsWith();
    const { create } = managementOf(secrets);
    const who = await principal();
    const made: string[] = [];
    for (let index = 0; index < 7; index += 1) {
      made.push((await create(who, { name: `S${index}`, value: "x".repeat(10_240) })).id);
    }
    expect(await secrets.resolve(who.account.id, { mode: "all" })).toEqual({
      kind: "unopened",
      names: ["S0", "S1", "S2", "S3", "S4", "S5", "S6"],
      reason: expect.stringContaining("71680 bytes"),
    });
    const six = await secrets.resolve(who.account.id, { mode: "selected", ids: made.slice(1) });
    expect(six.kind === "granted" && six.secrets.length).toBe(6);
  });

  it("is nothing at all when one of them does not open, which is named", async () => {
    const who = await principal();
    const { create } = managementOf(secretsWith().secrets);
    const { id } = await create(who, { name: "BAD", value: "one", hosts: ["a.com"] });
    await create(who, { name: "GOOD", value: "two" });
    const [row] = await db.select().from(schema.secrets).where(eq(schema.secrets.id, id));
    if (row === undefined) throw new Error("no row");
    const spoilt = [
      { hosts: '["evil.com"]' },
      { places: '["query"]' },
      { version: 2 },
      { bytes: 4 },
      { masterKeyId: "other" },
      {
        sealed:
          `A${row.sealed.slice(1)}` === row.sealed ? `B${row.sealed.slice(1)}` : `A${row.sealed.slice(1)}`,
      },
      { wrapped: row.wrapped.slice(0, -4) },
    ];
    for (const columns of spoilt) {
      await change(id, columns);
      const resolved = await secretsWith().secrets.resolve(who.account.id, { mode: "all" });
      expect([columns, resolved]).toEqual([
        columns,
        { kind: "unopened", names: ["BAD"], reason: expect.stringContaining("does not open") },
      ]);
      await change(id, row);
    }
    const stranger = (await principal()).account.id;
    await change(id, { accountId: stranger });
    expect(await secretsWith().secrets.resolve(stranger, { mode: "all" })).toMatchObject({
      kind: "unopened",
    });
  });

  it("leaves when it was last used, once a minute and after the answer", async () => {
    const clock = { now: Date.now() };
    const { secrets, settled } = secretsWith({ now: () => clock.now });
    const { create, read } = managementOf(secrets);
    const who = await principal();
    const { id, etag } = await create(who, { name: "A", value: "one" });
    const lastUsed = async (): Promise<number | null> => {
      secrets.touch(who.account.id, [id]);
      await settled();
      return (await read(who, id)).lastUsedAt;
    };
    const first = await lastUsed();
    expect(first).toBe(clock.now);
    clock.now += 30_000;
    expect(await lastUsed()).toBe(first);
    clock.now += 60_000;
    expect(await lastUsed()).toBe(clock.now);
    expect((await read(who, id)).etag).toBe(etag);
    // Another isolate knows of no use, and writes none within the minute either.
    const other = secretsWith({ now: () => clock.now + 1_000 });
    other.secrets.touch(who.account.id, [id]);
    await other.settled();
    expect((await read(who, id)).lastUsedAt).toBe(clock.now);
  });
});

describe("a rotation of master keys", () => {
  const rotated = secretsWith({ masterKeys: [NEW, OLD, TEST_KEY] });

  it("brings everything under the first key in steps of 500, and passes over what does not open", async () => {
    const who = await principal();
    const before = secretsWith({ masterKeys: [OLD] });
    const { create } = managementOf(before.secrets);
    const { id, etag } = await create(who, { name: "A", value: "one" });
    const [row] = await db.select().from(schema.secrets).where(eq(schema.secrets.id, id));
    if (row === undefined) throw new Error("no row");
    // Copies under other ids do not open: more than a page of them, all before the others.
    const copies = Array.from({ length: 520 }, (_, n) => ({ ...row, id: newId("sec", n), name: `COPY${n}` }));
    const inserts = copies.map((copy) => db.insert(schema.secrets).values(copy));
    await db.batch([db.delete(schema.secrets).where(eq(schema.secrets.masterKeyId, "test")), ...inserts]);
    for (let index = 0; index < 20; index += 1) await create(who, { name: `B${index}`, value: `b${index}` });
    await db
      .insert(schema.secrets)
      .values({ ...row, id: newId("sec", 1), name: "LOST", masterKeyId: "lost" });

    expect(await managementOf(before.secrets).rotate(OPERATOR)).toEqual({ rewrapped: 0, left: 0, failed: 1 });
    const { rotate, read } = managementOf(rotated.secrets);
    expect(await rotate(OPERATOR)).toEqual({ rewrapped: 21, left: 0, failed: 521 });
    expect(await rotate(OPERATOR)).toEqual({ rewrapped: 0, left: 0, failed: 521 });
    expect((await read(who, id)).etag).toBe(etag);
    await db.batch([
      db.delete(schema.secrets).where(eq(schema.secrets.masterKeyId, "old")),
      db.delete(schema.secrets).where(eq(schema.secrets.masterKeyId, "lost")),
    ]);
    const after = secretsWith({ masterKeys: [NEW] });
    expect(await after.secrets.resolve(who.account.id, { mode: "all" })).toMatchObject({ kind: "granted" });
    const [now] = await db.select().from(schema.secrets).where(eq(schema.secrets.id, id));
    expect([now?.sealed, now?.masterKeyId]).toEqual([row.sealed, "new"]);
  });

  it("goes on where a call ended, by the cron as well, and by several at once", async () => {
    const who = await principal();
    const before = secretsWith({ masterKeys: [OLD] });
    for (let start = 0; start < 520; start += 40) {
      const names = Array.from({ length: 40 }, (_, index) => `S${start + index}`);
      await Promise.all(names.map((name) => managementOf(before.secrets).create(who, { name, value: name })));
    }
    expect(await managementOf(rotated.secrets).rotate(OPERATOR)).toEqual({
      rewrapped: 500,
      left: 20,
      failed: 0,
    });
    const both = await Promise.all([rotated.secrets.continueRotation(), rotated.secrets.continueRotation()]);
    expect(both[0] + both[1]).toBe(20);
    expect(await before.secrets.continueRotation()).toBe(0);
    const after = secretsWith({ masterKeys: [NEW] });
    const resolved = await after.secrets.resolve(who.account.id, { mode: "all" });
    expect(resolved.kind === "granted" && resolved.secrets.every(({ name, value }) => name === value)).toBe(
      true,
    );
    expect(resolved.kind === "granted" && resolved.secrets.length).toBe(520);
  });

  it("undoes no save that comes between, nor a save it", async () => {
    const who = await principal();
    const { create, update } = managementOf(secretsWith({ masterKeys: [OLD] }).secrets);
    const { id } = await create(who, { name: "A", value: "one", hosts: ["a.com", "b.com"] });
    const [read] = await listWrappedBy(db, schema.secrets, ["old"], "", 1);
    if (read?.id !== id) throw new Error("another row");
    await update(who, id, { hosts: ["a.com"] }, undefined);
    expect(await writeWraps(db, schema.secrets, [{ id, was: read.wrapped, wrapped: "stale" }], "new")).toBe(
      0,
    );
    expect((await managementOf(rotated.secrets).rotate(OPERATOR)).rewrapped).toBe(1);
    // An isolate that does not know the new key yet changes a name: nothing of the old wrap comes back.
    await update(who, id, { name: "RENAMED" }, undefined);
    const after = secretsWith({ masterKeys: [NEW] });
    expect(await after.secrets.resolve(who.account.id, { mode: "all" })).toMatchObject({
      kind: "granted",
      secrets: [{ name: "RENAMED", value: "one", hosts: ["a.com"] }],
    });
  });

  it("is the operators' to ask for", async () => {
    const account = await mintAccount();
    const rotate = (key: string) => call("POST", "/api/v1/operator/secrets/rotate", { key });
    expect((await rotate(account.key)).status).toBe(401);
    const done = await rotate(env.ADMIN_TOKEN ?? "");
    expect([done.status, Object.keys(done.body).toSorted()]).toEqual([200, ["failed", "left", "rewrapped"]]);
  });
});
