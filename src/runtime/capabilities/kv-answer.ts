import { concat, EMPTY, fromUtf8, utf8 } from "../../lib/bytes.ts";
import { OpError } from "../capability.ts";
import type { KvCount, KvEntry, KvPage, KvRefusal, KvSet } from "./kv-store.ts";

/** How what the store said crosses back to the guest: values, or errors that tell a script's author what to do. */
type Bytes = Uint8Array<ArrayBuffer>;

export const refusal = (refused: KvRefusal): OpError => {
  switch (refused.kind) {
    case "full": {
      const what = refused.limit === "entries" ? `${refused.most} entries` : `${refused.most} bytes`;
      return new OpError(
        "QuotaExceededError",
        `The state is full: it holds at most ${what}. Delete what is not needed, or give entries a time to live.`,
      );
    }
    case "trial-full":
      return new OpError(
        "QuotaExceededError",
        `A trial keeps at most ${refused.most} bytes of what it writes: this write would be more.`,
      );
    case "busy":
      return new OpError(
        "QuotaExceededError",
        `${refused.most} watches of this responder's state wait already: try again later.`,
      );
    case "gone":
      return new OpError("StateUnavailable", "The responder is deleted, and its state with it.");
  }
};

const headOf = ({ key, type, version, createdAt, updatedAt, expiresAt }: KvEntry, length: number | null) => ({
  key,
  type,
  version,
  createdAt,
  updatedAt,
  expiresAt,
  length,
});

/** A line with the head, and the values' texts one after the other: the guest then cuts one text. Lengths in UTF-16. */
const textAnswer = (entries: readonly KvEntry[], more: boolean): string => {
  const texts = entries.map(({ bytes }) => (bytes === null ? null : fromUtf8(bytes)));
  const heads = entries.map((entry, at) => headOf(entry, texts[at]?.length ?? null));
  return `${JSON.stringify({ entries: heads, more })}\n${texts.join("")}`;
};

/** A frame with the head, and the values' bytes one after the other. */
const bytesAnswer = (entries: readonly KvEntry[], more: boolean): Bytes => {
  const heads = entries.map((entry) => headOf(entry, entry.bytes?.length ?? null));
  const json = utf8(JSON.stringify({ entries: heads, more }));
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, json.length, true);
  return concat([length, json, ...entries.map(({ bytes }) => bytes ?? EMPTY)]);
};

/** `null` for the length of a value that was not asked for. */
const entriesAnswer = (entries: readonly KvEntry[], more: boolean): Bytes | string =>
  entries.every(({ type, bytes }) => type === "json" || bytes === null)
    ? textAnswer(entries, more)
    : bytesAnswer(entries, more);

export const entryAnswer = (entry: KvEntry | null): Bytes | string =>
  entriesAnswer(entry === null ? [] : [entry], false);

export const pageAnswer = (page: KvPage | KvRefusal): Bytes | string => {
  if (page.kind !== "page") throw refusal(page);
  return entriesAnswer(page.entries, page.more);
};

export const setAnswer = (set: KvSet): string => {
  if (set.kind === "written") return JSON.stringify({ written: true, version: set.head.version });
  if (set.kind === "unmet") return JSON.stringify({ written: false, version: set.version });
  throw refusal(set);
};

export const countAnswer = (key: string, count: KvCount): string => {
  if (count.kind === "counted") return JSON.stringify(count.value);
  const name = JSON.stringify(key);
  if (count.kind === "not-a-number") {
    throw new OpError(
      "TypeError",
      `increment adds to numbers, and the value of ${name} is ${count.is}: set a number first, or take another key.`,
    );
  }
  if (count.kind === "out-of-range") {
    throw new OpError("RangeError", `increment: the sum for ${name} is beyond what a number holds exactly.`);
  }
  throw refusal(count);
};
