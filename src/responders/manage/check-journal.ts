import type { TierLimits } from "../../accounts/index.ts";
import type { FieldError } from "../../lib/errors.ts";
import { DEFAULTS, type Journaling } from "./definition.ts";
import type { JournalInput } from "./input.ts";

/** The default is what the plan allows of it. */
export const checkJournal = (
  { keep }: JournalInput,
  { journalKeep }: Pick<TierLimits, "journalKeep">,
  faults: FieldError[],
): Journaling => {
  if (keep === undefined || keep === null) return { keep: Math.min(DEFAULTS.journal.keep, journalKeep) };
  if (!Number.isInteger(keep) || keep < 0 || keep > journalKeep) {
    const message = `Give a whole number from 0 (nothing is recorded) to ${journalKeep}, which is what the account's plan keeps.`;
    faults.push({ path: "journal.keep", message });
  }
  return { keep };
};
