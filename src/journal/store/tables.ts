/** A row or blob of a Durable Object's SQLite is at most 2 MB, so bodies lie in pieces. */
export const BODY_PIECE_BYTES = 512 * 1024;

/** Which body of an exchange a piece belongs to. */
export const REQUEST_SIDE = 0;
export const RESPONSE_SIDE = 1;

/**
 * `place` is the order of recording, which watchers follow; ids sort by arrival, which lists do. `head` is the exchange as
 * JSON without the bytes of its bodies. `search` is an index of trigrams and holds no text itself: deleting takes the place alone.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS exchanges (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    at INTEGER NOT NULL,
    method TEXT NOT NULL,
    status INTEGER NOT NULL,
    kind TEXT NOT NULL,
    outcome TEXT NOT NULL,
    failed INTEGER NOT NULL,
    pinned INTEGER NOT NULL DEFAULT 0,
    bytes INTEGER NOT NULL,
    head TEXT NOT NULL
  )`,
  "CREATE INDEX IF NOT EXISTS exchanges_oldest ON exchanges (pinned, failed, id)",
  `CREATE TABLE IF NOT EXISTS bodies (
    place INTEGER NOT NULL,
    side INTEGER NOT NULL,
    part INTEGER NOT NULL,
    bytes BLOB NOT NULL,
    PRIMARY KEY (place, side, part)
  ) WITHOUT ROWID`,
  "CREATE VIRTUAL TABLE IF NOT EXISTS search USING fts5(text, content='', contentless_delete=1, tokenize='trigram')",
] as const;

export const createTables = (sql: SqlStorage): void => {
  for (const statement of TABLES) sql.exec(statement);
};
