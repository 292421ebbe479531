/** What may wait in an isolate to be recorded, in bytes. */
export interface Room {
  readonly has: (accountId: string, bytes: number) => boolean;
  /** Takes so much of it, or gives it back with a negative number. */
  readonly hold: (accountId: string, bytes: number) => void;
  readonly held: () => number;
}

const MOST_BYTES = 32 * 1024 * 1024;
/** What of it one account may have: a journal that hangs must not take all. */
const ACCOUNT_BYTES = 24 * 1024 * 1024;

export const createRoom = (): Room => {
  const accounts = new Map<string, number>();
  let total = 0;
  return {
    has: (accountId, bytes) => {
      const mine = accounts.get(accountId) ?? 0;
      return total + bytes <= MOST_BYTES && (mine === 0 || mine + bytes <= ACCOUNT_BYTES);
    },
    hold: (accountId, bytes) => {
      const mine = (accounts.get(accountId) ?? 0) + bytes;
      total += bytes;
      if (mine === 0) accounts.delete(accountId);
      else accounts.set(accountId, mine);
    },
    held: () => total,
  };
};
