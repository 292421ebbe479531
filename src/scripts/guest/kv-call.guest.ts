import {
  askLater,
  ByteArray,
  decodeUtf8,
  defineProperty,
  frame,
  isArray,
  parseJson,
  sinceRunBegan,
  sliceBytes,
  stringifyJson,
  subBytes,
} from "../../runtime/guest/index.guest.ts";
import type { Bytes } from "../../runtime/guest/index.guest.ts";
import * as hit from "./hit.guest.ts";

/** The guest's side of the ops `kv` and `kv-bytes` (docs/host-door.md). */
export type GivenValue = { readonly json: string } | { readonly bytes: Bytes };
/** JSON's text in UTF-8, or bytes. */
export interface StoredValue {
  readonly type: "json" | "bytes";
  readonly bytes: Bytes;
}

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

const Fault = Error;

/** What the host refuses, it refuses later: the stack is that of the call, in the script's own lines. */
const later = async (op: string, argument: ArrayBuffer | string): Promise<unknown> => {
  const { stack } = new Fault();
  try {
    return await askLater(op, argument);
  } catch (error) {
    if (error instanceof Fault)
      defineProperty(error, "stack", { value: stack, writable: true, configurable: true });
    throw error;
  }
};

/** `head` without fields that are `undefined`; the answer as JSON. */
export const callStore = async (head: object, value?: GivenValue): Promise<unknown> => {
  const answer =
    value !== undefined && "bytes" in value
      ? await later("kv-bytes", frame(head, [value.bytes]))
      : await later("kv", `${stringifyJson(head)}\n${value?.json ?? ""}`);
  return typeof answer === "string" ? parseJson(answer) : answer;
};

// The host's own words: this side need not doubt them.
interface Head extends Omit<StoredEntry, "value"> {
  readonly type: StoredValue["type"];
  readonly length: number | null;
}
interface PageHead {
  readonly entries: readonly Head[];
  readonly more: boolean;
}
const isPageHead = (value: unknown): value is PageHead =>
  typeof value === "object" && value !== null && "entries" in value && isArray(value.entries);

const readPage = (whole: Bytes): StoredPage => {
  const size = new DataView(whole.buffer).getUint32(0, true);
  const head: unknown = parseJson(decodeUtf8(subBytes(whole, 4, 4 + size)));
  if (!isPageHead(head)) throw new TypeError("The host gave no entries.");
  let from = 4 + size;
  const entries: StoredEntry[] = [];
  for (let index = 0; index < head.entries.length; index += 1) {
    const entry = head.entries[index];
    if (entry === undefined) continue;
    const { key, type, length, version, createdAt, updatedAt, expiresAt } = entry;
    const bytes = sliceBytes(whole, from, from + (length ?? 0));
    from += bytes.length;
    const value = length === null ? undefined : { type, bytes };
    entries[entries.length] = { key, version, createdAt, updatedAt, expiresAt, value };
  }
  return { entries, more: head.more };
};

/** The entries that a call answers with. */
export const callEntries = async (head: object): Promise<StoredPage> => {
  const answer = await callStore(head);
  if (!(answer instanceof ArrayBuffer)) throw new TypeError("The host gave no entries.");
  return readPage(new ByteArray(answer));
};

const { max, min } = Math;
/** As the host has it. */
const LONGEST_WATCH_MS = 25_000;
/** What a script has left to answer in, when what it waited for did not come. */
const TO_ANSWER_MS = 500;

/** How long a watch may wait: as long as it asks for, 25 s, or until the run's time is nearly up. */
export const watchMs = (asked: number): number =>
  max(0, min(asked, LONGEST_WATCH_MS, hit.wallMs() - sinceRunBegan() - TO_ANSWER_MS));
