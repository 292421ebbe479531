/**
 * A key-value store of the responder's own. Every call is one atomic operation, and a read sees every write before it, by
 * whichever hit. `await` each: the errors of a call that nobody awaits are lost.
 *
 * A key has 1 to 256 bytes in UTF-8, and is not `.` or `..`. A value has 1 MiB at most, JSON as its text. A responder has
 * 100,000 entries and 1 GiB at most, a run 200 calls. Times are milliseconds since the epoch.
 *
 * What goes wrong can be caught: `TypeError` and `RangeError` for what was given, `QuotaExceededError` for a limit,
 * `StateUnavailable` when the store cannot be reached: trying again is worth it, and a write may have been done.
 */
interface Kv {
  /** The value, as what it was set: JSON, or bytes as a `Uint8Array`. `undefined` without an entry. */
  get<Value = unknown>(key: string): Promise<Value | undefined>;
  /** The value with its version and times; `undefined` without an entry. */
  getEntry<Value = unknown>(key: string): Promise<KvEntry<Value> | undefined>;
  /**
   * Writes any JSON, or bytes. With `ifAbsent` or `ifVersion` only if that still holds: `written` says so.
   *
   * @throws TypeError for what JSON would change: `undefined`, `NaN`, a BigInt, a function, a `Date`, a `Map`, an instance
   * of a class, bytes inside JSON, more than 64 levels.
   */
  set<Value>(key: string, value: Value & KvStorable<Value>, options?: KvSetOptions): Promise<KvWritten>;
  /** Whether there was such an entry to delete. */
  delete(key: string, options?: KvDeleteOptions): Promise<boolean>;
  /**
   * Adds `by`, 1 unless given, to a number, or to 0 where there is none, and gives the sum.
   *
   * @throws TypeError when the entry is no number. RangeError when a number cannot hold the sum exactly.
   */
  increment(key: string, by?: number, options?: KvIncrementOptions): Promise<number>;
  /** Entries in the order of their keys, which is that of their UTF-8. A page ends early rather than give more than 1 MiB of values. */
  list<Value = unknown>(query?: KvListQuery): Promise<KvPage<Value>>;
  /**
   * Answers at once when there are such entries (the first 100), else as soon as one is written: by another hit, by this
   * run or through the API. Waiting costs no CPU.
   */
  watch<Value = unknown>(query: KvWatchQuery): Promise<KvWatched<Value>>;
}

/**
 * What can be stored of a type: JSON, and bytes by themselves. What could not be is `never`. An object's property that is
 * `undefined` is left out.
 */
type KvStorable<Value> = unknown extends Value
  ? unknown
  : Value extends string | number | boolean | null | ArrayBuffer | ArrayBufferView
    ? Value
    : Value extends bigint | symbol | undefined | KvUnstorable
      ? never
      : Value extends object
        ? {
            [Key in keyof Value]: Value[Key] extends ArrayBuffer | ArrayBufferView
              ? never
              : KvMember<Value[Key]>;
          }
        : never;
type KvMember<Value> = Value extends undefined ? Value : KvStorable<Value>;
type KvUnstorable =
  | ((...given: never) => unknown)
  | Date
  | RegExp
  | Error
  | PromiseLike<unknown>
  | ReadonlyMap<unknown, unknown>
  | ReadonlySet<unknown>;

interface KvSetOptions {
  /** How long the entry lives, up to 30 days. Without it, for ever. */
  readonly ttlSeconds?: number | undefined;
  /** Writes only where there is no entry. */
  readonly ifAbsent?: boolean | undefined;
  /** Writes only over this version. */
  readonly ifVersion?: number | undefined;
}
interface KvDeleteOptions {
  /** Deletes only this version. */
  readonly ifVersion?: number | undefined;
}
interface KvIncrementOptions {
  /** Counts when the entry is made: one that is there keeps its end. Up to 30 days. */
  readonly ttlSeconds?: number | undefined;
}
interface KvListQuery {
  /** Only keys that begin so. */
  readonly prefix?: string | undefined;
  /** Only keys after this one: the `cursor` of the page before. */
  readonly after?: string | undefined;
  /** 100 unless given, at most 1,000. */
  readonly limit?: number | undefined;
}
interface KvWatchQuery {
  /** Only keys that begin so; `""` is every key. */
  readonly prefix: string;
  /** Only keys after this one. */
  readonly after?: string | undefined;
  /** At most 25,000, which it is unless given, and never so long that the run could not answer any more. */
  readonly timeoutMs?: number | undefined;
}

interface KvWritten {
  readonly written: boolean;
  /** Of the entry that is there now; `null`: there is none. */
  readonly version: number | null;
}
interface KvEntry<Value = unknown> {
  readonly value: Value;
  /** Changes with every write, and is never given twice. */
  readonly version: number;
  /** Stays while an entry is written over. */
  readonly createdAt: number;
  /** `null`: never. */
  readonly expiresAt: number | null;
}
interface KvListed<Value = unknown> extends KvEntry<Value> {
  readonly key: string;
}
interface KvPage<Value = unknown> {
  readonly entries: readonly KvListed<Value>[];
  /** What to give as `after` for more; `null`: that was all. */
  readonly cursor: string | null;
}
interface KvWatched<Value = unknown> {
  readonly entries: readonly KvListed<Value>[];
  /** Whether nothing came in time; then there are no entries. */
  readonly timedOut: boolean;
}
