import { EMPTY } from "../../lib/bytes.ts";
import type { Exchange, KeptBody } from "../exchange.ts";
import { readBody } from "./bodies.ts";
import { ownBodies } from "../upstream.ts";
import { readHead } from "./head.ts";
import type { StoredBody } from "./stored-body.ts";
import { wholeUpstream } from "./upstream-head.ts";
import { LEG_SIDES, numberOf, REQUEST_SIDE, RESPONSE_SIDE, type Row, textOf } from "./tables.ts";

const bodyOf = (
  sql: SqlStorage,
  place: number,
  side: number,
  { size, truncated, kept }: StoredBody,
  bodyBytes: number,
): KeptBody => {
  if (kept === null) return { bytes: null, size, truncated };
  if (kept === 0) return { bytes: EMPTY, size, truncated };
  if (kept > bodyBytes) return { bytes: null, size, truncated, omitted: true };
  return { bytes: readBody(sql, place, side), size, truncated };
};

/** An exchange, and about how many bytes it has in memory. */
export interface ReadExchange {
  readonly exchange: Exchange;
  readonly bytes: number;
}

/** One exchange, bodies over `bodyBytes` left out; `undefined` when it is gone or another version wrote it. */
export const readExchange = (sql: SqlStorage, place: number, bodyBytes: number): ReadExchange | undefined => {
  const [row]: readonly Row[] = sql
    .exec("SELECT id, at, pinned, head FROM exchanges WHERE place = ?", place)
    .toArray();
  if (row === undefined) return undefined;
  const text = textOf(row, "head");
  const head = readHead(text);
  if (head === undefined) return undefined;
  const asked = bodyOf(sql, place, REQUEST_SIDE, head.request.body, bodyBytes);
  const answered = bodyOf(sql, place, RESPONSE_SIDE, head.response.body, bodyBytes);
  const upstream = wholeUpstream(head.upstream, (side, stored) =>
    bodyOf(sql, place, LEG_SIDES[side], stored, bodyBytes),
  );
  const exchange = {
    ...head,
    id: textOf(row, "id"),
    at: numberOf(row, "at"),
    pinned: row["pinned"] === 1,
    request: { ...head.request, body: asked },
    response: { ...head.response, body: answered },
    upstream,
  };
  const bodies = [asked, answered, ...ownBodies(upstream)];
  return { exchange, bytes: bodies.reduce((sum, { bytes }) => sum + (bytes?.length ?? 0), text.length) };
};

export const readById = (sql: SqlStorage, id: string): Exchange | null => {
  const [row]: readonly Row[] = sql.exec("SELECT place FROM exchanges WHERE id = ?", id).toArray();
  if (row === undefined) return null;
  return readExchange(sql, numberOf(row, "place"), Number.POSITIVE_INFINITY)?.exchange ?? null;
};
