import { utf8 } from "../../lib/bytes.ts";
import type { KvEntry, KvHead, KvQuery, KvValue } from "../../runtime/index.ts";
import type { StateUsage } from "./state-store.ts";

/**
 * Keys are the bytes of their UTF-8: SQLite then orders and cuts them as bytes, NUL included. A value, at most 1 MiB, is
 * one blob, and the last column, so that what reads the others does not touch its pages. `totals` has one row.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS entries (
    place INTEGER PRIMARY KEY,
    key BLOB NOT NULL UNIQUE,
    type TEXT NOT NULL,
    size INTEGER NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL,
    expires_at INTEGER,
    value BLOB NOT NULL
  )`,
  "CREATE INDEX IF NOT EXISTS entries_expiring ON entries (expires_at) WHERE expires_at IS NOT NULL",
  `CREATE TABLE IF NOT EXISTS totals (
    one INTEGER PRIMARY KEY,
    entries INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    version INTEGER NOT NULL,
    erased INTEGER NOT NULL
  )`,
  "INSERT OR IGNORE INTO totals (one, entries, bytes, version, erased) VALUES (1, 0, 0, 0, 0)",
] as const;

const HEAD = "key, type, size, version, created_at, updated_at, expires_at";

export const createTables = (sql: SqlStorage): void => {
  for (const statement of TABLES) sql.exec(statement);
};

export const hasTables = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'totals'").toArray().length > 0;

type Row = Readonly<Record<string, SqlStorageValue>>;

const numberOf = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`The column ${column} of a state is not a number.`);
  return value;
};

const bytesOf = (row: Row, column: string): Uint8Array<ArrayBuffer> => {
  const value = row[column];
  if (!(value instanceof ArrayBuffer)) throw new Error(`The column ${column} of a state is not a blob.`);
  return new Uint8Array(value);
};

/** A buffer of just these bytes, which is what SQLite takes. */
const blob = (bytes: Uint8Array<ArrayBuffer>): ArrayBuffer =>
  bytes.length === bytes.buffer.byteLength ? bytes.buffer : bytes.slice().buffer;
const keyBlob = (key: string): ArrayBuffer => blob(utf8(key));

const decoder = new TextDecoder("utf-8", { ignoreBOM: true, fatal: false });

const headOf = (row: Row): KvHead => ({
  key: decoder.decode(bytesOf(row, "key")),
  type: row["type"] === "bytes" ? "bytes" : "json",
  size: numberOf(row, "size"),
  version: numberOf(row, "version"),
  createdAt: numberOf(row, "created_at"),
  updatedAt: numberOf(row, "updated_at"),
  expiresAt: row["expires_at"] === null ? null : numberOf(row, "expires_at"),
});

/** The row of a key, expired or not, without its value unless `values`. */
export const readEntry = (sql: SqlStorage, key: string, values: boolean): KvEntry | null => {
  const columns = values ? `${HEAD}, value` : HEAD;
  const [row] = sql.exec(`SELECT ${columns} FROM entries WHERE key = ?`, keyBlob(key)).toArray();
  return row === undefined ? null : { ...headOf(row), bytes: values ? bytesOf(row, "value") : null };
};

/** One entry after the other, so that whoever reads may stop; one more than the query's limit. */
export const entriesOf = function* (
  sql: SqlStorage,
  { prefix, after, limit, values }: KvQuery,
  now: number,
): Generator<KvEntry, undefined> {
  const start = utf8(prefix);
  // No byte of UTF-8 is 0xFF: this is above every key that begins with the prefix.
  const end = Uint8Array.from([...start, 0xff]);
  const rows = sql.exec(
    `SELECT ${values ? `${HEAD}, value` : HEAD} FROM entries
      WHERE key >= ? AND key < ? AND key > ? AND (expires_at IS NULL OR expires_at > ?) ORDER BY key LIMIT ?`,
    blob(start),
    blob(end),
    keyBlob(after ?? ""),
    now,
    limit + 1,
  );
  for (const row of rows) yield { ...headOf(row), bytes: values ? bytesOf(row, "value") : null };
};

/** Puts an entry in the place of whatever its key had. */
export const writeEntry = (sql: SqlStorage, head: KvHead, value: KvValue): void => {
  sql.exec(
    `INSERT INTO entries (${HEAD}, value) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
      ON CONFLICT (key) DO UPDATE SET type = excluded.type, size = excluded.size, version = excluded.version,
        created_at = excluded.created_at, updated_at = excluded.updated_at, expires_at = excluded.expires_at,
        value = excluded.value`,
    keyBlob(head.key),
    value.type,
    head.size,
    head.version,
    head.createdAt,
    head.updatedAt,
    head.expiresAt,
    blob(value.bytes),
  );
};

export const deleteEntry = (sql: SqlStorage, key: string): void => {
  sql.exec("DELETE FROM entries WHERE key = ?", keyBlob(key));
};

export const deleteEntries = (sql: SqlStorage): void => {
  sql.exec("DELETE FROM entries");
};

/** What is stored, expired entries that were not cleared away included, and the last version that was given. */
export interface Totals extends StateUsage {
  readonly version: number;
  readonly erased: boolean;
}

export const readTotals = (sql: SqlStorage): Totals => {
  const row = sql.exec("SELECT entries, bytes, version, erased FROM totals").one();
  return {
    entries: numberOf(row, "entries"),
    bytes: numberOf(row, "bytes"),
    version: numberOf(row, "version"),
    erased: row["erased"] === 1,
  };
};

export const writeTotals = (sql: SqlStorage, { entries, bytes, version, erased }: Totals): void => {
  sql.exec(
    "UPDATE totals SET entries = ?, bytes = ?, version = ?, erased = ?",
    entries,
    bytes,
    version,
    erased ? 1 : 0,
  );
};

/** Clears away up to so many entries that have expired; gives how many there were. */
export const clearExpired = (sql: SqlStorage, now: number, most: number): number => {
  const rows = sql
    .exec(
      `DELETE FROM entries WHERE place IN (SELECT place FROM entries WHERE expires_at <= ? ORDER BY expires_at LIMIT ?)
        RETURNING length(key) + size AS weight`,
      now,
      most,
    )
    .toArray();
  if (rows.length === 0) return 0;
  const freed = rows.reduce((sum, row) => sum + numberOf(row, "weight"), 0);
  const totals = readTotals(sql);
  writeTotals(sql, { ...totals, entries: totals.entries - rows.length, bytes: totals.bytes - freed });
  return rows.length;
};

/** When the next entry expires; `null` when none does. */
export const nextExpiry = (sql: SqlStorage): number | null => {
  const row = sql.exec("SELECT min(expires_at) AS next FROM entries WHERE expires_at IS NOT NULL").one();
  return row["next"] === null ? null : numberOf(row, "next");
};
