/** How long a window is, at least, between two notifications of a responder: in ms, by its name. */
export const EVERY_MS = {
  "5m": 5 * 60_000,
  "15m": 15 * 60_000,
  "1h": 60 * 60_000,
  "6h": 6 * 60 * 60_000,
  "24h": 24 * 60 * 60_000,
} as const;
export type Every = keyof typeof EVERY_MS;

export const isEvery = (value: unknown): value is Every =>
  typeof value === "string" && Object.hasOwn(EVERY_MS, value);

/** Every hit, or those that failed: what the journal's filter `outcome=failed` takes. */
export const OCCASIONS = ["hits", "failures"] as const;
export type Occasion = (typeof OCCASIONS)[number];

export const isOccasion = (value: unknown): value is Occasion => OCCASIONS.some((each) => each === value);

export type Target =
  | { readonly kind: "webhook"; readonly url: string }
  | { readonly kind: "email"; readonly address: string };

/** What is noticed of a responder's hits, how often somebody is told at most, and who. */
export interface Notifications {
  readonly on: Occasion;
  readonly every: Every;
  readonly to: readonly Target[];
}

/** The part of it that goes with every hit to where it is counted. */
export type NoticeRule = Pick<Notifications, "on" | "every">;

/** URL or address: what tells targets of a kind apart. */
export const placeOf = (target: Target): string => (target.kind === "webhook" ? target.url : target.address);

export const targetOf = (kind: Target["kind"], place: string): Target =>
  kind === "webhook" ? { kind, url: place } : { kind, address: place };

export const isSameTarget = (one: Target, other: Target): boolean =>
  one.kind === other.kind && placeOf(one) === placeOf(other);
