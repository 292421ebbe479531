import { env } from "cloudflare:workers";
import { type JournalLog, journalLogOf } from "../../src/journal/index.ts";
import { mintAccount, type TestAccount } from "./account.ts";
import { entryOf, type Made } from "./exchanges.ts";

export interface TestJournal {
  readonly account: TestAccount;
  readonly id: string;
  /** `/responders/{id}` */
  readonly path: string;
  readonly log: JournalLog;
  /** Puts exchanges there as hits would, a ms apart; resolves with their ids. */
  readonly record: (...all: readonly Made[]) => Promise<readonly string[]>;
}

const AT = Date.UTC(2026, 10, 22, 12);
let made = 0;

/** A responder of `account` with a journal of its own. */
export const journalOf = async (account: TestAccount, more: object = {}): Promise<TestJournal> => {
  made += 1;
  const { status, body } = await account.api("POST", "/responders", {
    name: `Journal ${made}`,
    path: `/journal-${made}`,
    ...more,
  });
  if (status !== 201) throw new Error(`No responder: ${status} ${JSON.stringify(body)}`);
  const id: string = body.id;
  const log = journalLogOf(env.JOURNAL.get(env.JOURNAL.idFromName(id)));
  let recorded = 0;
  const record: TestJournal["record"] = async (...all) => {
    const ids: string[] = [];
    for (const each of all) {
      const entry = entryOf({ at: AT + (recorded += 1), ...each });
      await log.record(entry);
      ids.push(entry.exchange.id);
    }
    return ids;
  };
  return { account, id, path: `/responders/${id}`, log, record };
};

export const newJournal = async (more: object = {}): Promise<TestJournal> =>
  journalOf(await mintAccount(), more);
