/**
 * Beside the responder's journal, in the same Durable Object. `pending` has one row: what came since the last notice, if
 * anything did (`opened_at`), and when it is to be told. Texts of several ids have a space between them.
 */
const TABLES = [
  `CREATE TABLE IF NOT EXISTS notice_pending (
    one INTEGER PRIMARY KEY,
    responder TEXT NOT NULL,
    last_notice_at INTEGER,
    due_at INTEGER,
    opened_at INTEGER,
    count INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    exchanges TEXT NOT NULL,
    hops INTEGER NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS notices (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    id TEXT NOT NULL UNIQUE,
    made_at INTEGER NOT NULL,
    occasion TEXT NOT NULL,
    count INTEGER NOT NULL,
    failures INTEGER NOT NULL,
    first_at INTEGER NOT NULL,
    last_at INTEGER NOT NULL,
    exchanges TEXT NOT NULL,
    hops INTEGER NOT NULL
  )`,
  `CREATE TABLE IF NOT EXISTS notice_deliveries (
    place INTEGER PRIMARY KEY AUTOINCREMENT,
    notice TEXT NOT NULL,
    kind TEXT NOT NULL,
    target TEXT NOT NULL,
    state TEXT NOT NULL,
    next_at INTEGER
  )`,
  "CREATE INDEX IF NOT EXISTS notice_deliveries_next ON notice_deliveries (next_at) WHERE next_at IS NOT NULL",
  "CREATE INDEX IF NOT EXISTS notice_deliveries_notice ON notice_deliveries (notice)",
  `CREATE TABLE IF NOT EXISTS notice_attempts (
    delivery INTEGER NOT NULL,
    at INTEGER NOT NULL,
    status INTEGER,
    error TEXT,
    duration_ms INTEGER NOT NULL
  )`,
  "CREATE INDEX IF NOT EXISTS notice_attempts_delivery ON notice_attempts (delivery)",
] as const;

export const createNoticeTables = (sql: SqlStorage): void => {
  for (const statement of TABLES) sql.exec(statement);
};

export const hasNoticeTables = (sql: SqlStorage): boolean =>
  sql.exec("SELECT 1 FROM sqlite_master WHERE name = 'notice_pending'").toArray().length > 0;

export const idsOf = (text: string): readonly string[] => (text === "" ? [] : text.split(" "));
export const textOfIds = (ids: readonly string[]): string => ids.join(" ");
