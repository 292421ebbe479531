import { DurableObject } from "cloudflare:workers";
import type {
  KvAddition,
  KvCondition,
  KvCount,
  KvEntry,
  KvPage,
  KvQuery,
  KvRefusal,
  KvSet,
  KvWrite,
} from "../runtime/index.ts";
import { incrementEntry, removeEntry, setEntry } from "./state/change.ts";
import { isLive, pageOf } from "./state/decide.ts";
import type { StateRemoval, StateRules, StateUsage } from "./state/state-store.ts";
import {
  clearExpired,
  createTables,
  deleteEntries,
  entriesOf,
  hasTables,
  nextExpiry,
  readEntry,
  readTotals,
  writeTotals,
} from "./state/tables.ts";
import { createWatchers } from "./state/watchers.ts";

/** Watches that wait at once; each is a promise and a timer here, and a run that sleeps elsewhere. */
const MOST_WATCHES = 1_000;
/** Entries expire to the reader at once; from the disk they go in lots, at the next of these. */
const CLEARING_MS = 10_000;
const CLEARED_AT_ONCE = 1_000;
/** After this no run is left that knew the responder before it was deleted (65 s, and the longest run). */
const ERASED_MS = 10 * 60_000;
const NOTHING: KvPage = { kind: "page", entries: [], more: false };

/** The key-value store of one responder's script; its name is the responder's id. Each verb is atomic. */
export class ScriptState extends DurableObject {
  readonly #watchers = createWatchers();
  /** What reads alone makes no storage. */
  #ready = hasTables(this.ctx.storage.sql);
  /** As this instance set it last. */
  #alarmAt: number | null = null;

  get(key: string): KvEntry | null {
    const entry = this.#ready ? readEntry(this.ctx.storage.sql, key, true) : null;
    return isLive(entry, Date.now()) ? entry : null;
  }

  list(query: KvQuery): KvPage {
    return this.#ready ? pageOf(entriesOf(this.ctx.storage.sql, query, Date.now()), query.limit) : NOTHING;
  }

  async watch(id: string, query: KvQuery, timeoutMs: number): Promise<KvPage | KvRefusal> {
    const endsAt = Date.now() + timeoutMs;
    for (;;) {
      const page = this.list(query);
      const left = endsAt - Date.now();
      if (page.entries.length > 0 || left <= 0) return page;
      if (this.#watchers.count() >= MOST_WATCHES) return { kind: "busy", most: MOST_WATCHES };
      if (!(await this.#watchers.wait(id, query, left))) return this.list(query);
    }
  }

  unwatch(id: string): void {
    this.#watchers.callOff(id);
  }

  set(write: KvWrite, rules: StateRules): KvSet {
    const set = this.#change((sql, now) => setEntry(sql, write, rules, now));
    if (set.kind === "written") this.#wrote(write.key);
    return set;
  }

  increment(addition: KvAddition, rules: StateRules): KvCount {
    const count = this.#change((sql, now) => incrementEntry(sql, addition, rules, now));
    if (count.kind === "counted") this.#wrote(addition.key);
    return count;
  }

  remove(key: string, condition: KvCondition | null): StateRemoval {
    if (!this.#ready) return "absent";
    return this.#change((sql, now) => removeEntry(sql, key, condition, now));
  }

  usage(): StateUsage {
    if (!this.#ready) return { entries: 0, bytes: 0 };
    const { entries, bytes } = readTotals(this.ctx.storage.sql);
    return { entries, bytes };
  }

  clear(): void {
    if (!this.#ready) return;
    this.#change((sql) => {
      deleteEntries(sql);
      writeTotals(sql, { ...readTotals(sql), entries: 0, bytes: 0 });
    });
  }

  async erase(): Promise<void> {
    await this.ctx.storage.deleteAll();
    this.#ready = false;
    this.#alarmAt = null;
    // Isolates that still have the old route table would begin a store that nobody ever deletes.
    this.#change((sql) => writeTotals(sql, { ...readTotals(sql), erased: true }));
    this.#setAlarm(Date.now() + ERASED_MS);
    this.#watchers.callOffAll();
  }

  override async alarm(): Promise<void> {
    this.#alarmAt = null;
    if (!this.#ready) return;
    const { sql } = this.ctx.storage;
    if (readTotals(sql).erased) {
      await this.ctx.storage.deleteAll();
      this.#ready = false;
      return;
    }
    const cleared = this.#change((_, now) => clearExpired(sql, now, CLEARED_AT_ONCE));
    if (cleared === CLEARED_AT_ONCE) this.#setAlarm(Date.now());
    else this.#expectExpiry();
  }

  #change<T>(work: (sql: SqlStorage, now: number) => T): T {
    const { storage } = this.ctx;
    const done = storage.transactionSync(() => {
      if (!this.#ready) createTables(storage.sql);
      return work(storage.sql, Date.now());
    });
    this.#ready = true;
    return done;
  }

  #wrote(key: string): void {
    this.#expectExpiry();
    this.#watchers.written(key);
  }

  /** There is an alarm after the next entry's end, if any ends. One that rings too early only looks. */
  #expectExpiry(): void {
    const next = nextExpiry(this.ctx.storage.sql);
    if (next !== null) this.#setAlarm(Math.ceil((next + 1) / CLEARING_MS) * CLEARING_MS);
  }

  #setAlarm(at: number): void {
    if (this.#alarmAt !== null && this.#alarmAt <= at) return;
    this.#alarmAt = at;
    // Part of the same write as what came before: the platform coalesces them.
    void this.ctx.storage.setAlarm(at);
  }
}
