import { jsonText } from "../lib/json-text.ts";
import { LISTED_BODY_BYTES } from "./browse.ts";
import { shownExchange } from "./shown-exchange.ts";
import { NEVER } from "./store/arrival.ts";
import { findAfter, positionAfter } from "./store/follow.ts";
import { numberOf, type Row } from "./store/tables.ts";
import { newWatcherState, readWatcherState, type Watcher, type WatcherState } from "./tail-watcher.ts";
import { isOpen, withSeen, withSent } from "./tail-window.ts";

/*
 * WebSockets that outlive the object's sleep: each carries who watches, and how far it has got. All of it happens in the
 * object that records, in one piece with the recording, so that nothing is missed and nothing comes twice.
 */

/** Close codes (RFC 6455, section 7.4.1): of who may watch no longer, of what is gone, and of who does not keep up. */
const POLICY = 1008;
const GOING_AWAY = 1001;
const TRY_LATER = 1013;
const INTERNAL = 1011;

const MOST_SOCKETS = 1_000;
const BATCH = 20;
/** How often keys are asked for: together with `UNSURE_MS`, a socket ends within 60 s of its key. */
export const CHECK_SOCKETS_MS = 25_000;
/** So long after the last good answer a key counts as ended, although nobody could say so. */
const UNSURE_MS = 50_000;
/** How long a watcher may leave its window closed. */
const STALLED_MS = 30_000;

const GAP = "The journal no longer has what came before: there may be exchanges missing.";
const SLOW = "Send back the seq of what you have seen, and resume with ?after=";

/** The texts of exchanges, made once for however many watch. */
type Texts = Map<string, string>;

/** Those that are open: one that was closed from here is there until its watcher has closed it too. */
export const watching = (ctx: DurableObjectState): readonly WebSocket[] =>
  ctx.getWebSockets().filter(({ readyState }) => readyState === WebSocket.READY_STATE_OPEN);

const stateOf = (socket: WebSocket): WatcherState | undefined =>
  readWatcherState(socket.deserializeAttachment());

export const endSocket = (socket: WebSocket, code: number, reason: string): void => {
  try {
    socket.close(code, reason);
  } catch {
    // It is closed already.
  }
};

/** The place of the last exchange that was ever recorded, still there or not. */
const lastEver = (sql: SqlStorage): number => {
  const [row]: readonly Row[] = sql
    .exec("SELECT seq FROM sqlite_sequence WHERE name = 'exchanges'")
    .toArray();
  return row === undefined ? 0 : numberOf(row, "seq");
};

/** Something that was recorded after this place is gone: who comes that late has missed it. */
const hasHole = (sql: SqlStorage, place: number): boolean => {
  const row = sql.exec("SELECT count(*) AS number FROM exchanges WHERE place > ?", place).one();
  return lastEver(sql) - place > numberOf(row, "number");
};

/** Sends one message, with its number first of all. */
const send = (socket: WebSocket, state: WatcherState, fields: string): WatcherState => {
  const text = `{"seq":${state.window.seq + 1},${fields}}`;
  socket.send(text);
  return { ...state, window: withSent(state.window, text.length) };
};

const sendGap = (socket: WebSocket, state: WatcherState): WatcherState =>
  send(socket, state, `"event":"gap","detail":${jsonText(GAP)}`);

/** All that is there for this watcher, as far as its window is open. */
const pump = (
  socket: WebSocket,
  begun: WatcherState,
  sql: SqlStorage,
  now: number,
  texts: Texts,
): WatcherState => {
  let state = begun;
  // Who goes on by the time of arrival was told of a gap when it came.
  let isSure = state.position.arrival[0] !== NEVER[0];
  for (;;) {
    if (!isOpen(state.window)) return { ...state, closedSince: state.closedSince ?? now };
    if (!isSure && hasHole(sql, state.position.place)) state = sendGap(socket, state);
    isSure = true;
    const { items, to } = findAfter(sql, state.position, state.filter, BATCH);
    for (const exchange of items) {
      const known = texts.get(exchange.id);
      const text = known ?? jsonText(shownExchange(exchange, LISTED_BODY_BYTES));
      if (known === undefined) texts.set(exchange.id, text);
      state = send(socket, state, `"event":"exchange","id":"${exchange.id}","exchange":${text}`);
    }
    const isDone = items.length === 0 && to.place === state.position.place;
    state = { ...state, position: to };
    if (isDone) {
      return { ...state, position: { place: lastEver(sql), arrival: NEVER }, closedSince: null };
    }
  }
};

/** One watcher that fails is no other's trouble, and least of all the recording's. */
const update = (socket: WebSocket, change: (state: WatcherState) => WatcherState | undefined): void => {
  try {
    const state = stateOf(socket);
    const changed = state && change(state);
    if (changed !== undefined) socket.serializeAttachment(changed);
    else if (state === undefined) endSocket(socket, INTERNAL, "Watch again.");
  } catch {
    endSocket(socket, INTERNAL, "Watch again.");
  }
};

/** After every recording. `sql` has the tables. */
export const broadcast = (ctx: DurableObjectState, now: number): void => {
  const sockets = watching(ctx);
  if (sockets.length === 0) return;
  const texts: Texts = new Map();
  for (const socket of sockets) {
    update(socket, (state) => pump(socket, state, ctx.storage.sql, now, texts));
  }
};

/** The answer to an upgrade. `isReady`: there are tables. */
export const acceptSocket = (
  ctx: DurableObjectState,
  watcher: Watcher,
  now: number,
  isReady: boolean,
): Response => {
  if (watching(ctx).length >= MOST_SOCKETS) return new Response(null, { status: 429 });
  const { sql } = ctx.storage;
  const { 0: client, 1: server } = new WebSocketPair();
  ctx.acceptWebSocket(server);
  // Answered while the object sleeps: a watcher may see by it that the connection is alive.
  ctx.setWebSocketAutoResponse(new WebSocketRequestResponsePair("ping", "pong"));
  const { after } = watcher;
  const resumed = isReady && after !== null ? positionAfter(sql, after) : undefined;
  const from = resumed?.from ?? { place: isReady && after === null ? lastEver(sql) : 0, arrival: NEVER };
  let state = newWatcherState(watcher, from, now);
  if (resumed?.gap ?? after !== null) state = sendGap(server, state);
  server.serializeAttachment(isReady ? pump(server, state, sql, now, new Map()) : state);
  return new Response(null, { status: 101, webSocket: client });
};

/** A watcher says up to which message it has seen all: a number, as text. Anything else is none of ours. */
export const heedMessage = (
  ctx: DurableObjectState,
  socket: WebSocket,
  message: string | ArrayBuffer,
  now: number,
): void => {
  if (typeof message !== "string" || !/^\d{1,15}$/.test(message)) return;
  update(socket, (state) => {
    const seen = { ...state, window: withSeen(state.window, Number(message)) };
    if (state.closedSince === null || !isOpen(seen.window)) return seen;
    return pump(socket, { ...seen, closedSince: null }, ctx.storage.sql, now, new Map());
  });
};

/** Ends what must not go on, and lets the others know that they are alive. `refusal` is why a key may watch no longer. */
export const checkSockets = async (
  ctx: DurableObjectState,
  refusal: (keyId: string, accountId: string) => Promise<string | undefined>,
  now: number,
): Promise<void> => {
  const answers = new Map<string, Promise<string | undefined>>();
  for (const socket of watching(ctx)) {
    const watcher = stateOf(socket);
    if (watcher === undefined) continue;
    const { keyId, accountId } = watcher;
    const asked = answers.get(keyId) ?? refusal(keyId, accountId);
    answers.set(keyId, asked);
    const reason = await asked.catch(() =>
      now > watcher.checkedAt + UNSURE_MS ? "The key cannot be checked now." : null,
    );
    update(socket, (state) => {
      const { closedSince } = state;
      const isStalled = closedSince !== null && now > closedSince + STALLED_MS;
      if (typeof reason === "string") endSocket(socket, POLICY, reason);
      else if (isStalled) endSocket(socket, TRY_LATER, SLOW);
      else {
        const checked = reason === null ? state : { ...state, checkedAt: now };
        return send(socket, checked, `"event":"ping","at":"${new Date(now).toISOString()}"`);
      }
      return state;
    });
  }
};

export const endSockets = (ctx: DurableObjectState, reason: string): void => {
  for (const socket of watching(ctx)) endSocket(socket, GOING_AWAY, reason);
};
