/** A row or blob of a Durable Object's SQLite is at most 2 MB, so bodies lie in pieces. */
export const BODY_PIECE_BYTES = 512 * 1024;

/** Which body of an exchange a piece belongs to. */
export const REQUEST_SIDE = 0;
export const RESPONSE_SIDE = 1;
/** Of the legs to and from an upstream, where they are other bodies. */
export const LEG_SIDES = { request: 2, response: 3 } as const;

/**
 * `place` is the order of recording, which watchers follow; `arrival` that of arrival, as lists have it, and the row of
 * the index too, so that a search comes newest first by itself. `head` is the exchange as JSON without the bytes of its bodies,
 * and the last column, so that what reads the others does not touch its pages.
 * `search` is an index of trigrams and holds no text itself; `searched` is 0 where the text was too long for it.
 * `spans` are figures, in JSON. `rules` has one row.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS exchanges (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    arrival INTEGER NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    method TEXT NOT NULL,
    status INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    failed INTEGER NOT NULL,
    pinned INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    searched INTEGER NOT NULL,
    head TEXT NOT NULL
  )`,
  "CREATE INDEX IF NOT EXISTS exchanges_oldest ON exchanges (pinned, failed, arrival, bytes)",
  "CREATE INDEX IF NOT EXISTS exchanges_long ON exchanges (arrival) WHERE searched = 0",
  `CREATE TABLE IF NOT EXISTS bodies (
    place INTEGER NOT NULL,
    side INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (place, side, part)
  ) WITHOUT ROWID`,
  "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(text, content='', contentless_delete=1, tokenize='trigram')",
  `CREATE TABLE IF NOT EXISTS spans (
    span TEXT NOT NULL,
    at INTEGER NOT NULL,
    figures TEXT NOT NULL,
    PRIMARY KEY (span, at)
  ) WITHOUT ROWID`,
  `CREATE TABLE IF NOT EXISTS rules (
    one INTEGER PRIMARY KEY,
    max_bytes INTEGER NOT NULL,
    erased INTEGER NOT NULL
  )`,
  "INSERT OR IGNORE INTO rules (one, max_bytes, erased) VALUES (1, 0, 0)",
] as const;

export const createTables = (sql: SqlStorage): void => {
  for (const statement of TABLES) sql.exec(statement);
};

export const hasTables = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'rules'").toArray().length > 0;

export type Row = Readonly<Record<string, SqlStorageValue>>;

/** A column that this version writes as a number; anything else is a fault of ours. */
export const numberOf = (row: Row, column: string): number => {
  const value = row[column];
  if (typeof value !== "number") throw new Error(`The column ${column} of a journal is not a number.`);
  return value;
};

export const textOf = (row: Row, column: string): string => {
  const value = row[column];
  if (typeof value !== "string") throw new Error(`The column ${column} of a journal is not a text.`);
  return value;
};

export interface Rules {
  /** As the last recording had it; 0 before the first. */
  readonly maxBytes: number;
  /** The responder is gone: nothing is taken any more. */
  readonly erased: boolean;
}

export const readRules = (sql: SqlStorage): Rules => {
  const row = sql.exec("SELECT max_bytes, erased FROM rules").one();
  return { maxBytes: numberOf(row, "max_bytes"), erased: row["erased"] === 1 };
};

export const writeRules = (sql: SqlStorage, { maxBytes, erased }: Rules): void => {
  sql.exec("UPDATE rules SET max_bytes = ?, erased = ?", maxBytes, erased ? 1 : 0);
};
