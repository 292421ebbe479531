export interface LastUsedDeps {
  readonly now: () => number;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  readonly write: (accountId: string, ids: readonly string[], now: number, everyMs: number) => Promise<void>;
}

const EVERY_MS = 60_000;
const MANY_SECRETS = 10_000;

/** Notes that secrets were used: written after the answer, at most once a minute for each. */
export const createLastUsed = ({ now, defer, write }: LastUsedDeps) => {
  const touchedAt = new Map<string, number>();
  return (accountId: string, ids: readonly string[]): void => {
    const at = now();
    const due = ids.filter((id) => (touchedAt.get(id) ?? -Infinity) <= at - EVERY_MS);
    if (due.length === 0) return;
    // Once in so many secrets everything is forgotten, and a few are written again.
    if (touchedAt.size + due.length > MANY_SECRETS) touchedAt.clear();
    for (const id of due) touchedAt.set(id, at);
    defer(write(accountId, due, at, EVERY_MS));
  };
};
