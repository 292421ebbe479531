import {
  ByteArray,
  decodeUtf8,
  frame,
  indexOf,
  isArray,
  jsonOf,
  later,
  parseJson,
  sinceRunBegan,
  sliceBytes,
  sliceText,
  stringifyJson,
  subBytes,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes, HostValue } from "../../runtime/guest/index.guest.ts";
import * as hit from "./hit.guest.ts";

/** The guest's side of the ops `kv` and `kv-bytes` (docs/host-door.md). A value is JSON's text, or bytes. */
export type StoredValue = { readonly json: string } | { readonly bytes: Bytes };

export interface StoredEntry {
  readonly key: string;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
  /** `undefined` where it was not asked for. */
  readonly value: StoredValue | undefined;
}

export interface StoredPage {
  readonly entries: readonly StoredEntry[];
  readonly more: boolean;
}

/** `head` without fields that are `undefined`. */
const send = (head: object, value?: StoredValue): Promise<HostValue> =>
  value !== undefined && "bytes" in value
    ? later("kv-bytes", frame(head, [value.bytes]))
    : later("kv", `${stringifyJson(head)}\n${value?.json ?? ""}`);

/** A call that answers with JSON. */
export const callStore = async (head: object, value?: StoredValue): Promise<unknown> =>
  jsonOf(await send(head, value));

// The host's own words: this side need not doubt them.
interface EntryHead extends Omit<StoredEntry, "value"> {
  readonly type: "json" | "bytes";
  readonly length: number | null;
}
interface PageHead {
  readonly entries: readonly EntryHead[];
  readonly more: boolean;
}
const isPageHead = (value: unknown): value is PageHead =>
  typeof value === "object" && value !== null && "entries" in value && isArray(value.entries);

/** `valueAt`: what lies from one place to another of all values. */
const pageFrom = (
  json: string,
  valueAt: (from: number, to: number, head: EntryHead) => StoredValue,
): StoredPage => {
  const page = parseJson(json);
  if (!isPageHead(page)) throw new TypeError("The host gave no entries.");
  const entries: StoredEntry[] = [];
  let from = 0;
  for (let index = 0; index < page.entries.length; index += 1) {
    const head = page.entries[index];
    if (head === undefined) continue;
    const { key, length, version, createdAt, updatedAt, expiresAt } = head;
    const to = from + (length ?? 0);
    const value = length === null ? undefined : valueAt(from, to, head);
    entries[index] = { key, version, createdAt, updatedAt, expiresAt, value };
    from = to;
  }
  return { entries, more: page.more };
};

const pageOfText = (text: string): StoredPage => {
  const at = indexOf(text, "\n");
  return pageFrom(sliceText(text, 0, at), (from, to) => ({
    json: sliceText(text, at + 1 + from, at + 1 + to),
  }));
};

const pageOfBytes = (bytes: Bytes): StoredPage => {
  const at = 4 + new DataView(bytes.buffer).getUint32(0, true);
  return pageFrom(decodeUtf8(subBytes(bytes, 4, at)), (from, to, { type }) => {
    const value = sliceBytes(bytes, at + from, at + to);
    return type === "bytes" ? { bytes: value } : { json: decodeUtf8(value) };
  });
};

/** A call that answers with entries. */
export const callEntries = async (head: object): Promise<StoredPage> => {
  const answer = await send(head);
  if (typeof answer === "string") return pageOfText(answer);
  if (answer === undefined) throw new TypeError("The host gave no entries.");
  return pageOfBytes(new ByteArray(answer));
};

const { max, min } = Math;
/** As the host has it. */
const LONGEST_WATCH_MS = 25_000;
/** What a script has left to answer in, when what it waited for did not come. */
const TO_ANSWER_MS = 500;

/** How long a watch may wait: as long as it asks for, 25 s, or until the run's time is nearly up. */
export const watchMs = (asked: number): number =>
  max(0, min(asked, LONGEST_WATCH_MS, hit.wallMs() - sinceRunBegan() - TO_ANSWER_MS));
