/**
 * What the capability `kv` is handed: a store of one owner, seen from a run. Keys are well-formed text, in the order of
 * their UTF-8 bytes. Times in ms since the epoch. What has expired is not there, for any of the verbs.
 */
export interface KvStore {
  readonly get: (key: string) => Promise<KvEntry | null>;
  readonly set: (write: KvWrite) => Promise<KvSet>;
  /** `false`: there was no such entry, or the condition did not hold. */
  readonly delete: (key: string, condition: KvCondition | null) => Promise<boolean>;
  readonly increment: (addition: KvAddition) => Promise<KvCount>;
  readonly list: (query: KvQuery) => Promise<KvPage>;
  /** The entries of `query` as soon as there are any; none after `timeoutMs`. `signal` aborts when nobody waits any more. */
  readonly watch: (query: KvQuery, timeoutMs: number, signal: AbortSignal) => Promise<KvPage | KvRefusal>;
}

/** JSON's text in UTF-8, unchecked, or bytes. */
export interface KvValue {
  readonly type: "json" | "bytes";
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** An entry without its value, of which it has the size in bytes. A version is never given twice in one store. */
export interface KvHead {
  readonly key: string;
  readonly type: KvValue["type"];
  readonly size: number;
  readonly version: number;
  readonly createdAt: number;
  readonly updatedAt: number;
  readonly expiresAt: number | null;
}

export interface KvEntry extends KvHead {
  /** The value; `null` where it was not asked for. */
  readonly bytes: Uint8Array<ArrayBuffer> | null;
}

/** What must hold of the entry that is there. */
export type KvCondition =
  | { readonly kind: "absent" }
  | { readonly kind: "present" }
  | { readonly kind: "version"; readonly versions: readonly number[] };

export interface KvWrite {
  readonly key: string;
  readonly value: KvValue;
  /** `null`: for ever. */
  readonly ttlMs: number | null;
  readonly condition: KvCondition | null;
}

/** `ttlMs` is for an entry that the addition makes; one that is there keeps its own. */
export interface KvAddition {
  readonly key: string;
  readonly by: number;
  readonly ttlMs: number | null;
}

/** In the order of keys. `after` is exclusive. A page with values ends early, after `PAGE_VALUE_BYTES`. */
export interface KvQuery {
  readonly prefix: string;
  readonly after: string | null;
  readonly limit: number;
  readonly values: boolean;
}

export interface KvPage {
  readonly kind: "page";
  readonly entries: readonly KvEntry[];
  readonly more: boolean;
}

/** Bytes of values in one page; a single value may be larger. */
export const PAGE_VALUE_BYTES = 1024 * 1024;

/** Why the store does not do it, whatever the entry is. */
export type KvRefusal =
  /** The write would be beyond what the store may hold. */
  | { readonly kind: "full"; readonly limit: "entries" | "bytes"; readonly most: number }
  /** A trial's writes are kept in memory, up to so many bytes. */
  | { readonly kind: "trial-full"; readonly most: number }
  /** So many watches wait already. */
  | { readonly kind: "busy"; readonly most: number }
  /** Its owner is deleted. */
  | { readonly kind: "gone" };

export type KvSet =
  | { readonly kind: "written"; readonly head: KvHead }
  /** The condition did not hold: `version` is that of the entry that is there, if any. */
  | { readonly kind: "unmet"; readonly version: number | null }
  | KvRefusal;

export type KvCount =
  | { readonly kind: "counted"; readonly value: number }
  /** `is` says what the value is instead. */
  | { readonly kind: "not-a-number"; readonly is: string }
  /** The sum would not be exact. */
  | { readonly kind: "out-of-range" }
  | KvRefusal;
