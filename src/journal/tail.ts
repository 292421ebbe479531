import type { Principal } from "../accounts/index.ts";
import { AppError } from "../lib/errors.ts";
import type { Exchange } from "./exchange.ts";
import type { ExchangeFilter, Following } from "./journal-log.ts";
import { watchRefusal } from "./may-watch.ts";
import { type Ask, BEGINNING, ownJournal, type OwnJournalDeps } from "./own-journal.ts";
import type { Watcher } from "./tail-watcher.ts";

export interface TailDeps extends OwnJournalDeps {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** A principal from before as it is now; `undefined` when its key has ended. */
  readonly reauthenticate: (keyId: string) => Promise<Principal | undefined>;
}

/** What a watcher is told next. `seen`: the exchange after which it goes on. */
export type TailNews =
  | {
      readonly kind: "exchanges";
      readonly items: readonly Exchange[];
      /** There may be some missing before these. */
      readonly gap: boolean;
      readonly seen: string | undefined;
    }
  /** Nothing happened. */
  | { readonly kind: "quiet"; readonly seen: string | undefined }
  /** The watcher may watch no longer, or there is nothing to watch; `reason` is a sentence. */
  | { readonly kind: "over"; readonly reason: string };

/** A responder's exchanges as they come, one asker at a time. Who asks slowly gets more at once; nothing waits here. */
export interface Tail {
  /** At the latest after 15 s. */
  readonly next: () => Promise<TailNews>;
  /** Why it is over, if it is: asked of the accounts at most every 20 s. */
  readonly overdue: () => Promise<string | undefined>;
}

export interface TailRequest {
  readonly filter: ExchangeFilter;
  /** The last exchange that the watcher has; `undefined`: it wants what comes from now on. */
  readonly after: string | undefined;
}

const QUIET_MS = 15_000;
/** Together with `QUIET_MS` well under the 60 s after which a key that has ended shows nothing any more. */
const CHECK_MS = 20_000;
const MOST_ITEMS = 50;
/** Calls of the object at once and then in a second: under a stream of hits, each brings more instead of there being more. */
const BURST_CALLS = 20;
const CALL_EVERY_MS = 500;
const MOST_FAILURES = 10;
const RETRY_MS = 1_000;

/** Gives way when there are too many calls: the first ones at once, then one every so many ms. */
const createPace = ({ now, sleep }: Pick<TailDeps, "now" | "sleep">) => {
  let credit = now() - BURST_CALLS * CALL_EVERY_MS;
  return async (): Promise<void> => {
    const at = now();
    credit = Math.max(credit, at - BURST_CALLS * CALL_EVERY_MS) + CALL_EVERY_MS;
    if (credit > at) await sleep(credit - at);
  };
};

/** `forbidden`, `not-found`; nobody watches a suspended account. */
export const openTail = async (
  deps: TailDeps,
  principal: Principal,
  responderId: string,
  { filter, after }: TailRequest,
): Promise<Tail> => {
  const { now, sleep, hasResponder, reauthenticate } = deps;
  const { account, keyId } = principal;
  const ask: Ask = await ownJournal(deps, principal, responderId, "journal:read");
  const refusal = watchRefusal(principal, account.id);
  if (refusal !== undefined) throw new AppError("forbidden", refusal);
  const pace = createPace(deps);
  let checkedAt = now();
  let over: string | undefined;
  let seen = after;
  // Who resumes is told at once how it stands.
  let patience = after === undefined ? QUIET_MS : 0;

  const check = async (): Promise<string | undefined> => {
    if (over !== undefined || now() < checkedAt + CHECK_MS) return over;
    checkedAt = now();
    over = watchRefusal(await reauthenticate(keyId), account.id);
    if (over === undefined && !(await hasResponder(account.id, responderId))) over = "The responder is gone.";
    return over;
  };

  /** A journal that is being moved or restarted is there again in a moment. */
  const follow = async (waitMs: number): Promise<Following> => {
    for (let failures = 1; ; failures += 1) {
      await pace();
      try {
        return await ask((log) => log.follow(seen, filter, MOST_ITEMS, waitMs));
      } catch (error) {
        if (!(error instanceof AppError) || failures >= MOST_FAILURES) throw error;
        await sleep(RETRY_MS);
      }
    }
  };

  // Whoever watches from now on: fixed before the answer, so that nothing is missed that comes after it.
  if (seen === undefined) seen = (await ask((log) => log.follow(undefined, filter, 1, 0))).seen ?? BEGINNING;

  return {
    overdue: check,
    next: async () => {
      const reason = await check();
      if (reason !== undefined) return { kind: "over", reason };
      const since = seen;
      const waitMs = Math.max(0, Math.min(patience, checkedAt + CHECK_MS - now()));
      const { items, gap, seen: last } = await follow(waitMs);
      patience = QUIET_MS;
      // What is no longer known is asked for once: then all that is there has been shown.
      seen = last ?? (gap ? BEGINNING : since);
      // Nothing is lost of a journal in which there was nothing.
      const isGap = gap && since !== BEGINNING;
      const shown = seen === BEGINNING ? undefined : seen;
      return items.length > 0 || isGap
        ? { kind: "exchanges", items, gap: isGap, seen: shown }
        : { kind: "quiet", seen: shown };
    },
  };
};

export interface SocketDeps extends OwnJournalDeps {
  /** Hands a watcher to the journal's object; resolves with its answer to the upgrade. */
  readonly openSocket: (responderId: string, watcher: Watcher) => Promise<Response>;
}

/** The same by WebSocket. `forbidden`, `not-found`; `unavailable` when too many watch. */
export const openTailSocket = async (
  deps: SocketDeps,
  principal: Principal,
  responderId: string,
  { filter, after }: TailRequest,
): Promise<Response> => {
  const { account, keyId } = principal;
  await ownJournal(deps, principal, responderId, "journal:read");
  const refusal = watchRefusal(principal, account.id);
  if (refusal !== undefined) throw new AppError("forbidden", refusal);
  const watcher = { keyId, accountId: account.id, filter, after: after ?? null };
  const answer = await deps.openSocket(responderId, watcher);
  if (answer.webSocket) return answer;
  throw new AppError("unavailable", "Too many watch this responder already, or it is being deleted.", {
    retryAfterSeconds: 10,
  });
};
