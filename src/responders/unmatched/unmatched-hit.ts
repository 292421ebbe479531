/** Why a route did not take a hit, the first of these that holds. */
export type NearReason = "method" | "disabled" | "label" | "trailing-slash" | "case" | "segment" | "length";

/** A route that a hit may have meant. */
export interface NearRoute {
  readonly responderId: string;
  readonly name: string;
  readonly label: string | null;
  readonly methods: readonly string[];
  readonly path: string;
  readonly reason: NearReason;
  /** The reason as a sentence. */
  readonly detail: string;
}

/** A hit that no route took. Nothing of its query, headers or body is kept. */
export interface UnmatchedHit {
  /** `exc_…`, as the sender got it in `x-request-id`. */
  readonly id: string;
  readonly at: number;
  readonly method: string;
  readonly label: string | null;
  /** Raw, below the handle, cut at `KEPT_PATH_UNITS`. */
  readonly path: string;
  readonly status: 404 | 405;
  readonly nearest: readonly NearRoute[];
  /** How many hits before this one were counted but not kept, because more came in a second than are kept. */
  readonly skipped: number;
}

export const KEPT_PATH_UNITS = 2_048;
export const KEPT_HITS = 50;

/** One account's unmatched hits: a Durable Object, seen from outside. */
export interface UnmatchedLog {
  /** Oldest first. */
  readonly record: (hits: readonly UnmatchedHit[]) => Promise<void>;
  /** Newest first. */
  readonly list: () => Promise<readonly UnmatchedHit[]>;
  readonly erase: () => Promise<void>;
}
