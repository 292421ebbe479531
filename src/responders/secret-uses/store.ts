import { and, desc, eq, isNotNull, lt } from "drizzle-orm";
import { schema } from "../../storage/index.ts";
import type { Db } from "../../storage/index.ts";
import { readSecretUse } from "./secret-use.ts";
import type { SecretUse } from "./secret-use.ts";

const { responders } = schema;

export interface UsingResponder {
  readonly id: string;
  readonly name: string;
  readonly use: SecretUse;
}

/** Of each a row of `secretUse` may have thousands of ids: this many fit into memory. */
const PAGE = 250;

/** The account's responders that have to do with secrets, newest first. Reads on only as far as it is asked to. */
export const eachUsing = async function* (db: Db, accountId: string): AsyncGenerator<UsingResponder> {
  for (let before: string | undefined; ;) {
    const rows = await db
      .select({ id: responders.id, name: responders.name, text: responders.secretUse })
      .from(responders)
      .where(
        and(
          eq(responders.accountId, accountId),
          isNotNull(responders.secretUse),
          before === undefined ? undefined : lt(responders.id, before),
        ),
      )
      .orderBy(desc(responders.id))
      .limit(PAGE);
    for (const { id, name, text } of rows) {
      const use = text === null ? undefined : readSecretUse(text);
      if (use !== undefined) yield { id, name, use };
    }
    before = rows.at(-1)?.id;
    if (rows.length < PAGE) return;
  }
};
