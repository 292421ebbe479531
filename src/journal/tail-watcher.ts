import { isRecord, isWhole, parseJson } from "../responders/index.ts";
import type { ExchangeFilter } from "./journal-log.ts";
import { NEVER } from "./store/arrival.ts";
import type { Position } from "./store/follow.ts";
import { NEW_WINDOW, type Window } from "./tail-window.ts";

/** Who watches by a WebSocket, and what: what the Worker, which has checked it, tells the object. */
export interface Watcher {
  readonly keyId: string;
  readonly accountId: string;
  readonly filter: ExchangeFilter;
  /** Resumes after this exchange. */
  readonly after: string | null;
}

/** What a socket carries through the object's sleep. */
export interface WatcherState extends Omit<Watcher, "after"> {
  readonly position: Position;
  readonly window: Window;
  /** When its key was last known to be good. */
  readonly checkedAt: number;
  /** Since when it has not said that it sees anything, although it should. */
  readonly closedSince: number | null;
}

const numberIn = (record: Readonly<Record<string, unknown>>, name: string) => {
  const value = record[name];
  return isWhole(value) ? { [name]: value } : {};
};

const textIn = (record: Readonly<Record<string, unknown>>, name: string) => {
  const value = record[name];
  return typeof value === "string" ? { [name]: value } : {};
};

const readFilter = (value: unknown): ExchangeFilter | undefined =>
  isRecord(value)
    ? {
        ...numberIn(value, "status"),
        ...numberIn(value, "statusClass"),
        ...textIn(value, "method"),
        ...textIn(value, "outcome"),
        ...numberIn(value, "since"),
        ...numberIn(value, "until"),
        ...textIn(value, "q"),
      }
    : undefined;

const readIdentity = (value: Readonly<Record<string, unknown>>): Omit<Watcher, "after"> | undefined => {
  const { keyId, accountId } = value;
  const filter = readFilter(value["filter"]);
  if (typeof keyId !== "string" || typeof accountId !== "string" || filter === undefined) return undefined;
  return { keyId, accountId, filter };
};

export const writeWatcher = (watcher: Watcher): string => JSON.stringify(watcher);

/** `undefined` for what the Worker did not write. */
export const readWatcher = (text: string): Watcher | undefined => {
  const value = parseJson(text);
  const identity = isRecord(value) ? readIdentity(value) : undefined;
  if (!isRecord(value) || identity === undefined) return undefined;
  const { after } = value;
  return after === null || typeof after === "string" ? { ...identity, after } : undefined;
};

export const newWatcherState = (
  { keyId, accountId, filter }: Watcher,
  position: Position,
  now: number,
): WatcherState => ({
  keyId,
  accountId,
  filter,
  position,
  window: NEW_WINDOW,
  checkedAt: now,
  closedSince: null,
});

const readPosition = (value: unknown): Position | undefined => {
  if (!isRecord(value) || !isWhole(value["place"])) return undefined;
  const arrival: unknown = value["arrival"];
  const [time, chance]: readonly unknown[] = Array.isArray(arrival) ? arrival : NEVER;
  return isWhole(time) && isWhole(chance) ? { place: value["place"], arrival: [time, chance] } : undefined;
};

const readWindow = (value: unknown): Window | undefined => {
  if (!isRecord(value)) return undefined;
  const { seq, since, before, mark } = value;
  return isWhole(seq) && isWhole(since) && isWhole(before) && isWhole(mark)
    ? { seq, since, before, mark }
    : undefined;
};

/** `undefined` for what another version attached. */
export const readWatcherState = (value: unknown): WatcherState | undefined => {
  const identity = isRecord(value) ? readIdentity(value) : undefined;
  if (!isRecord(value) || identity === undefined) return undefined;
  const { checkedAt, closedSince } = value;
  const position = readPosition(value["position"]);
  const window = readWindow(value["window"]);
  if (position === undefined || window === undefined || !isWhole(checkedAt)) return undefined;
  return { ...identity, position, window, checkedAt, closedSince: isWhole(closedSince) ? closedSince : null };
};
