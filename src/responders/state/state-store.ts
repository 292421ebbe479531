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
} from "../../runtime/index.ts";

/** What a store may hold at most: keys and values count. */
export interface StateRules {
  readonly entries: number;
  readonly bytes: number;
}

export interface StateUsage {
  readonly entries: number;
  readonly bytes: number;
}

/** What came of a delete: `unmet` when the condition did not hold. */
export type StateRemoval = "deleted" | "absent" | "unmet";

/** One responder's state: a Durable Object, seen from outside. Every verb may reject when the object is not to be had. */
export interface StateStore {
  readonly get: (key: string) => Promise<KvEntry | null>;
  readonly list: (query: KvQuery) => Promise<KvPage>;
  /**
   * The entries of `query` as soon as there are any; none after `timeoutMs`, or when `unwatch` names the same `id`.
   * `busy` when too many wait already.
   */
  readonly watch: (id: string, query: KvQuery, timeoutMs: number) => Promise<KvPage | KvRefusal>;
  readonly unwatch: (id: string) => Promise<void>;
  readonly set: (write: KvWrite, rules: StateRules) => Promise<KvSet>;
  readonly increment: (addition: KvAddition, rules: StateRules) => Promise<KvCount>;
  readonly remove: (key: string, condition: KvCondition | null) => Promise<StateRemoval>;
  /** Of what has not expired, or is not yet cleared away. */
  readonly usage: () => Promise<StateUsage>;
  /** Every entry. */
  readonly clear: () => Promise<void>;
  /** The responder is gone: nothing is kept, and nothing is taken any more. */
  readonly erase: () => Promise<void>;
}
