import { utf8 } from "../../lib/bytes.ts";
import { OpError } from "../capability.ts";
import { type Frame, readFrame, readLine } from "../frame.ts";
import type { KvAddition, KvCondition, KvQuery, KvWrite } from "./kv-store.ts";

/** What the ops check before the store is asked. */
export interface KvLimits {
  readonly keyBytes: number;
  readonly valueBytes: number;
  readonly ttlSeconds: number;
  /** Calls in one run. */
  readonly operations: number;
}

export type KvRequest =
  | { readonly call: "get"; readonly key: string }
  | { readonly call: "set"; readonly write: KvWrite }
  | { readonly call: "delete"; readonly key: string; readonly condition: KvCondition | null }
  | { readonly call: "increment"; readonly addition: KvAddition }
  | { readonly call: "list"; readonly query: KvQuery }
  | { readonly call: "watch"; readonly query: KvQuery; readonly timeoutMs: number };

type Bytes = Uint8Array<ArrayBuffer>;
type Fields = ReadonlyMap<string, unknown>;

/** Two texts of 1,024 bytes, each unit escaped, and the rest. */
const MAX_HEAD_BYTES = 16 * 1024;
export const MAX_PAGE = 1_000;
const DEFAULT_PAGE = 100;
export const MAX_WATCH_MS = 25_000;

const wrong = (message: string): OpError => new OpError("TypeError", message);

/** Why a text can be no key; `undefined` when it can. `.` and `..` have no URL: every client takes them out of a path. */
export const keyFault = (key: string, maxBytes: number): string | undefined => {
  if (key === "") return `A key has 1 to ${maxBytes} bytes in UTF-8: this one is empty.`;
  if (key === "." || key === "..") return `A key cannot be "${key}": no URL can name it.`;
  return textFault(key, maxBytes, "A key");
};

const textFault = (text: string, maxBytes: number, what: string): string | undefined => {
  if (!text.isWellFormed()) return `${what} is text: this one holds half of a surrogate pair.`;
  const { length } = utf8(text);
  return length > maxBytes
    ? `${what} has at most ${maxBytes} bytes in UTF-8: this one has ${length}.`
    : undefined;
};

const readKey = (value: unknown, limits: KvLimits): string => {
  if (typeof value !== "string") throw wrong("A key is a string.");
  const fault = keyFault(value, limits.keyBytes);
  if (fault !== undefined) throw new OpError("RangeError", fault);
  return value;
};

const readText = (value: unknown, what: string, limits: KvLimits): string => {
  if (typeof value !== "string") throw wrong(`${what} is a string.`);
  const fault = textFault(value, limits.keyBytes, what);
  if (fault !== undefined) throw new OpError("RangeError", fault);
  return value;
};

/** Why an entry cannot live so long; `undefined` when it can. */
export const ttlFault = (ttlSeconds: number, maxSeconds: number): string | undefined =>
  ttlSeconds > 0 && ttlSeconds <= maxSeconds
    ? undefined
    : `A time to live is more than 0 and at most ${maxSeconds} seconds (${maxSeconds / 86_400} days).`;

/** `clampTtl`: what is outside is taken to the nearest end instead. */
const readTtl = (fields: Fields, limits: KvLimits): number | null => {
  const given = fields.get("ttlSeconds");
  if (given === undefined) return null;
  if (typeof given !== "number") throw wrong("A time to live is a number of seconds.");
  const clamped = fields.get("clampTtl") === true && given >= 0;
  const seconds = clamped ? Math.min(Math.max(given, 0.001), limits.ttlSeconds) : given;
  const fault = ttlFault(seconds, limits.ttlSeconds);
  if (fault !== undefined) throw new OpError("RangeError", fault);
  return Math.ceil(seconds * 1_000);
};

const readCondition = (fields: Fields): KvCondition | null => {
  const version = fields.get("ifVersion");
  const absent = fields.get("ifAbsent") === true;
  if (version === undefined) return absent ? { kind: "absent" } : null;
  if (typeof version !== "number" || !Number.isSafeInteger(version))
    throw wrong("A version is a whole number.");
  if (absent) throw wrong("ifAbsent and ifVersion exclude each other.");
  return { kind: "version", versions: [version] };
};

const readSet = (fields: Fields, bytes: Bytes, type: "json" | "bytes", limits: KvLimits): KvWrite => {
  const key = readKey(fields.get("key"), limits);
  if (bytes.length > limits.valueBytes) {
    throw new OpError(
      "RangeError",
      `A value has at most ${limits.valueBytes} bytes${type === "json" ? " as JSON" : ""}: this one has ${bytes.length}. Split it over several keys.`,
    );
  }
  return { key, value: { type, bytes }, ttlMs: readTtl(fields, limits), condition: readCondition(fields) };
};

const readAddition = (fields: Fields, limits: KvLimits): KvAddition => {
  const by = fields.get("by");
  if (typeof by !== "number") throw wrong("What is added is a finite number.");
  return { key: readKey(fields.get("key"), limits), by, ttlMs: readTtl(fields, limits) };
};

const readQuery = (fields: Fields, limits: KvLimits): KvQuery => {
  const after = fields.get("after");
  const limit = fields.get("limit") ?? DEFAULT_PAGE;
  if (typeof limit !== "number" || !Number.isInteger(limit) || limit < 1 || limit > MAX_PAGE) {
    throw new OpError("RangeError", `A limit is a whole number from 1 to ${MAX_PAGE}.`);
  }
  return {
    prefix: readText(fields.get("prefix") ?? "", "A prefix", limits),
    after: after === undefined ? null : readText(after, "after", limits),
    limit,
    values: fields.get("values") !== false,
  };
};

const readTimeout = (fields: Fields): number => {
  const given = fields.get("timeoutMs");
  if (given === undefined) return MAX_WATCH_MS;
  if (typeof given !== "number") throw wrong("timeoutMs is a number of milliseconds.");
  return Math.min(Math.max(given, 0), MAX_WATCH_MS);
};

const parse = (frame: Frame | undefined, argument: Bytes): Fields => {
  const head = frame === undefined ? "" : frame.json;
  if (frame === undefined || argument.length - frame.bytes.length > MAX_HEAD_BYTES) {
    throw wrong("This is no call of kv.");
  }
  try {
    const value: unknown = JSON.parse(head);
    return new Map<string, unknown>(typeof value === "object" && value !== null ? Object.entries(value) : []);
  } catch {
    throw wrong("This is no call of kv.");
  }
};

/** `text`: a line of JSON and a JSON value's text; `frame`: JSON and bytes. Throws `OpError` for what is no call. */
export const readKvRequest = (argument: Bytes, form: "text" | "frame", limits: KvLimits): KvRequest => {
  const frame = form === "text" ? readLine(argument) : readFrame(argument);
  const fields = parse(frame, argument);
  const bytes = frame?.bytes ?? argument;
  switch (fields.get("call")) {
    case "get":
      return { call: "get", key: readKey(fields.get("key"), limits) };
    case "set":
      return { call: "set", write: readSet(fields, bytes, form === "text" ? "json" : "bytes", limits) };
    case "delete":
      return { call: "delete", key: readKey(fields.get("key"), limits), condition: readCondition(fields) };
    case "increment":
      return { call: "increment", addition: readAddition(fields, limits) };
    case "list":
      return { call: "list", query: readQuery(fields, limits) };
    case "watch":
      return { call: "watch", query: readQuery(fields, limits), timeoutMs: readTimeout(fields) };
    default:
      throw wrong("This is no call of kv.");
  }
};
