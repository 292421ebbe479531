import { and, asc, eq, isNotNull, lt, sql } from "drizzle-orm";
import { type Db, schema } from "../../storage/index.ts";

const { accounts, emailAddresses } = schema;

export type AddressRow = typeof emailAddresses.$inferSelect;

const mine = (accountId: string, address: string) =>
  and(eq(emailAddresses.accountId, accountId), eq(emailAddresses.address, address));

export const listAddressRows = (db: Db, accountId: string): Promise<readonly AddressRow[]> =>
  db
    .select()
    .from(emailAddresses)
    .where(eq(emailAddresses.accountId, accountId))
    .orderBy(asc(emailAddresses.createdAt), asc(emailAddresses.address));

export const findAddress = async (
  db: Db,
  accountId: string,
  address: string,
): Promise<AddressRow | undefined> => {
  const [row] = await db.select().from(emailAddresses).where(mine(accountId, address));
  return row;
};

/**
 * A new code for an address, one statement: `false` when the account has `most` others, when the address is verified, or
 * when its last code was sent after `sentBefore`: of several calls at once, one writes a mail.
 */
export const putCode = async (
  db: Db,
  row: Pick<AddressRow, "accountId" | "address" | "createdAt"> & { readonly codeHash: string },
  most: number,
  sentBefore: number,
): Promise<boolean> => {
  const { accountId, address, codeHash, createdAt } = row;
  const written = await db
    .insert(emailAddresses)
    .select(
      sql`select ${accountId}, ${address}, ${codeHash}, ${createdAt}, 0, null, ${createdAt}
        where (select count(*) from ${emailAddresses} where ${emailAddresses.accountId} = ${accountId}
          and ${emailAddresses.address} <> ${address}) < ${most}
        and exists (select 1 from ${accounts} where ${accounts.id} = ${accountId} and ${accounts.deletedAt} is null)`,
    )
    .onConflictDoUpdate({
      target: [emailAddresses.accountId, emailAddresses.address],
      set: { codeHash, codeSentAt: createdAt, tries: 0 },
      setWhere: sql`${emailAddresses.codeSentAt} < ${sentBefore} and ${emailAddresses.verifiedAt} is null`,
    })
    .returning({ address: emailAddresses.address });
  return written.length > 0;
};

/** Counts a try before it is known whether it is right: no number of calls at once makes more of them. */
export const countTry = async (
  db: Db,
  { accountId, address }: Pick<AddressRow, "accountId" | "address">,
  most: number,
): Promise<boolean> => {
  const counted = await db
    .update(emailAddresses)
    .set({ tries: sql`${emailAddresses.tries} + 1` })
    .where(and(mine(accountId, address), lt(emailAddresses.tries, most)))
    .returning({ address: emailAddresses.address });
  return counted.length > 0;
};

/** Only by the code that is still the last one. */
export const markVerified = async (
  db: Db,
  { accountId, address, codeHash }: Pick<AddressRow, "accountId" | "address"> & { readonly codeHash: string },
  now: number,
): Promise<boolean> => {
  const verified = await db
    .update(emailAddresses)
    .set({ codeHash: null, verifiedAt: now })
    .where(and(mine(accountId, address), eq(emailAddresses.codeHash, codeHash)))
    .returning({ address: emailAddresses.address });
  return verified.length > 0;
};

export const removeAddress = async (db: Db, accountId: string, address: string): Promise<void> => {
  await db.delete(emailAddresses).where(mine(accountId, address));
};

export const verifiedAddresses = async (db: Db, accountId: string): Promise<ReadonlySet<string>> => {
  const rows = await db
    .select({ address: emailAddresses.address })
    .from(emailAddresses)
    .where(and(eq(emailAddresses.accountId, accountId), isNotNull(emailAddresses.verifiedAt)));
  return new Set(rows.map(({ address }) => address));
};

export const eraseAddresses = async (db: Db, accountId: string): Promise<void> => {
  await db.delete(emailAddresses).where(eq(emailAddresses.accountId, accountId));
};
