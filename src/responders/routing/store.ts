import { eq, sql } from "drizzle-orm";
import { schema } from "../../storage/index.ts";
import type { Db } from "../../storage/index.ts";

const { accounts, responders } = schema;

export interface TableRows {
  readonly account: typeof accounts.$inferSelect;
  readonly routed: readonly string[];
}

/** One transaction, so that the lines are those of the account's revision. A deleted account is found as well. */
export const readTableRows = async (
  db: Db,
  by: { readonly handle: string } | { readonly accountId: string },
): Promise<TableRows | undefined> => {
  const wanted = "handle" in by ? eq(accounts.handle, by.handle) : eq(accounts.id, by.accountId);
  const [found, lines] = await db.batch([
    db.select().from(accounts).where(wanted),
    db
      .select({ routed: responders.routed })
      .from(responders)
      .innerJoin(accounts, eq(accounts.id, responders.accountId))
      .where(wanted)
      .orderBy(responders.id),
  ]);
  const account = found[0];
  return account && { account, routed: lines.map((line) => line.routed) };
};

/** KV has this revision. The revision that the account has meanwhile tells whether that is the last one. */
export const markPublished = async (db: Db, accountId: string, revision: number): Promise<number> => {
  const [row] = await db
    .update(accounts)
    .set({ publishedRevision: sql`max(${accounts.publishedRevision}, ${revision})` })
    .where(eq(accounts.id, accountId))
    .returning({ latest: accounts.routesRevision });
  return row?.latest ?? revision;
};

export interface ContentRow {
  readonly definition: string;
  readonly program: string | null;
  readonly routed: string;
}

/** What a hit may need of one responder besides its line. */
export const readContentRow = async (db: Db, responderId: string): Promise<ContentRow | undefined> => {
  const [row] = await db
    .select({ definition: responders.definition, program: responders.program, routed: responders.routed })
    .from(responders)
    .where(eq(responders.id, responderId));
  return row;
};
