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
    /** JSON: which secrets it is granted and its scripts name; null when that is none. */
    secretUse: text(),
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

/** Which scripts of the library a responder is made of, its own `ref`, its imports, and what these import. */
export const responderScripts = sqliteTable(
  "responder_scripts",
  {
    responderId: text().notNull(),
    accountId: text().notNull(),
    scriptId: text().notNull(),
    /** The version that is asked for; 0 follows the latest. */
    wanted: integer().notNull(),
    /** The version that it has. */
    version: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.responderId, table.scriptId, table.wanted] }),
    index("responder_scripts_script").on(table.scriptId),
  ],
);

/** The account's library. What a script is stands in its versions, which never change. */
export const scripts = sqliteTable(
  "scripts",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    name: text().notNull(),
    description: text().notNull().default(""),
    /** The newest version, from 1; 0 when there is only a draft. */
    latest: integer().notNull(),
    /** JSON `{ source, language }`: saved and not published; null without one. */
    draft: text(),
    /** Raised by every change; with the id it makes the etag. */
    revision: integer().notNull(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (table) => [
    uniqueIndex("scripts_name").on(table.accountId, table.name),
    index("scripts_account").on(table.accountId, table.id),
  ],
);

/** Immutable. */
export const scriptVersions = sqliteTable(
  "script_versions",
  {
    scriptId: text().notNull(),
    version: integer().notNull(),
    source: text().notNull(),
    language: text().notNull(),
    /** JSON: compiled by itself, its imports not yet resolved. */
    compiled: text().notNull(),
    createdAt: integer().notNull(),
    /** Who published it: `key_…`. */
    createdBy: text().notNull(),
  },
  (table) => [primaryKey({ columns: [table.scriptId, table.version] })],
);

/** What a version of a script imports, by what its source says. */
export const scriptImports = sqliteTable(
  "script_imports",
  {
    scriptId: text().notNull(),
    version: integer().notNull(),
    importedId: text().notNull(),
    /** The version that is asked for; 0 follows the latest. */
    wanted: integer().notNull(),
  },
  (table) => [
    primaryKey({ columns: [table.scriptId, table.version, table.importedId, table.wanted] }),
    index("script_imports_imported").on(table.importedId),
  ],
);

/** Values are ciphertext: sealed by a key of the value's own, which a master key wraps. */
export const secrets = sqliteTable(
  "secrets",
  {
    id: text().primaryKey(),
    accountId: text().notNull(),
    name: text().notNull(),
    /** JSON array: where it may be sent. */
    hosts: text().notNull(),
    /** JSON array: in which places of a request. */
    places: text().notNull(),
    /** Of the value, from 1. A change of anything else does not raise it. */
    version: integer().notNull(),
    /** Of the value, in UTF-8. */
    bytes: integer().notNull(),
    /** The value, by its data key: base64url of IV, ciphertext and tag. */
    sealed: text().notNull(),
    /** The data key, by a master key: base64url of IV, ciphertext and tag. */
    wrapped: text().notNull(),
    /** Which master key wraps it. */
    masterKeyId: text().notNull(),
    /** Raised by every change; with the id it makes the etag. */
    revision: integer().notNull(),
    lastUsedAt: integer(),
    createdAt: integer().notNull(),
    updatedAt: integer().notNull(),
  },
  (table) => [
    uniqueIndex("secrets_name").on(table.accountId, table.name),
    index("secrets_account").on(table.accountId, table.id),
    index("secrets_master_key").on(table.masterKeyId, table.id),
  ],
);

/** What the notifications of a responder are signed with: made by us, and sealed as `secrets` are. */
export const signingSecrets = sqliteTable(
  "signing_secrets",
  {
    /** The responder's. */
    id: text().primaryKey(),
    accountId: text().notNull(),
    /** From 1; each is a text of its own. */
    version: integer().notNull(),
    /** Of the text, in UTF-8. */
    bytes: integer().notNull(),
    sealed: text().notNull(),
    wrapped: text().notNull(),
    masterKeyId: text().notNull(),
    /** When this version was made. */
    createdAt: integer().notNull(),
  },
  (table) => [
    index("signing_secrets_account").on(table.accountId),
    index("signing_secrets_master_key").on(table.masterKeyId, table.id),
  ],
);

/** Where notifications may be e-mailed to: addresses whose owner has read a code that was sent there. */
export const emailAddresses = sqliteTable(
  "email_addresses",
  {
    accountId: text().notNull(),
    address: text().notNull(),
    /** SHA-256 of account, address and code, hex; null once it is verified. */
    codeHash: text(),
    codeSentAt: integer().notNull(),
    /** Of wrong codes. */
    tries: integer().notNull().default(0),
    verifiedAt: integer(),
    createdAt: integer().notNull(),
  },
  (table) => [primaryKey({ columns: [table.accountId, table.address] })],
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
