import { type DrizzleD1Database, drizzle } from "drizzle-orm/d1";
import * as schema from "./schema.ts";

export type Db = DrizzleD1Database<typeof schema>;

export const createDb = (d1: D1Database): Db => drizzle(d1, { schema });

const messagesOf = function* (error: unknown): Generator<string> {
  let current = error;
  for (let depth = 0; depth < 8 && current instanceof Error; depth += 1) {
    yield current.message;
    current = current.cause;
  }
};

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
