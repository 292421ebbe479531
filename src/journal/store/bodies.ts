import { concat, EMPTY } from "../../lib/bytes.ts";
import { BODY_PIECE_BYTES } from "./tables.ts";

export const writeBody = (sql: SqlStorage, place: number, side: number, bytes: Uint8Array): void => {
  for (let start = 0, part = 0; start < bytes.length; start += BODY_PIECE_BYTES, part += 1) {
    // A copy: SQLite takes the whole buffer under a view.
    const piece = bytes.slice(start, start + BODY_PIECE_BYTES).buffer;
    sql.exec("INSERT INTO bodies (place, side, part, bytes) VALUES (?, ?, ?, ?)", place, side, part, piece);
  }
};

export const readBody = (sql: SqlStorage, place: number, side: number): Uint8Array<ArrayBuffer> => {
  const pieces: Uint8Array<ArrayBuffer>[] = [];
  for (const { bytes } of sql.exec(
    "SELECT bytes FROM bodies WHERE place = ? AND side = ? ORDER BY part",
    place,
    side,
  )) {
    if (bytes instanceof ArrayBuffer) pieces.push(new Uint8Array(bytes));
  }
  const [first, ...more] = pieces;
  if (first === undefined) return EMPTY;
  return more.length === 0 ? first : concat(pieces);
};
