import { fromUtf8, utf8 } from "../../lib/bytes.ts";
import { PAGE_VALUE_BYTES } from "../../runtime/index.ts";
import type {
  KvCondition,
  KvCount,
  KvEntry,
  KvHead,
  KvPage,
  KvRefusal,
  KvValue,
  KvWrite,
} from "../../runtime/index.ts";
import { parseJson } from "../read.ts";
import type { StateRules, StateUsage } from "./state-store.ts";

/** Decisions about writes, alike for what is stored and for what a trial keeps in memory. */
export const meets = (condition: KvCondition | null, current: KvHead | null): boolean => {
  switch (condition?.kind) {
    case undefined:
      return true;
    case "absent":
      return current === null;
    case "present":
      return current !== null;
    case "version":
      return current !== null && condition.versions.includes(current.version);
  }
};

/** What an entry counts for. */
export const weight = ({ key, size }: Pick<KvHead, "key" | "size">): number => utf8(key).length + size;

/** Why there is no room for a write; `undefined` when there is. Nothing is refused that makes the store smaller. */
export const roomFault = (
  { key, value }: Pick<KvWrite, "key" | "value">,
  current: KvHead | null,
  usage: StateUsage,
  rules: StateRules,
): KvRefusal | undefined => {
  if (current === null && usage.entries >= rules.entries) {
    return { kind: "full", limit: "entries", most: rules.entries };
  }
  const growth = weight({ key, size: value.bytes.length }) - (current === null ? 0 : weight(current));
  return growth > 0 && usage.bytes + growth > rules.bytes
    ? { kind: "full", limit: "bytes", most: rules.bytes }
    : undefined;
};

/** What a JSON text is, by its first character. */
const KINDS: Readonly<Record<string, string>> = {
  "{": "an object",
  "[": "an array",
  '"': "text",
  t: "true",
  f: "false",
  n: "null",
};

/** Longer than any number that a script's JSON is written with. */
const MAX_NUMBER_BYTES = 32;

const readNumber = ({ type, bytes }: KvEntry): { readonly number: number } | { readonly is: string } => {
  if (type === "bytes" || bytes === null) return { is: "bytes" };
  const kind = KINDS[String.fromCharCode(bytes[0] ?? 0)];
  if (kind !== undefined) return { is: kind };
  const value = bytes.length > MAX_NUMBER_BYTES ? undefined : parseJson(fromUtf8(bytes));
  return typeof value === "number" ? { number: value } : { is: "not JSON" };
};

/** Sums of whole numbers beyond these bounds would be rounded, and a counter stand still. */
const isExact = (sum: number, ...parts: readonly number[]): boolean =>
  Number.isFinite(sum) && (!parts.every(Number.isInteger) || Number.isSafeInteger(sum));

/** What an increment comes to; an entry that is not there counts as 0. */
export const sumOf = (current: KvEntry | null, by: number): Exclude<KvCount, KvRefusal> => {
  const read = current === null ? { number: 0 } : readNumber(current);
  if ("is" in read) return { kind: "not-a-number", is: read.is };
  const value = read.number + by;
  return isExact(value, read.number, by) ? { kind: "counted", value } : { kind: "out-of-range" };
};

/** A number as a value. */
export const numberValue = (value: number): KvValue => ({ type: "json", bytes: utf8(JSON.stringify(value)) });

/** Whether there is an entry, at `now`. */
export const isLive = <Entry extends KvHead>(entry: Entry | null, now: number): entry is Entry =>
  entry !== null && (entry.expiresAt === null || entry.expiresAt > now);

/** A page of what comes in the order of keys: up to the limit, and to so many bytes of values, but for a first one. */
export const pageOf = (entries: Iterable<KvEntry>, limit: number): KvPage => {
  const taken: KvEntry[] = [];
  let bytes = 0;
  for (const entry of entries) {
    bytes += entry.bytes?.length ?? 0;
    if (taken.length === limit || (taken.length > 0 && bytes > PAGE_VALUE_BYTES)) {
      return { kind: "page", entries: taken, more: true };
    }
    taken.push(entry);
  }
  return { kind: "page", entries: taken, more: false };
};
