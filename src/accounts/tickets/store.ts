import { and, eq, gt, lte } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";

const { tickets } = schema;

export type TicketRow = typeof tickets.$inferSelect;

/** With it go those that nobody came with. */
export const insertTicket = async (db: Db, ticket: TicketRow, now: number): Promise<void> => {
  await db.batch([db.delete(tickets).where(lte(tickets.expiresAt, now)), db.insert(tickets).values(ticket)]);
};

/** Whose it was: of two that come with one ticket, one gets in. */
export const takeTicket = async (
  db: Db,
  hash: string,
  path: string,
  now: number,
): Promise<string | undefined> => {
  const [taken] = await db
    .delete(tickets)
    .where(and(eq(tickets.hash, hash), eq(tickets.path, path), gt(tickets.expiresAt, now)))
    .returning({ keyId: tickets.keyId });
  return taken?.keyId;
};
