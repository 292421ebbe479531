import { type SQL, sql } from "drizzle-orm";
import type { BatchItem } from "drizzle-orm/batch";
import type { Db } from "./db.ts";

/** One statement of a transaction, made by the noun that owns its tables. */
export type Statement = BatchItem<"sqlite">;

/** D1 has no conditional batch: JSON that does not parse fails the statement, and with it the whole transaction. */
export const condition = (db: Db, holds: SQL): Statement =>
  db.select({ held: sql`json(case when ${holds} then 'true' else 'no' end)` }).from(sql`(select 1)`);

const messagesOf = function* (error: unknown): Generator<string> {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    yield current.message;
    current = current.cause;
  }
};

/** Whether a transaction failed because one of its conditions did not hold. */
export const isUnmet = (error: unknown): boolean =>
  [...messagesOf(error)].some((message) => message.includes("malformed JSON"));

/**
 * The columns of the unique index that a failed write ran into, as SQLite names them
 * (`handles.handle`, or `responders.accountId, responders.name`); `undefined` for any other failure.
 */
export const violatedColumns = (error: unknown): string | undefined => {
  for (const message of messagesOf(error)) {
    const found = /UNIQUE constraint failed: ([\w.]+(?:, [\w.]+)*)/.exec(message);
    if (found?.[1] !== undefined) return found[1];
  }
  return undefined;
};
