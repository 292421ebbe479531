import { eq, sql } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";

const { accounts, responders, signingSecrets } = schema;

export type SigningRow = typeof signingSecrets.$inferSelect;

export const findSigningSecret = async (db: Db, id: string): Promise<SigningRow | undefined> => {
  const [row] = await db.select().from(signingSecrets).where(eq(signingSecrets.id, id));
  return row;
};

/**
 * In place of the version before it, or as the first; `false` when another was written meanwhile, or its responder is gone,
 * which nobody would then delete it with.
 */
export const putSigningSecret = async (db: Db, row: SigningRow): Promise<boolean> => {
  const { id, version, bytes, sealed, wrapped, masterKeyId, createdAt } = row;
  const written = await db
    .insert(signingSecrets)
    .select(
      sql`select ${id}, ${row.accountId}, ${version}, ${bytes}, ${sealed}, ${wrapped}, ${masterKeyId}, ${createdAt}
        where exists (select 1 from ${responders} where ${responders.id} = ${id} and ${responders.accountId} = ${row.accountId})
        and exists (select 1 from ${accounts} where ${accounts.id} = ${row.accountId} and ${accounts.deletedAt} is null)`,
    )
    .onConflictDoUpdate({
      target: signingSecrets.id,
      set: { version, bytes, sealed, wrapped, masterKeyId, createdAt },
      setWhere: eq(signingSecrets.version, version - 1),
    })
    .returning({ id: signingSecrets.id });
  return written.length > 0;
};

export const removeSigningSecret = async (db: Db, id: string): Promise<void> => {
  await db.delete(signingSecrets).where(eq(signingSecrets.id, id));
};

export const eraseSigningSecrets = async (db: Db, accountId: string): Promise<void> => {
  await db.delete(signingSecrets).where(eq(signingSecrets.accountId, accountId));
};
