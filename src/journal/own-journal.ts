import { type Principal, requireScope, type Scope } from "../accounts/index.ts";
import { AppError } from "../lib/errors.ts";
import type { JournalLog } from "./journal-log.ts";

/** What every verb on somebody's journal needs. */
export interface OwnJournalDeps {
  /** Whether the account has this responder. */
  readonly hasResponder: (accountId: string, responderId: string) => Promise<boolean>;
  readonly logOf: (responderId: string) => JournalLog;
}

/** The answer for what is another account's, or nobody's: it does not tell which. */
const noResponder = (): AppError => new AppError("not-found", "There is no such responder.");
export const noExchange = (): AppError =>
  new AppError("not-found", "There is no such exchange: it was never kept, or the journal has dropped it.");

const says = (error: unknown, word: "retryable" | "overloaded"): boolean =>
  error instanceof Error && Reflect.get(error, word) === true;

const unavailable = (cause: unknown): AppError =>
  new AppError("unavailable", "The journal cannot be reached now. Try again.", {
    retryAfterSeconds: 1,
    cause,
  });

/**
 * Asks a journal; each try through a new stub, as one that failed may be broken for good. Asked again once: whatever
 * is asked here may be done twice. Throws `unavailable` for what is over by itself; anything else is a fault of ours.
 */
export const askJournal = async <T>(
  logOf: () => JournalLog,
  work: (log: JournalLog) => Promise<T>,
): Promise<T> => {
  try {
    return await work(logOf()).catch((error: unknown) => {
      // An object that has too much to do is not asked for more.
      if (says(error, "retryable") && !says(error, "overloaded")) return work(logOf());
      throw error;
    });
  } catch (error) {
    throw says(error, "retryable") || says(error, "overloaded") ? unavailable(error) : error;
  }
};

/** The id before every exchange: what follows it is all that there is. */
export const BEGINNING = `exc_${"0".repeat(26)}`;

/** Asks the journal of one's own responder. */
export type Ask = <T>(work: (log: JournalLog) => Promise<T>) => Promise<T>;

/** The journal of the principal's own responder. `forbidden`, `not-found`; what is asked of it, `unavailable`. */
export const ownJournal = async (
  { hasResponder, logOf }: OwnJournalDeps,
  principal: Principal,
  responderId: string,
  scope: Scope,
): Promise<Ask> => {
  requireScope(principal, scope);
  if (!(await hasResponder(principal.account.id, responderId))) throw noResponder();
  return (work) => askJournal(() => logOf(responderId), work);
};
