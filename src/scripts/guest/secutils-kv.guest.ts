import { apply, ask, askBytes, encodeUtf8, floor, isFinite, min } from "../../runtime/guest/index.guest.ts";
import type { Bytes } from "../../runtime/guest/index.guest.ts";
import { kindOf } from "./ending.guest.ts";
import { callEntries, callStore, watchMs } from "./kv-call.guest.ts";
import type { StoredEntry, StoredPage, StoredValue } from "./kv-call.guest.ts";

/**
 * `secutils.kv` (docs/script-contract.md), over the same store as `ctx.kv`: values are base64url of their bytes, a JSON
 * value's of its text. Times are whole seconds since the epoch, and unknown options are ignored, as on Secutils.dev.
 */
// oxlint-disable-next-line typescript/unbound-method -- only applied, and taken before a script can replace it
const { replaceAll } = String.prototype;
const replaced = (text: string, from: string, to: string): string =>
  String(apply(replaceAll, text, [from, to]));

const toBase64url = (bytes: Bytes): string => {
  if (bytes.length === 0) return "";
  const text = ask("base64-encode", bytes.buffer);
  if (typeof text !== "string") throw new TypeError("The host gave no text.");
  return replaced(replaced(replaced(text, "+", "-"), "/", "_"), "=", "");
};

const fromBase64url = (call: string, value: unknown): Bytes => {
  if (typeof value !== "string" || /[^A-Za-z0-9_-]/.test(value)) {
    const what = typeof value === "string" ? "no base64url" : kindOf(value);
    throw new TypeError(`secutils.kv.${call}: the value is ${what}; give unpadded base64url.`);
  }
  return askBytes("base64-decode", replaced(replaced(value, "-", "+"), "_", "/"));
};

const keyOf = (call: string, key: unknown): string => {
  if (typeof key === "string") return key;
  throw new TypeError(`secutils.kv.${call}: the key is ${kindOf(key)}; give a string.`);
};

/** An option, or `undefined`: `null` too is none. */
const optionOf = (options: unknown, name: string): unknown =>
  Reflect.get(Object(options ?? {}), name) ?? undefined;

const numberOf = (call: string, options: unknown, name: string): number | undefined => {
  const value = optionOf(options, name);
  if (value === undefined || (typeof value === "number" && isFinite(value))) return value;
  throw new TypeError(`secutils.kv.${call}: ${name} is ${kindOf(value)}; give a finite number.`);
};

const textOf = (call: string, options: unknown, name: string): string | undefined => {
  const value = optionOf(options, name);
  if (value === undefined || typeof value === "string") return value;
  throw new TypeError(`secutils.kv.${call}: ${name} is ${kindOf(value)}; give a string.`);
};

/** Entries of one page, as there: more are taken for as many. */
const MOST = 1_000;
const limitOf = (call: string, options: unknown): number => {
  const given = floor(numberOf(call, options, "limit") ?? MOST);
  return given < 1 ? 1 : min(given, MOST);
};

const seconds = (ms: number): number => floor(ms / 1_000);
const shownValue = (value: StoredValue | undefined): string | null => {
  if (value === undefined) return null;
  return toBase64url("bytes" in value ? value.bytes : encodeUtf8(value.json));
};

/** A write there makes an entry anew: its time is that of the last write. */
const shown = ({ key, updatedAt, value }: StoredEntry): object => ({
  key,
  createdAt: seconds(updatedAt),
  value: shownValue(value),
});

const page = ({ entries }: StoredPage, timedOut: boolean): object => ({
  entries: entries.map(shown),
  cursor: entries.at(-1)?.key ?? null,
  timedOut,
});

const entryOf = async (call: string, key: unknown): Promise<StoredEntry | undefined> =>
  (await callEntries({ call: "get", key: keyOf(call, key) })).entries[0];

export const secutilsKv = {
  get: async (key: unknown): Promise<string | null> => shownValue((await entryOf("get", key))?.value),

  getEntry: async (key: unknown): Promise<object> => {
    const entry = await entryOf("getEntry", key);
    const expiresAt = entry?.expiresAt ?? null;
    return { value: shownValue(entry?.value), expiresAt: expiresAt === null ? null : seconds(expiresAt) };
  },

  /** A time to live beyond the longest is taken for that, as there. */
  set: async (key: unknown, value: unknown, options?: unknown): Promise<void> => {
    const ttlSeconds = numberOf("set", options, "ttlSec");
    const ifAbsent = optionOf(options, "ifAbsent") === true;
    const head = { call: "set", key: keyOf("set", key), ttlSeconds, clampTtl: true, ifAbsent };
    await callStore(head, { bytes: fromBase64url("set", value) });
  },

  delete: async (key: unknown): Promise<unknown> => callStore({ call: "delete", key: keyOf("delete", key) }),

  list: async (query?: unknown): Promise<object> => {
    const found = await callEntries({
      call: "list",
      prefix: textOf("list", query, "prefix"),
      after: textOf("list", query, "after"),
      limit: limitOf("list", query),
      values: optionOf(query, "valuesIncluded") !== false,
    });
    return page(found, false);
  },

  watch: async (query?: unknown): Promise<object> => {
    const prefix = textOf("watch", query, "prefix");
    if (prefix === undefined)
      throw new TypeError("secutils.kv.watch: give the prefix of the keys to wait for.");
    const found = await callEntries({
      call: "watch",
      prefix,
      after: textOf("watch", query, "after"),
      limit: limitOf("watch", query),
      timeoutMs: watchMs(numberOf("watch", query, "timeoutMs") ?? Infinity),
    });
    return page(found, found.entries.length === 0);
  },
};
