import {
  anything,
  array,
  assert,
  asyncProperty,
  constantFrom,
  dictionary,
  oneof,
  string,
  uint8Array,
} from "fast-check";
import { describe, expect, it } from "vitest";
import { concat, utf8 } from "../../../src/lib/bytes.ts";
import {
  type Capability,
  kv,
  type KvEntry,
  type KvLimits,
  type KvStore,
  OpError,
} from "../../../src/runtime/index.ts";
import { engineModule } from "../../support/node-engine.ts";
import { sandboxOf } from "../../support/sandbox.ts";

const LIMITS: KvLimits = { keyBytes: 256, valueBytes: 1_000, ttlSeconds: 60, operations: 50 };
const NEVER = new AbortController().signal;
const EMPTY_PAGE = { kind: "page", entries: [], more: false } as const;

/** A store that only says what it was asked. */
const recorder = (more: Partial<KvStore> = {}) => {
  const asked: unknown[][] = [];
  const told = <T>(answer: T, ...call: unknown[]): Promise<T> => {
    asked.push(call);
    return Promise.resolve(answer);
  };
  const store: KvStore = {
    get: (key) => told(null, "get", key),
    set: (write) => told({ kind: "unmet", version: null }, "set", write),
    delete: (key, condition) => told(false, "delete", key, condition),
    increment: (addition) => told({ kind: "counted", value: 1 }, "increment", addition),
    list: (query) => told(EMPTY_PAGE, "list", query),
    watch: (query, ms) => told(EMPTY_PAGE, "watch", query, ms),
    ...more,
  };
  return { asked, store };
};
const opOf = (capability: Capability, name: string) => {
  const op = capability.async?.[name];
  if (op === undefined) throw new Error(`no op ${name}`);
  return op;
};
const frame = (head: string, bytes = new Uint8Array(0)): Uint8Array<ArrayBuffer> => {
  const json = utf8(head);
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return concat([length, json, bytes]);
};
/** As the border does: the price first, then the call. */
const perform = async (
  capability: Capability,
  name: string,
  argument: Uint8Array<ArrayBuffer>,
  signal = NEVER,
) => {
  const op = opOf(capability, name);
  const price = op.price(argument);
  return { price, value: await op.call(argument, signal) };
};

describe("the capability kv", () => {
  it("asks the store only what it has checked", async () => {
    const { asked, store } = recorder();
    const capability = kv(store, LIMITS);
    const heads = [
      { call: "get", key: "a" },
      { call: "set", key: "a", ttlSeconds: 0.0001, ifVersion: 3 },
      { call: "set", key: "a", ttlSeconds: 1e9, clampTtl: true, ifAbsent: true },
      { call: "delete", key: "a", ifVersion: 2 },
      { call: "increment", key: "a", by: -1.5 },
      { call: "list" },
      { call: "watch", prefix: "p", after: "q", timeoutMs: 1e9, limit: 3, values: false },
      { call: "watch", timeoutMs: -5 },
    ];
    for (const head of heads) await perform(capability, "kv", utf8(`${JSON.stringify(head)}\n{}`));
    await perform(capability, "kv-bytes", frame('{"call":"set","key":"b"}', new Uint8Array([1])));
    const all = { prefix: "", after: null, limit: 100, values: true };
    expect(asked).toEqual([
      ["get", "a"],
      [
        "set",
        {
          key: "a",
          value: { type: "json", bytes: utf8("{}") },
          ttlMs: 1,
          condition: { kind: "version", versions: [3] },
        },
      ],
      [
        "set",
        {
          key: "a",
          value: { type: "json", bytes: utf8("{}") },
          ttlMs: 60_000,
          condition: { kind: "absent" },
        },
      ],
      ["delete", "a", { kind: "version", versions: [2] }],
      ["increment", { key: "a", by: -1.5, ttlMs: null }],
      ["list", all],
      ["watch", { prefix: "p", after: "q", limit: 3, values: false }, 25_000],
      ["watch", all, 0],
      [
        "set",
        { key: "b", value: { type: "bytes", bytes: new Uint8Array([1]) }, ttlMs: null, condition: null },
      ],
    ]);
  });

  it("refuses anything else as an error of the script's, whatever bytes come", async () => {
    const { asked, store } = recorder();
    const hostile = oneof(
      uint8Array({ maxLength: 200 }).map((bytes) => Uint8Array.from(bytes)),
      oneof(
        anything(),
        dictionary(
          constantFrom(
            "call",
            "key",
            "by",
            "limit",
            "ttlSeconds",
            "ifVersion",
            "prefix",
            "after",
            "timeoutMs",
            "__proto__",
          ),
          oneof(anything(), string(), constantFrom("get", "set", "list", "x".repeat(300))),
        ),
      ).map((value) => {
        let text: string | undefined;
        try {
          text = JSON.stringify(value);
        } catch {
          text = undefined;
        }
        return utf8(`${text ?? "{"}\n`);
      }),
    );
    await assert(
      asyncProperty(array(hostile, { maxLength: 5 }), constantFrom("kv", "kv-bytes"), async (given, name) => {
        const capability = kv(store, { ...LIMITS, operations: 1_000 });
        for (const argument of given) {
          const ended = await perform(capability, name, argument).catch((error: unknown) => error);
          if (ended instanceof Error) expect(ended).toBeInstanceOf(OpError);
        }
      }),
      { numRuns: 500 },
    );
    for (const [call, ...rest] of asked) {
      const key = call === "get" || call === "delete" ? rest[0] : Reflect.get(Object(rest[0]), "key");
      if (call !== "list" && call !== "watch")
        expect(typeof key === "string" && utf8(key).length <= 256).toBe(true);
    }
  });

  it("costs by its bytes and by the entries that it may give", async () => {
    const capability = kv(recorder().store, LIMITS);
    const price = async (head: object, value = "") =>
      (await perform(capability, "kv", utf8(`${JSON.stringify(head)}\n${value}`))).price;
    const small = await price({ call: "set", key: "a" }, "1");
    expect((await price({ call: "set", key: "a" }, "1".repeat(501))) - small).toBe(1_000);
    expect((await price({ call: "list", limit: 900 })) - (await price({ call: "list", limit: 100 }))).toBe(
      800 * 2_000,
    );
  });

  it("counts every call against the run's operations, refused ones too", async () => {
    const { asked, store } = recorder({ set: async () => ({ kind: "full", limit: "entries", most: 1 }) });
    const capability = kv(store, { ...LIMITS, operations: 2 });
    const call = (head: object) => perform(capability, "kv", utf8(`${JSON.stringify(head)}\n1`));
    await expect(call({ call: "set", key: "a" })).rejects.toMatchObject({ name: "QuotaExceededError" });
    await call({ call: "get", key: "a" });
    await expect(call({ call: "get", key: "a" })).rejects.toMatchObject({
      name: "QuotaExceededError",
      message: expect.stringContaining("2 times"),
    });
    expect(asked).toHaveLength(1);
  });

  it("has eight calls under way at once, in the order in which they came, and watches besides", async () => {
    const began: string[] = [];
    const endings: (() => void)[] = [];
    const { store } = recorder({
      get: (key) =>
        new Promise((resolve) => {
          began.push(key);
          endings.push(() => resolve(null));
        }),
      watch: () => new Promise(() => began.push("watch")),
    });
    const capability = kv(store, LIMITS);
    const calls = Array.from({ length: 12 }, (_, at) =>
      perform(capability, "kv", utf8(`{"call":"get","key":"${at}"}\n`)),
    );
    void perform(capability, "kv", utf8('{"call":"watch"}\n'));
    await Promise.resolve();
    expect(began).toEqual(["0", "1", "2", "3", "4", "5", "6", "7", "watch"]);
    while (endings.length > 0) {
      endings.shift()?.();
      await new Promise((resolve) => setTimeout(resolve, 0));
    }
    await Promise.all(calls);
    expect(began.filter((key) => key !== "watch")).toEqual(Array.from({ length: 12 }, (_, at) => String(at)));
  });

  it("takes no more than 8 MiB of arguments at once", async () => {
    const { store } = recorder({ set: () => new Promise(() => undefined) });
    const capability = kv(store, { ...LIMITS, valueBytes: 3 * 1024 * 1024 });
    const set = () =>
      perform(capability, "kv-bytes", frame('{"call":"set","key":"b"}', new Uint8Array(3 * 1024 * 1024)));
    void set();
    void set();
    await expect(set()).rejects.toMatchObject({
      name: "QuotaExceededError",
      message: expect.stringContaining("await the calls before"),
    });
  });

  it("does not begin what waited for its turn when the run was over", async () => {
    const { asked, store } = recorder({
      set: () => new Promise((resolve) => setTimeout(() => resolve({ kind: "unmet", version: null }), 5)),
    });
    const capability = kv(store, LIMITS);
    const over = new AbortController();
    const sets = Array.from({ length: 8 }, () =>
      perform(capability, "kv", utf8('{"call":"set","key":"a"}\n1'), over.signal),
    );
    const late = perform(capability, "kv", utf8('{"call":"get","key":"a"}\n'), over.signal);
    over.abort();
    const refused = expect(late).rejects.toMatchObject({ name: "AbortError" });
    await Promise.all(sets);
    await refused;
    expect(asked).toEqual([]);
  });
});

describe("kv in the sandbox", async () => {
  const sandbox = sandboxOf(await engineModule());

  it("tells a script nothing of what went wrong on the host's side", async () => {
    const { store } = recorder({ get: () => Promise.reject(new Error("a stack of the host's")) });
    const seen = await sandbox.value(
      `later("kv", '{"call":"get","key":"a"}\\n').catch((error) => error.name + ": " + error.message)`,
      { grants: [kv(store, LIMITS)] },
    );
    expect(seen).toBe("OperationError: the host call failed");
    expect(sandbox.faults).toHaveLength(1);
  });

  it("does not exist in a run that was not granted it", async () => {
    expect(
      await sandbox.value(`(() => { try { host("kv", "{}") } catch (error) { return error.message } })()`, {
        grants: [],
      }),
    ).toBe("there is no such host call");
  });

  it("costs a waiting script nothing but its sleep", async () => {
    let wake = (): void => undefined;
    const entry: KvEntry = {
      key: "k",
      type: "json",
      size: 1,
      version: 1,
      createdAt: 1,
      updatedAt: 1,
      expiresAt: null,
      bytes: utf8("1"),
    };
    const { store } = recorder({
      watch: () =>
        new Promise((resolve) => {
          wake = () => resolve({ kind: "page", entries: [entry], more: false });
        }),
    });
    const { runtime } = sandbox;
    const waiting = sandbox.run(`export default async () => { await later("kv", '{"call":"watch"}\\n') }`, {
      grants: [kv(store, LIMITS)],
    });
    await new Promise((resolve) => setTimeout(resolve, 5));
    const other = await sandbox.run("export default () => 1");
    expect(other.kind).toBe("returned");
    expect(runtime.stats()).toMatchObject({ runs: 1, instances: 1 });
    wake();
    const outcome = await waiting;
    expect([outcome.kind, outcome.suspensions, outcome.hostCalls]).toEqual(["returned", 1, 1]);
  });
});
