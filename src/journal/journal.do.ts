import { DurableObject } from "cloudflare:workers";
import { reauthenticate } from "../accounts/index.ts";
import {
  listNotices,
  nextNoticeAt,
  type Notifier,
  type NoticeSent,
  tendNotices,
} from "../notifications/index.ts";
import { createDb } from "../storage/index.ts";
import { logError } from "../telemetry/index.ts";
import type { Exchange } from "./exchange.ts";
import type { Entry, ExchangeFilter, Following, Listing, ListQuery } from "./journal-log.ts";
import { watchRefusal } from "./may-watch.ts";
import type { MetricsView } from "./metrics-view.ts";
import { findAfter, positionAfter, START } from "./store/follow.ts";
import { listExchanges } from "./store/list.ts";
import { NO_METRICS, readMetrics } from "./store/metrics/spans.ts";
import { pinExchange, type Pinning } from "./store/pin.ts";
import { readById } from "./store/read.ts";
import { recordEntries } from "./store/record.ts";
import { type Counts, readCounts, removeExchange } from "./store/retain.ts";
import { createTables, hasTables, readRules, writeRules } from "./store/tables.ts";
import { deleteExchanges } from "./store/write.ts";
import {
  acceptSocket,
  broadcast,
  CHECK_SOCKETS_MS,
  checkSockets,
  endSocket,
  endSockets,
  heedMessage,
  watching,
} from "./tail-sockets.ts";
import { readWatcher } from "./tail-watcher.ts";
import { createWaiters } from "./waiters.ts";

/** After this no hit is left that knew the responder before it was deleted (65 s, and the longest run). */
const ERASED_MS = 10 * 60_000;
/** Ids of entries that were counted, so that a call that is made again counts none twice, kept or not. */
const REMEMBERED_IDS = 2_000;

/** What is shown of notifications. */
const LISTED_NOTICES = 50;
/** When nobody could say whom to tell. */
const ASK_AGAIN_MS = 60_000;

/**
 * The exchanges, figures and notifications of one responder; its name is the responder's id. Each verb is atomic. What it
 * takes to send is handed in by the Worker's entry: `undefined` when the settings are wrong.
 */
export class JournalObject extends DurableObject<Env> {
  readonly #notifier: () => Notifier | undefined;
  readonly #waiters = createWaiters();
  readonly #counted = new Set<string>();
  /** What reads alone makes no storage. */
  #ready = hasTables(this.ctx.storage.sql);
  /** `undefined`: to be read from the tables, after a start or a failure. */
  #counts: Counts | undefined;

  constructor(ctx: DurableObjectState, env: Env, notifier: () => Notifier | undefined) {
    super(ctx, env);
    this.#notifier = notifier;
  }

  record(entry: Entry): Promise<void> {
    return this.recordAll([entry]);
  }

  /** In this order. One that cannot be stored is counted as lost, and does not keep the others. */
  async recordAll(entries: readonly Entry[]): Promise<void> {
    if (this.#ready && readRules(this.ctx.storage.sql).erased) return;
    const fresh = entries.filter(({ exchange }) => !this.#counted.has(exchange.id));
    try {
      this.#recordNow(fresh);
    } catch {
      for (const entry of fresh) {
        try {
          this.#recordNow([entry]);
        } catch (error) {
          logError(entry.exchange.id, error);
          this.#recordNow([{ ...entry, kept: false, lost: entry.lost + 1 }]);
        }
      }
    }
    for (const { exchange } of fresh) this.#counted.add(exchange.id);
    for (const id of this.#counted) {
      if (this.#counted.size <= REMEMBERED_IDS) break;
      this.#counted.delete(id);
    }
    if (fresh.some(({ kept }) => kept)) {
      broadcast(this.ctx, Date.now());
      this.#waiters.wake();
    }
    // With the writes, not at some later time: what is counted is told.
    if (fresh.some(({ notify }) => notify !== null)) await this.#wakeAt(nextNoticeAt(this.ctx.storage.sql));
  }

  list(query: ListQuery): Listing {
    return this.#ready ? listExchanges(this.ctx.storage.sql, query) : { items: [], more: false };
  }

  read(id: string): Exchange | null {
    return this.#ready ? readById(this.ctx.storage.sql, id) : null;
  }

  async follow(
    after: string | undefined,
    filter: ExchangeFilter,
    limit: number,
    waitMs: number,
  ): Promise<Following> {
    const { sql } = this.ctx.storage;
    const endsAt = Date.now() + waitMs;
    const start = this.#ready ? positionAfter(sql, after) : undefined;
    const gap = start?.gap ?? after !== undefined;
    let from = start?.from ?? START;
    for (;;) {
      const found = this.#ready ? findAfter(sql, from, filter, limit) : undefined;
      const left = endsAt - Date.now();
      if (found !== undefined && (found.items.length > 0 || left <= 0)) {
        const { items, seen } = found;
        return { items, gap, ...(seen === undefined ? {} : { seen }) };
      }
      if (left <= 0) return { items: [], gap };
      if (found !== undefined) from = found.to;
      await this.#waiters.wait(left);
    }
  }

  /** `full`: too much is pinned already. */
  pin(id: string, pinned: boolean): Pinning {
    if (!this.#ready) return "unknown";
    return this.#change((sql) => {
      const { maxBytes } = readRules(sql);
      const { pinning, counts } = pinExchange(sql, this.#counts ?? readCounts(sql), maxBytes, id, pinned);
      this.#counts = counts;
      return pinning;
    });
  }

  remove(id: string): boolean {
    const isGone = this.#ready && this.#change((sql) => removeExchange(sql, id));
    this.#counts = undefined;
    return isGone;
  }

  clear(): void {
    if (this.#ready) this.#change((sql) => deleteExchanges(sql));
    this.#counts = undefined;
  }

  metrics(): MetricsView {
    return this.#ready ? readMetrics(this.ctx.storage.sql, Date.now()) : NO_METRICS;
  }

  notices(): readonly NoticeSent[] {
    return listNotices(this.ctx.storage.sql, LISTED_NOTICES);
  }

  async erase(): Promise<void> {
    endSockets(this.ctx, "The responder is gone.");
    await this.#deleteAll();
    // Isolates that still have the old route table would begin a journal that nobody ever deletes.
    this.#change((sql) => writeRules(sql, { maxBytes: 0, erased: true }));
    await this.ctx.storage.setAlarm(Date.now() + ERASED_MS);
    this.#waiters.wake();
  }

  override async alarm(): Promise<void> {
    if (this.#ready && readRules(this.ctx.storage.sql).erased) return this.#deleteAll();
    const db = createDb(this.env.DB);
    const now = (): number => Date.now();
    const refusal = async (keyId: string, accountId: string): Promise<string | undefined> =>
      watchRefusal(await reauthenticate({ db, now }, keyId), accountId);
    try {
      await checkSockets(this.ctx, refusal, now());
      await this.#watchOver();
    } finally {
      await this.#tendNotices();
    }
  }

  /** An upgrade to a WebSocket, of a watcher whom the Worker has let in. */
  override async fetch(request: Request): Promise<Response> {
    const watcher = readWatcher(new URL(request.url).searchParams.get("watcher") ?? "");
    const isErased = this.#ready && readRules(this.ctx.storage.sql).erased;
    if (watcher === undefined || isErased) return new Response(null, { status: 404 });
    const answer = acceptSocket(this.ctx, watcher, Date.now(), this.#ready);
    await this.#watchOver();
    return answer;
  }

  override webSocketMessage(socket: WebSocket, message: string | ArrayBuffer): void {
    if (this.#ready) heedMessage(this.ctx, socket, message, Date.now());
  }

  override webSocketClose(socket: WebSocket, code: number, reason: string): void {
    endSocket(socket, code, reason);
  }

  /** Sleeping or not: keys end. */
  async #watchOver(): Promise<void> {
    if (watching(this.ctx).length > 0) await this.#wakeAt(Date.now() + CHECK_SOCKETS_MS);
  }

  /** There is one alarm for all that is to be done: the earliest stands. */
  async #wakeAt(time: number | null): Promise<void> {
    const { storage } = this.ctx;
    if (time === null) return;
    const alarm = await storage.getAlarm();
    if (alarm === null || time < alarm) await storage.setAlarm(time);
  }

  async #tendNotices(): Promise<void> {
    const { storage } = this.ctx;
    const next = nextNoticeAt(storage.sql);
    if (next === null || next > Date.now()) return this.#wakeAt(next);
    try {
      const notifier = this.#notifier();
      if (notifier === undefined) throw new Error("The settings are wrong: nothing can be sent.");
      await tendNotices(
        { sql: storage.sql, transact: (work) => storage.transactionSync(work), now: () => Date.now() },
        notifier,
      );
      await this.#wakeAt(nextNoticeAt(storage.sql));
    } catch (error) {
      logError("notifications", error);
      await this.#wakeAt(Date.now() + ASK_AGAIN_MS);
    }
  }

  async #deleteAll(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#ready = false;
    this.#counts = undefined;
  }

  #recordNow(entries: readonly Entry[]): void {
    this.#change((sql, now) => {
      this.#counts = recordEntries(sql, this.#counts ?? readCounts(sql), entries, now);
    });
  }

  #change<T>(work: (sql: SqlStorage, now: number) => T): T {
    const { storage } = this.ctx;
    try {
      const done = storage.transactionSync(() => {
        if (!this.#ready) createTables(storage.sql);
        return work(storage.sql, Date.now());
      });
      this.#ready = true;
      return done;
    } catch (error) {
      this.#counts = undefined;
      throw error;
    }
  }
}
