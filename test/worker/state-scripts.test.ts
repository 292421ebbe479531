import { describe, expect, it } from "vitest";
import { call, mintAccount, type TestAccount } from "../support/account.ts";
import { expireAll, stateObject, valueOf } from "../support/state.ts";

let made = 0;
/** A saved responder with this script, and what a hit on it answers as JSON. */
const responder = async (account: TestAccount, source: string, more: object = {}) => {
  made += 1;
  const path = `/s${made}`;
  const got = await account.api("POST", "/responders", {
    name: `S${made}`,
    path,
    script: { source },
    ...more,
  });
  if (got.status !== 201) throw new Error(JSON.stringify(got.body));
  const id = String(got.body.id);
  const send = (query = ""): Promise<Response> => account.hit("POST", path + query);
  return {
    id,
    object: stateObject(id),
    state: `/responders/${id}/state`,
    warnings: got.body.warnings,
    send,
    // oxlint-disable-next-line typescript/no-explicit-any -- tests look into answers of every shape
    hit: async (query = ""): Promise<any> => {
      const response = await send(query);
      const text = await response.text();
      if (response.status !== 200) throw new Error(`${response.status} ${text}`);
      return JSON.parse(text);
    },
    test: () => account.api("POST", `/responders/${id}/test`, {}),
  };
};

/** A handler whose value is answered as JSON in an array, `undefined` as null. */
const module = (body: string) =>
  `export default async (request, ctx) => ({ body: [await (async () => { ${body} })()] })`;
const expression = (body: string) =>
  `(async () => ({ body: JSON.stringify([await (async () => { ${body} })()]) }))()`;
/** How each of several calls ends: its value, or the error's name and message. */
const ENDINGS = `const endings = (calls) => Promise.all(calls.map(async (call) => {
  try { return await call() } catch (error) { return [error.name, error.message] }
}));`;
const account = await mintAccount();

describe("ctx.kv", () => {
  it("keeps any JSON and bytes between hits, and gives them back as what they were", async () => {
    const { hit } = await responder(
      account,
      module(`
        const values = {
          a: { list: [1, "zwei", null, true, { deep: [[]] }], text: "é\\ud800\\0", "__proto__x": 1 }, b: new Uint8Array([0, 255, 7]),
          c: "text", d: 0.5, e: null, f: new Uint8Array(0), g: "", h: false, i: [], j: {}, k: new Uint16Array([258]).buffer, l: Object.create(null),
        };
        if (request.url.includes("write")) {
          for (const [k, v] of Object.entries(values)) await ctx.kv.set("k/" + k, v);
          return;
        }
        const out = {};
        for (const k of Object.keys(values)) {
          const v = await ctx.kv.get("k/" + k);
          out[k] = v instanceof Uint8Array ? ["bytes", ...v] : JSON.stringify(v) === JSON.stringify(values[k]) && typeof v === typeof values[k];
        }
        const { entries } = await ctx.kv.list({ prefix: "k/" });
        out.listed = entries.every(({ key, value }) => JSON.stringify(value) === JSON.stringify(values[key.slice(2)]) || key === "k/k");
        return { ...out, count: entries.length, none: (await ctx.kv.get("none")) === undefined, noEntry: (await ctx.kv.getEntry("none")) === undefined };`),
    );
    await hit("?write");
    expect(await hit()).toEqual([
      {
        a: true,
        b: ["bytes", 0, 255, 7],
        c: true,
        d: true,
        e: true,
        f: ["bytes"],
        g: true,
        h: true,
        i: true,
        j: true,
        k: ["bytes", 2, 1],
        l: true,
        listed: true,
        count: 12,
        none: true,
        noEntry: true,
      },
    ]);
  });

  it("has versions, times, conditions, counters and lists", async () => {
    const { hit } = await responder(
      account,
      module(`
        const { kv } = ctx;
        const { get, set } = kv;
        const out = [];
        out.push(await set("a", 1), await set("a", 2, { ifAbsent: true }), await kv.set("b", 1, { ifVersion: 7 }));
        out.push(await set("a", 3, { ifVersion: 1, ttlSeconds: 60 }), await get("a"));
        const { createdAt, expiresAt, ...rest } = await kv.getEntry("a");
        out.push(rest, typeof createdAt, expiresAt - createdAt >= 60_000);
        out.push(await kv.delete("a", { ifVersion: 1 }), await kv.delete("a", { ifVersion: 2 }), await kv.delete("a"));
        out.push(await kv.increment("n"), await kv.increment("n", -2.5), await kv.get("n"));
        for (const key of ["l/2", "l/1", "l/3"]) await set(key, key);
        const { entries, cursor } = await kv.list({ prefix: "l/", limit: 2 });
        out.push(entries.map(({ key, value, version, expiresAt }) => [key, value, version, expiresAt]), cursor);
        const next = await kv.list({ prefix: "l/", after: cursor });
        out.push(next.entries.map(({ key }) => key), next.cursor, (await kv.list()).entries.length);
        return out;`),
    );
    expect(await hit()).toEqual([
      [
        { written: true, version: 1 },
        { written: false, version: 1 },
        { written: false, version: null },
        { written: true, version: 2 },
        3,
        { value: 3, version: 2 },
        "number",
        true,
        false,
        true,
        false,
        1,
        -1.5,
        -1.5,
        [
          ["l/1", "l/1", 6, null],
          ["l/2", "l/2", 5, null],
        ],
        "l/2",
        ["l/3"],
        null,
        4,
      ],
    ]);
  });

  it("sees what it has just written, without waiting in between", async () => {
    const { hit } = await responder(
      account,
      module(
        `const writes = [1, 2, 3].map((n) => ctx.kv.set("a", n)); const read = ctx.kv.get("a"); await Promise.all(writes); return read;`,
      ),
    );
    expect(await hit()).toEqual([3]);
  });

  it("loses none of a hundred increments by a hundred hits at once", async () => {
    const { hit, object } = await responder(account, module(`return ctx.kv.increment("n")`));
    const counts = await Promise.all(Array.from({ length: 100 }, () => hit()));
    expect(counts.flat().toSorted((a, b) => a - b)).toEqual(Array.from({ length: 100 }, (_, at) => at + 1));
    expect(valueOf(await object.get("n"))).toBe(100);
  });

  it("is one responder's own", async () => {
    const one = await responder(account, module(`await ctx.kv.set("a", 1); return ctx.kv.get("a")`));
    const other = await responder(account, module(`return ctx.kv.get("a")`));
    expect(await one.hit()).toEqual([1]);
    expect(await other.hit()).toEqual([null]);
  });

  it("does not show what has expired", async () => {
    const { hit, object } = await responder(
      account,
      module(`if (request.url.includes("write")) return ctx.kv.set("a", 1, { ttlSeconds: 60 });
        return [await ctx.kv.get("a"), (await ctx.kv.list()).entries, await ctx.kv.set("a", 2, { ifAbsent: true })]`),
    );
    await hit("?write");
    await expireAll(object);
    expect(await hit()).toEqual([[null, [], { written: true, version: 2 }]]);
  });

  it("does what the script did not wait for, if it was begun", async () => {
    const { send, object } = await responder(
      account,
      `export default (request, ctx) => { ctx.kv.set("a", 1); return { body: "done" } }`,
    );
    expect(await (await send()).text()).toBe("done");
    expect(valueOf(await object.get("a"))).toBe(1);
  });

  it("is a property that is not there without the grant", async () => {
    const { hit, warnings } = await responder(
      account,
      module(`return ["kv" in ctx, Object.keys(ctx).includes("kv"), typeof ctx["k" + "v"]]`),
      { kv: false },
    );
    expect(await hit()).toEqual([[false, false, "undefined"]]);
    expect(warnings).toEqual([]);
    const used = await responder(account, `export default (request, ctx) => ctx.kv.get("a")`, { kv: false });
    expect(used.warnings).toEqual([
      {
        path: "script.source",
        line: 1,
        column: 34,
        message: expect.stringContaining("its field `kv` is false"),
      },
    ]);
    expect((await used.send()).status).toBe(500);
    await account.api("PATCH", `/responders/${used.id}`, { kv: true });
    expect((await account.api("GET", `/responders/${used.id}`)).body.kv).toBe(true);
    expect((await used.send()).status).toBe(200);
  });
});

describe("what ctx.kv refuses", () => {
  it("are values that would not come back as they were, each named", async () => {
    const { hit, object } = await responder(
      account,
      module(`${ENDINGS}
        const cycle = {}; cycle.self = cycle;
        const values = [undefined, NaN, { a: { "b c": [1, -Infinity] } }, 1n, () => 1, Symbol("s"), new Date(0), { at: new Date(0) }, new Map(),
          [new Set()], { file: new Uint8Array(1) }, [1, , 3], cycle, Promise.resolve(1), new Headers(), { f() {} }, new (class Point { x = 1 })()];
        const ends = await endings(values.map((value) => () => ctx.kv.set("k", value)));
        return ends.map(([name, message]) => name + ": " + message);`),
    );
    expect((await hit())[0]).toEqual([
      "TypeError: The value is undefined, which would not come back as it is: use null.",
      "TypeError: The value is NaN, which would not come back as it is: JSON has no such number; use null.",
      'TypeError: The value.a["b c"][1] is -Infinity, which would not come back as it is: JSON has no such number; use null.',
      "TypeError: The value is a bigint, which would not come back as it is: store its text, String(value).",
      "TypeError: The value is a function, which would not come back as it is: JSON has no such value.",
      "TypeError: The value is a symbol, which would not come back as it is: JSON has no such value.",
      "TypeError: The value is of class Date, which would not come back as it is: store its toISOString() or getTime().",
      "TypeError: The value.at is of class Date, which would not come back as it is: store its toISOString() or getTime().",
      "TypeError: The value is of class Map, which would not come back as it is: store Array.from of it.",
      "TypeError: The value[0] is of class Set, which would not come back as it is: store Array.from of it.",
      "TypeError: The value.file is of class Uint8Array, which would not come back as it is: bytes are a value of their own, or base64 in JSON.",
      "TypeError: The value[1] is undefined, which would not come back as it is: use null.",
      "TypeError: The value is nested deeper than 64 levels, or refers to itself.",
      "TypeError: The value is of class Promise, which would not come back as it is: await it.",
      "TypeError: The value is of class Headers, which would not come back as it is: store a plain object of what it holds.",
      "TypeError: The value.f is a function, which would not come back as it is: JSON has no such value.",
      "TypeError: The value is of class Point, which would not come back as it is: store a plain object of what it holds.",
    ]);
    expect(await object.usage()).toEqual({ entries: 0, bytes: 0 });
  });

  it("are arguments of the wrong kind, each said", async () => {
    const { hit } = await responder(
      account,
      module(`${ENDINGS}
        const { kv } = ctx;
        await kv.set("text", "x"); 
        const ends = await endings([
          () => kv.get(), () => kv.get(""), () => kv.get(".."), () => kv.get("a".repeat(257)), () => kv.get("é".repeat(129)), () => kv.get("\\ud800"),
          () => kv.set("k", 1, { ttl: 5 }), () => kv.set("k", 1, { ttlSeconds: 0 }), () => kv.set("k", 1, { ttlSeconds: 2_592_001 }), () => kv.set("k", 1, { ttlSeconds: "5" }),
          () => kv.set("k", 1, { ifAbsent: true, ifVersion: 1 }), () => kv.set("k", 1, { ifVersion: 1.5 }), () => kv.set("k", 1, 60), () => kv.set("k", 1, { ifAbsent: 1 }),
          () => kv.set("k", "x".repeat(1024 * 1024 - 1)), () => kv.set("k", new Uint8Array(1024 * 1024 + 1)),
          () => kv.increment("text"), () => kv.increment("n", "1"), () => kv.increment("n", NaN),
          () => kv.list({ limit: 1001 }), () => kv.list({ limit: 0 }), () => kv.list({ prefix: 1 }), () => kv.list({ cursor: "a" }), () => kv.list({ after: "a".repeat(257) }),
          () => kv.watch(), () => kv.watch({ timeoutMs: 1 }),
        ]);
        return [ends.map(([name, message]) => name + ": " + message), (await kv.set("k", "x".repeat(1024 * 1024 - 2))).written, (await kv.set("b", new Uint8Array(1024 * 1024))).written];`),
    );
    const [[ends, ...written]] = await hit();
    expect(ends).toEqual([
      "TypeError: ctx.kv.get: the key is undefined; give a string.",
      "RangeError: A key has 1 to 256 bytes in UTF-8: this one is empty.",
      'RangeError: A key cannot be "..": no URL can name it.',
      "RangeError: A key has at most 256 bytes in UTF-8: this one has 257.",
      "RangeError: A key has at most 256 bytes in UTF-8: this one has 258.",
      "RangeError: A key is text: this one holds half of a surrogate pair.",
      "TypeError: ctx.kv.set does not know the option ttl: only ttlSeconds, ifAbsent, ifVersion.",
      "RangeError: A time to live is more than 0 and at most 2592000 seconds (30 days).",
      "RangeError: A time to live is more than 0 and at most 2592000 seconds (30 days).",
      "TypeError: ctx.kv.set: ttlSeconds is a string; give a finite number.",
      "TypeError: ifAbsent and ifVersion exclude each other.",
      "TypeError: A version is a whole number.",
      "TypeError: ctx.kv.set: what it is asked is a number; give an object.",
      "TypeError: ctx.kv.set: ifAbsent is a number; give true or false.",
      "RangeError: A value has at most 1048576 bytes as JSON: this one has 1048577. Split it over several keys.",
      "RangeError: A value has at most 1048576 bytes: this one has 1048577. Split it over several keys.",
      'TypeError: increment adds to numbers, and the value of "text" is text: set a number first, or take another key.',
      "TypeError: ctx.kv.increment: what to add is a string; give a finite number.",
      "TypeError: ctx.kv.increment: what to add is a number; give a finite number.",
      "RangeError: A limit is a whole number from 1 to 1000.",
      "RangeError: A limit is a whole number from 1 to 1000.",
      "TypeError: ctx.kv.list: prefix is a number; give a string.",
      "TypeError: ctx.kv.list does not know the option cursor: only prefix, after, limit.",
      "RangeError: after has at most 256 bytes in UTF-8: this one has 257.",
      'TypeError: ctx.kv.watch: give the prefix of the keys to wait for; "" is every key.',
      'TypeError: ctx.kv.watch: give the prefix of the keys to wait for; "" is every key.',
    ]);
    expect(written).toEqual([true, true]);
  });

  it("is more than 200 calls of a run, and more than the state may hold", async () => {
    const own = await mintAccount();
    const limits = { stateEntries: 2, stateBytes: 50, stateOperations: 5 };
    await call("PATCH", `/api/v1/accounts/${own.id}`, {
      key: "test-admin-token-0123456789abcdef0123456789",
      json: { limits },
    });
    const { hit } = await responder(
      own,
      module(`${ENDINGS}
        return endings([() => ctx.kv.set("a", 1), () => ctx.kv.set("b", 1), () => ctx.kv.set("c", 1), () => ctx.kv.set("a", "x".repeat(50)), () => ctx.kv.get("a"), () => ctx.kv.get("b")]);`),
    );
    expect((await hit())[0].slice(2)).toEqual([
      [
        "QuotaExceededError",
        "The state is full: it holds at most 2 entries. Delete what is not needed, or give entries a time to live.",
      ],
      [
        "QuotaExceededError",
        "The state is full: it holds at most 50 bytes. Delete what is not needed, or give entries a time to live.",
      ],
      1,
      [
        "QuotaExceededError",
        "A run may call its state 5 times: this is one more. Keep in one value what belongs together.",
      ],
    ]);
    const counted = await responder(
      account,
      module(
        `let done = 0; try { for (;;) { await ctx.kv.get("a"); done += 1; } } catch (error) { return [done, error.name, error instanceof DOMException] }`,
      ),
    );
    expect(await counted.hit()).toEqual([[200, "QuotaExceededError", true]]);
  });

  it("is told at the script's own line when nobody catches it", async () => {
    const { test } = await responder(
      account,
      `const count = async (kv) => {\n  await kv.set("a", "x");\n  return kv.increment("a");\n};\nexport default async (request, ctx) => ({ body: await count(ctx.kv) });`,
    );
    const { body } = await test();
    expect(body.run.outcome).toMatchObject({ kind: "threw", error: { name: "TypeError", line: 3 } });
    expect(body.run.outcome.error.stack).toContain("at count (script:3:");
  });
});

describe("ctx.kv.watch", () => {
  const WATCH = module(`const page = await ctx.kv.watch({ prefix: "in/", after: "in/1" });
    return [page.entries.map(({ key, value }) => [key, value]), page.timedOut]`);

  it("is woken by another hit's write", async () => {
    const { hit } = await responder(
      account,
      module(`if (request.url.includes("write")) { await ctx.kv.set("in/1", 1); return ctx.kv.set("in/2", { hello: 1 }) }
        const page = await ctx.kv.watch({ prefix: "in/", after: "in/1" });
        return [page.entries.map(({ key, value }) => [key, value]), page.timedOut]`),
    );
    const waiting = hit();
    await hit("?write");
    expect(await waiting).toEqual([[[["in/2", { hello: 1 }]], false]]);
    expect(await hit()).toEqual([[[["in/2", { hello: 1 }]], false]]);
  });

  it("is woken by its own run's write, and by the API's", async () => {
    const own = await responder(
      account,
      module(
        `const waiting = ctx.kv.watch({ prefix: "k" }); await ctx.kv.increment("k"); return (await waiting).entries.length`,
      ),
    );
    expect(await own.hit()).toEqual([1]);
    const { hit, state } = await responder(account, WATCH);
    const waiting = hit();
    expect((await account.api("PUT", `${state}/in%2F7`, { base64: "AQ==" })).status).toBe(200);
    expect(await waiting).toEqual([[[["in/7", { 0: 1 }]], false]]);
  });

  it("comes back empty in time for the run to answer", async () => {
    const { hit } = await responder(account, module(`return ctx.kv.watch({ prefix: "in/", timeoutMs: 5 })`));
    expect(await hit()).toEqual([{ entries: [], timedOut: true }]);
    const short = await mintAccount();
    await call("PATCH", `/api/v1/accounts/${short.id}`, {
      key: "test-admin-token-0123456789abcdef0123456789",
      json: { limits: { wallMs: 1_000 } },
    });
    const late = await responder(
      short,
      module(`return [(await ctx.kv.watch({ prefix: "" })).timedOut, ctx.timeLeft() > 0]`),
    );
    expect(await late.hit()).toEqual([[true, true]]);
  });

  it("ends with its run", async () => {
    const { hit, object } = await responder(
      account,
      module(`ctx.kv.watch({ prefix: "in/" }); await ctx.kv.get("a"); return 1`),
    );
    expect(await hit()).toEqual([1]);
    // A thousand may wait: were the first still there, one of these would be refused.
    const waiting = Array.from({ length: 1_000 }, (_, at) =>
      object.watch(`w${at}`, { prefix: "", after: null, limit: 1, values: false }, 25_000),
    );
    await object.set(
      { key: "k", value: { type: "bytes", bytes: new Uint8Array(1) }, ttlMs: null, condition: null },
      { entries: 9, bytes: 99 },
    );
    expect((await Promise.all(waiting)).map(({ kind }) => kind).filter((kind) => kind !== "page")).toEqual(
      [],
    );
  });
});

describe("secutils.kv", () => {
  it("keeps base64url, as Secutils.dev does", async () => {
    const { hit } = await responder(
      account,
      expression(`
        const { kv } = secutils;
        const out = [await kv.set("b", "_-8"), await kv.get("b"), await kv.get("none"), await kv.getEntry("none"), await kv.getEntry("b")];
        await kv.set("b", "AA", { ifAbsent: true });
        await kv.set("a", "", { ttlSec: 60 });
        const { expiresAt } = await kv.getEntry("a");
        out.push(await kv.get("b"), Number.isInteger(expiresAt), Math.abs(expiresAt - Date.now() / 1000 - 60) < 30);
        const all = await kv.list();
        out.push(all.entries.map(({ key, value }) => [key, value]), all.cursor, all.timedOut, Object.keys(all.entries[0]), Number.isInteger(all.entries[0].createdAt));
        out.push(await kv.list({ prefix: "b", valuesIncluded: false, limit: 0 }).then(({ entries }) => entries[0].value), await kv.list({ after: "b", limit: 5000 }));
        out.push(await kv.delete("a"), await kv.delete("a"));
        return out;`),
    );
    expect(await hit()).toEqual([
      [
        null,
        "_-8",
        null,
        { value: null, expiresAt: null },
        { value: "_-8", expiresAt: null },
        "_-8",
        true,
        true,
        [
          ["a", ""],
          ["b", "_-8"],
        ],
        "b",
        false,
        ["key", "createdAt", "value"],
        true,
        null,
        { entries: [], cursor: null, timedOut: false },
        true,
        false,
      ],
    ]);
  });

  it("waits for what is written", async () => {
    const { hit } = await responder(
      account,
      expression(`
        if (context.rawQuery === "write") return secutils.kv.set("q/1", "aGk");
        const { entries, cursor, timedOut } = await secutils.kv.watch({ prefix: "q/" });
        return [entries[0].value, cursor, timedOut, await secutils.kv.watch({ prefix: "q/", after: "q/1", timeoutMs: 1 })];`),
    );
    const waiting = hit();
    await hit("?write");
    expect(await waiting).toEqual([["aGk", "q/1", false, { entries: [], cursor: null, timedOut: true }]]);
  });

  it("has errors that say what to do, and takes a time to live that is too long for the longest", async () => {
    const { hit, object } = await responder(
      account,
      expression(`${ENDINGS}
        const { kv } = secutils;
        await kv.set("long", "AA", { ttlSec: 1e9, other: 1 });
        await kv.set("none", "AA", { ttlSec: 0 });
        return endings([() => kv.get(1), () => kv.set("k", "a+b"), () => kv.set("k", new Uint8Array(1)), () => kv.set("k", "AA", { ttlSec: "5" }), () => kv.watch({}), () => kv.set("k", "A")]);`),
    );
    expect(await hit()).toEqual([
      [
        ["TypeError", "secutils.kv.get: the key is a number; give a string."],
        ["TypeError", "secutils.kv.set: the value is no base64url; give unpadded base64url."],
        ["TypeError", "secutils.kv.set: the value is of class Uint8Array; give unpadded base64url."],
        ["TypeError", "secutils.kv.set: ttlSec is a string; give a finite number."],
        ["TypeError", "secutils.kv.watch: give the prefix of the keys to wait for."],
        ["InvalidCharacterError", "This is not base64."],
      ],
    ]);
    const long = await object.get("long");
    expect(Number(long?.expiresAt) - Number(long?.updatedAt)).toBe(30 * 86_400_000);
  });

  it("shares its store with ctx.kv: JSON shows as its text there, bytes as bytes here", async () => {
    const { id, hit } = await responder(
      account,
      module(`await ctx.kv.set("json", { a: "é" }); await ctx.kv.set("bytes", new Uint8Array([1, 2]));`),
    );
    await hit();
    const source = expression(
      `await secutils.kv.set("new", "AQID"); return [await secutils.kv.get("json"), await secutils.kv.get("bytes")]`,
    );
    await account.api("PATCH", `/responders/${id}`, { script: { source } });
    const [[text, bytes]] = await hit();
    expect([Buffer.from(text, "base64url").toString(), bytes]).toEqual(['{"a":"é"}', "AQI"]);
    await account.api("PATCH", `/responders/${id}`, {
      script: { source: module(`const v = await ctx.kv.get("new"); return [v instanceof Uint8Array, ...v]`) },
    });
    expect(await hit()).toEqual([[true, 1, 2, 3]]);
  });

  it("does not exist without the grant", async () => {
    const { hit } = await responder(account, expression(`return ["kv" in secutils, Object.keys(secutils)]`), {
      kv: false,
    });
    expect(await hit()).toEqual([[false, ["crypto"]]]);
  });
});

describe("a trial", () => {
  const SOURCE = module(`
    const { kv } = ctx;
    const before = [await kv.get("a"), await kv.get("b")];
    const { version } = await kv.getEntry("a");
    const set = await kv.set("a", "mine", { ifVersion: version });
    await kv.delete("b");
    await kv.set("c", 3);
    await kv.increment("d", 2);
    const { entries } = await kv.list({ limit: 3 });
    return [before, set.written, await kv.get("a"), await kv.get("b"), await kv.increment("d"), entries.map(({ key, value }) => [key, value]),
      (await kv.set("a", 0, { ifVersion: version })).written, (await kv.watch({ prefix: "c" })).entries.length]`);

  it("reads what is there, sees its own writes, and leaves nothing", async () => {
    const { state, test, object } = await responder(account, SOURCE);
    for (const key of ["a", "b", "e"]) await account.api("PUT", `${state}/${key}`, { value: key });
    const usage = await object.usage();
    for (let again = 0; again < 2; again += 1) {
      const { body } = await test();
      expect(JSON.parse(body.response.body.text)).toEqual([
        [
          ["a", "b"],
          true,
          "mine",
          null,
          3,
          [
            ["a", "mine"],
            ["c", 3],
            ["d", 2],
          ],
          false,
          1,
        ],
      ]);
    }
    expect(await object.usage()).toEqual(usage);
    expect(valueOf(await object.get("a"))).toBe("a");
    expect(valueOf(await object.get("b"))).toBe("b");
  });

  it("of a responder that is not saved has a state of its own, empty", async () => {
    const source = module(
      `return [await ctx.kv.get("a"), await ctx.kv.increment("a"), await ctx.kv.get("a"), (await ctx.kv.watch({ prefix: "z", timeoutMs: 5 })).timedOut]`,
    );
    for (let again = 0; again < 2; again += 1) {
      const { body } = await account.api("POST", "/run", {
        responder: { name: "R", path: "/r", script: { source } },
      });
      expect(JSON.parse(body.response.body.text)).toEqual([[null, 1, 1, true]]);
    }
    const none = await account.api("POST", "/run", {
      responder: { name: "R", path: "/r", kv: false, script: { source: module(`return "kv" in ctx`) } },
    });
    expect(JSON.parse(none.body.response.body.text)).toEqual([false]);
  });

  it("is woken by a real write", async () => {
    const { state, test } = await responder(
      account,
      module(`return (await ctx.kv.watch({ prefix: "in/" })).entries.map(({ key }) => key)`),
    );
    const waiting = test();
    await account.api("PUT", `${state}/in%2F1`, { value: 1 });
    expect(JSON.parse((await waiting).body.response.body.text)).toEqual([["in/1"]]);
  });
});
