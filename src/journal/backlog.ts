import type { Entry } from "./journal-log.ts";
import { within } from "./patience.ts";
import { createRoom } from "./room.ts";
import { SEND_MS, type SendDeps, sendEntries } from "./send.ts";

export interface BacklogDeps extends SendDeps {
  readonly now: () => number;
}

/** An entry on its way, with what it takes of the isolate's memory. */
export interface Parcel {
  readonly responderId: string;
  readonly accountId: string;
  readonly bytes: number;
  /** Asked for only when there is room. */
  readonly entry: () => Omit<Entry, "lost">;
}

export interface Backlogs {
  /** Settles when the entry is recorded, or lost and counted as such. Never rejects. */
  readonly push: (parcel: Parcel) => Promise<void>;
  readonly bytes: () => number;
}

/** What one call brings at most, unless one entry alone is more. */
const CALL_BYTES = 4 * 1024 * 1024;
const CALL_ENTRIES = 100;
/** Before the first call: the answer gets on its way, and others come to wait. */
const GATHER_MS = 1;
/** How long one request sends what others left; then one of those does. */
const LEAD_MS = 4_000;
/** How often a guard looks whether whoever sends is still there. */
const LOOK_EVERY_MS = 1_000;
/** The first so many of those on their way, and of those that wait: a timer for each of thousands would be too many. */
const GUARDS = 16;
/** After this whoever pushed it is gone as well. */
const FORGOTTEN_MS = 60_000;
const MANY_BACKLOGS = 1_000;

interface Item {
  readonly accountId: string;
  readonly bytes: number;
  readonly since: number;
  readonly entry: Omit<Entry, "lost">;
  isDone: boolean;
  wake: () => void;
}

interface Flight {
  readonly items: readonly Item[];
  /** Past it, the request that sends is gone. */
  readonly until: number;
}

/** Of one responder. One call at a time: what comes meanwhile goes with the next, in the order in which it came. */
interface Backlog {
  readonly responderId: string;
  waiting: Item[];
  flight: Flight | undefined;
  lost: number;
}

const guardsOf = ({ waiting, flight }: Backlog): readonly Item[] => [
  ...waiting.slice(0, GUARDS),
  ...(flight?.items.slice(0, GUARDS) ?? []),
];

/** Until somebody wakes the item. A guard wakes by itself: whoever was to wake it may be gone. */
const pause = async (backlog: Backlog, item: Item): Promise<void> => {
  const woken = new Promise<void>((resolve) => {
    item.wake = resolve;
  });
  await (guardsOf(backlog).includes(item) ? within(woken, LOOK_EVERY_MS) : woken);
};

/** Takes the first so many that go in one call. */
const takeLoad = (waiting: Item[]): readonly Item[] => {
  let bytes = 0;
  const end = waiting.findIndex((item, index) => {
    bytes += item.bytes;
    return index > 0 && (bytes > CALL_BYTES || index >= CALL_ENTRIES);
  });
  return waiting.splice(0, end < 0 ? waiting.length : end);
};

/**
 * What waits in this isolate to be recorded. Every request works off what it finds, and waits for whoever is at it: a
 * request that dies takes nothing with it but time, because another sends its entries again, and the object counts none twice.
 */
export const createBacklogs = (deps: BacklogDeps): Backlogs => {
  const backlogs = new Map<string, Backlog>();
  const room = createRoom();

  const finish = (items: readonly Item[]): void => {
    for (const item of items) {
      if (item.isDone) continue;
      item.isDone = true;
      room.hold(item.accountId, -item.bytes);
      item.wake();
    }
  };
  const backlogOf = (responderId: string): Backlog => {
    const known = backlogs.get(responderId);
    if (known !== undefined) return known;
    for (const [id, { waiting, flight }] of backlogs) {
      if (backlogs.size < MANY_BACKLOGS) break;
      if (waiting.length === 0 && flight === undefined) backlogs.delete(id);
    }
    const fresh: Backlog = { responderId, waiting: [], flight: undefined, lost: 0 };
    backlogs.set(responderId, fresh);
    return fresh;
  };

  /** Gives up what nobody works at any more. */
  const reap = (now: number): void => {
    for (const backlog of backlogs.values()) {
      const { flight } = backlog;
      const stuck = flight !== undefined && now > flight.until ? flight.items : [];
      const forgotten = backlog.waiting.filter(({ since }) => now > since + FORGOTTEN_MS);
      if (stuck.length > 0) backlog.flight = undefined;
      if (forgotten.length > 0) backlog.waiting = backlog.waiting.filter((item) => !forgotten.includes(item));
      backlog.lost += stuck.length + forgotten.length;
      finish([...stuck, ...forgotten]);
    }
  };

  /** One call after the other until nothing waits, or it is another's turn. */
  const lead = async (backlog: Backlog): Promise<void> => {
    const endsAt = deps.now() + LEAD_MS;
    // Of a request that died. It may have been recorded all the same: the object knows.
    backlog.waiting.unshift(...(backlog.flight?.items ?? []).filter(({ isDone }) => !isDone));
    const gathering: Flight = { items: [], until: endsAt };
    backlog.flight = gathering;
    await deps.sleep(GATHER_MS).catch(() => undefined);
    if (backlog.flight !== gathering) return;
    backlog.flight = undefined;
    while (backlog.waiting.length > 0 && deps.now() < endsAt) {
      const items = takeLoad(backlog.waiting);
      const flight = { items, until: deps.now() + SEND_MS };
      const { lost } = backlog;
      backlog.flight = flight;
      backlog.lost = 0;
      for (const guard of guardsOf(backlog)) guard.wake();
      const entries = items.map(({ entry }, index) => ({ ...entry, lost: index === 0 ? lost : 0 }));
      const isSent = await sendEntries(deps, backlog.responderId, entries);
      if (!isSent) backlog.lost += lost;
      if (backlog.flight !== flight) return;
      backlog.flight = undefined;
      if (!isSent) backlog.lost += items.length;
      finish(items);
    }
    const [next] = backlog.waiting;
    if (next !== undefined) next.wake();
    else if (backlog.lost === 0) backlogs.delete(backlog.responderId);
  };

  return {
    push: async (parcel) => {
      const now = deps.now();
      const { accountId, bytes } = parcel;
      if (!room.has(accountId, bytes)) reap(now);
      const backlog = backlogOf(parcel.responderId);
      if (!room.has(accountId, bytes)) {
        backlog.lost += 1;
        return;
      }
      const item: Item = {
        accountId,
        bytes,
        since: now,
        entry: parcel.entry(),
        isDone: false,
        wake: () => undefined,
      };
      room.hold(accountId, bytes);
      backlog.waiting.push(item);
      while (!item.isDone) {
        const { flight } = backlog;
        if (flight === undefined || deps.now() > flight.until) await lead(backlog);
        else await pause(backlog, item);
      }
    },
    bytes: room.held,
  };
};
