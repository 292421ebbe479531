import { sql } from "drizzle-orm";
import { index, integer, primaryKey, sqliteTable, text, uniqueIndex } from "drizzle-orm/sqlite-core";

/**
 * The whole data model: definitions only. What senders cause (exchanges, unmatched hits) lives in Durable Objects.
 * Times are ms since the epoch; JSON columns are parsed at the border of the noun that owns them.
 */

export const accounts = sqliteTable("accounts", {
  id: text().primaryKey(),
  handle: text().notNull().unique(),
  name: text().notNull(),
  tier: text().notNull(),
  /** JSON object: an operator's overrides of single limits of the tier. */
  limits: text().notNull().default("{}"),
  suspended: integer({ mode: "boolean" }).notNull().default(false),
  /** Raised by every transaction that changes what a hit sees; orders published route tables. */
  routesRevision: integer().notNull().default(0),
  /** The last revision that KV took; behind `routesRevision` means that the cron publishes again. */
  publishedRevision: integer().notNull().default(0),
  /** Raised by every change of the account itself; with the id it makes the etag. */
  revision: integer().notNull().default(1),
  createdAt: integer().notNull(),
  updatedAt: integer().notNull(),
  /** Set at once by a delete; the rows go afterwards, this one last. */
  deletedAt: integer(),
});

/** Every handle ever given. A row outlives its account: a handle is never given a second time. */
export const handles = sqliteTable("handles", {
  handle: text().primaryKey(),
  takenAt: integer().notNull(),
});

export const keys = sqliteTable(
  "keys",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    name: text().notNull(),
    /** What a list may show of the key: `hw_live_` and four characters. */
    prefix: text().notNull(),
    /** SHA-256 of the whole key, hex. The key itself is stored nowhere. */
    hash: text().notNull().unique(),
    /** JSON array of scopes. */
    scopes: text().notNull(),
    expiresAt: integer(),
    lastUsedAt: integer(),
    createdAt: integer().notNull(),
  },
  (table) => [index("keys_account").on(table.accountId, table.id)],
);

/** Tickets that are still good: each opens one path once, with what its key may do, for 30 s. */
export const tickets = sqliteTable(
  "tickets",
  {
    /** SHA-256 of the ticket, hex. */
    hash: text().primaryKey(),
    keyId: text().notNull(),
    path: text().notNull(),
    expiresAt: integer().notNull(),
  },
  (table) => [index("tickets_age").on(table.expiresAt)],
);

export const responders = sqliteTable(
  "responders",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    name: text().notNull(),
    /** JSON: the definition as the API shows it, without what the columns hold. */
    definition: text().notNull(),
    /** Its line of the account's route table: JSON, made at save so that a publish reads nothing larger. */
    routed: text().notNull().default(""),
    /** What a hit needs of the script, compiled: JSON, and the hash by which KV has it; null without a script. */
    program: text(),
    programHash: text(),
    /** The number of the latest revision, from 1; with the id it makes the etag. */
    revision: integer().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (table) => [
    uniqueIndex("responders_name").on(table.accountId, table.name),
    index("responders_account").on(table.accountId, table.id),
  ],
);

/** One row a method of a responder: the unique index is what lets only one of two conflicting saves win. */
export const responderRoutes = sqliteTable(
  "responder_routes",
  {
    responderId: text().notNull(),
    accountId: text().notNull(),
    /** `""` is no label. */
    label: text().notNull(),
    /** The path with parameter names taken out: `/github/:`. */
    shape: text().notNull(),
    /** A method, or `ANY`, which conflicts only with itself. */
    method: text().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.responderId, table.method] }),
    uniqueIndex("responder_routes_claim").on(table.accountId, table.label, table.shape, table.method),
  ],
);

/** The last 20 saves of a responder, whole. */
export const responderRevisions = sqliteTable(
  "responder_revisions",
  {
    responderId: text().notNull(),
    revision: integer().notNull(),
    name: text().notNull(),
    definition: text().notNull(),
    createdAt: integer().notNull(),
    /** Who saved it: `key_…`. */
    createdBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.responderId, table.revision] })],
);

/** Responders that are deleted, each until its Durable Objects are emptied: nothing else knows their names any more. */
export const departedResponders = sqliteTable(
  "departed_responders",
  {
    /** The responder's. */
    id: text().primaryKey(),
    /** The last try; 0 before the first. */
    triedAt: integer().notNull().default(0),
  },
  (table) => [index("departed_responders_tried").on(table.triedAt)],
);

/** Answers that a repeated `Idempotency-Key` gets again, for 24 hours. */
export const idempotentAnswers = sqliteTable(
  "idempotent_answers",
  {
    accountId: text().notNull(),
    keyId: text().notNull(),
    /** Method and path. */
    route: text().notNull(),
    idempotencyKey: text().notNull(),
    /** A long body goes on in rows 1, 2, …: a D1 row ends at 2 MB. Only row 0 has the other columns. */
    part: integer().notNull().default(0),
    /** SHA-256 of the request's body, hex. */
    requestHash: text().notNull(),
    /** Null while the first request is still at work. */
    status: integer(),
    /** JSON pairs. */
    headers: text().notNull().default("[]"),
    body: text(),
    createdAt: integer()
      .notNull()
      .default(sql`(unixepoch() * 1000)`),
  },
  (table) => [
    primaryKey({ columns: [table.accountId, table.keyId, table.route, table.idempotencyKey, table.part] }),
    index("idempotent_answers_age").on(table.createdAt),
  ],
);
