import { copyBytes, isBuffer, isFinite, parseJson } from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";
import { exactJson } from "./json-value.guest.ts";
import { callEntries, callStore, watchMs } from "./kv-call.guest.ts";
import type { StoredEntry, StoredValue } from "./kv-call.guest.ts";

/** `ctx.kv` (docs/script-contract.md). None of its functions needs its `this`. */
const isAbsent = (value: unknown): value is null | undefined => value === null || value === undefined;

const keyOf = (call: string, key: unknown): string => {
  if (typeof key !== "string")
    throw new TypeError(`ctx.kv.${call}: the key is ${kindOf(key)}; give a string.`);
  return key;
};

const wanted = (call: string, name: string, value: unknown, what: string): TypeError =>
  new TypeError(`ctx.kv.${call}: ${name} is ${kindOf(value)}; give ${what}.`);

/** The options of a call, each of its type. One that it does not know is refused: a misspelt `ttl` would never end. */
const readOptions = (call: string, given: unknown, known: readonly string[]) => {
  const options = new Map<string, unknown>();
  if (!isAbsent(given) && typeof given !== "object")
    throw wanted(call, "what it is asked", given, "an object");
  for (const [name, value] of Object.entries(given ?? {})) {
    if (!known.includes(name)) {
      throw new TypeError(`ctx.kv.${call} does not know the option ${name}: only ${known.join(", ")}.`);
    }
    if (!isAbsent(value)) options.set(name, value);
  }
  return {
    number: (name: string): number | undefined => {
      const value = options.get(name);
      if (value === undefined || (typeof value === "number" && isFinite(value))) return value;
      throw wanted(call, name, value, "a finite number");
    },
    text: (name: string): string | undefined => {
      const value = options.get(name);
      if (value === undefined || typeof value === "string") return value;
      throw wanted(call, name, value, "a string");
    },
    flag: (name: string): boolean | undefined => {
      const value = options.get(name);
      if (value === undefined || typeof value === "boolean") return value;
      throw wanted(call, name, value, "true or false");
    },
  };
};

const storedOf = (value: unknown): StoredValue =>
  isBuffer(value) ? { bytes: copyBytes(value) } : { json: exactJson(value) };

const valueOf = (stored: StoredValue | undefined): unknown => {
  if (stored === undefined) return undefined;
  return "bytes" in stored ? stored.bytes : parseJson(stored.json);
};

const shown = ({ key, value, version, createdAt, expiresAt }: StoredEntry): object => ({
  key,
  value: valueOf(value),
  version,
  createdAt,
  expiresAt,
});

const entryOf = async (call: string, key: unknown): Promise<StoredEntry | undefined> =>
  (await callEntries({ call: "get", key: keyOf(call, key) })).entries[0];

export const kv = {
  get: async (key: unknown): Promise<unknown> => valueOf((await entryOf("get", key))?.value),

  getEntry: async (key: unknown): Promise<object | undefined> => {
    const entry = await entryOf("getEntry", key);
    if (entry === undefined) return undefined;
    const { value, version, createdAt, expiresAt } = entry;
    return { value: valueOf(value), version, createdAt, expiresAt };
  },

  set: async (key: unknown, value: unknown, options?: unknown): Promise<unknown> => {
    const given = readOptions("set", options, ["ttlSeconds", "ifAbsent", "ifVersion"]);
    const head = {
      call: "set",
      key: keyOf("set", key),
      ttlSeconds: given.number("ttlSeconds"),
      ifAbsent: given.flag("ifAbsent"),
      ifVersion: given.number("ifVersion"),
    };
    return callStore(head, storedOf(value));
  },

  delete: async (key: unknown, options?: unknown): Promise<unknown> => {
    const ifVersion = readOptions("delete", options, ["ifVersion"]).number("ifVersion");
    return callStore({ call: "delete", key: keyOf("delete", key), ifVersion });
  },

  increment: async (key: unknown, by: unknown = 1, options?: unknown): Promise<unknown> => {
    if (typeof by !== "number" || !isFinite(by))
      throw wanted("increment", "what to add", by, "a finite number");
    const ttlSeconds = readOptions("increment", options, ["ttlSeconds"]).number("ttlSeconds");
    return callStore({ call: "increment", key: keyOf("increment", key), by, ttlSeconds });
  },

  list: async (query?: unknown): Promise<object> => {
    const given = readOptions("list", query, ["prefix", "after", "limit"]);
    const { entries, more } = await callEntries({
      call: "list",
      prefix: given.text("prefix"),
      after: given.text("after"),
      limit: given.number("limit"),
    });
    return { entries: entries.map(shown), cursor: more ? (entries.at(-1)?.key ?? null) : null };
  },

  watch: async (query?: unknown): Promise<object> => {
    const given = readOptions("watch", query, ["prefix", "after", "timeoutMs"]);
    const prefix = given.text("prefix");
    if (prefix === undefined) {
      throw new TypeError('ctx.kv.watch: give the prefix of the keys to wait for; "" is every key.');
    }
    const { entries } = await callEntries({
      call: "watch",
      prefix,
      after: given.text("after"),
      timeoutMs: watchMs(given.number("timeoutMs") ?? Infinity),
    });
    return { entries: entries.map(shown), timedOut: entries.length === 0 };
  },
};
