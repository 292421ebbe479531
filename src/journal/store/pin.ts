import type { Counts } from "./retain.ts";
import { numberOf, type Row } from "./tables.ts";

/** What is pinned is never dropped, so it has an end of its own: half of the journal's bytes, and so many exchanges. */
export const MOST_PINS = 1_000;

/** `full`: pinning it would leave too little for what is still to come. */
export type Pinning = "done" | "unknown" | "full";

export const pinExchange = (
  sql: SqlStorage,
  counts: Counts,
  maxBytes: number,
  id: string,
  pinned: boolean,
): { readonly pinning: Pinning; readonly counts: Counts } => {
  const [row]: readonly Row[] = sql
    .exec("SELECT pinned, failed, bytes FROM exchanges WHERE id = ?", id)
    .toArray();
  if (row === undefined) return { pinning: "unknown", counts };
  if ((row["pinned"] === 1) === pinned) return { pinning: "done", counts };
  const bytes = numberOf(row, "bytes");
  const isFull = counts.pinned >= MOST_PINS || counts.pinnedBytes + bytes > maxBytes / 2;
  if (pinned && isFull) return { pinning: "full", counts };
  sql.exec("UPDATE exchanges SET pinned = ? WHERE id = ?", pinned ? 1 : 0, id);
  const sign = pinned ? 1 : -1;
  return {
    pinning: "done",
    counts: {
      kept: counts.kept - sign,
      failed: counts.failed - (row["failed"] === 1 ? sign : 0),
      pinned: counts.pinned + sign,
      bytes: counts.bytes,
      pinnedBytes: counts.pinnedBytes + sign * bytes,
    },
  };
};
