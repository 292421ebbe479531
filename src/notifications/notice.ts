import type { Occasion, Target } from "./settings.ts";

/** What came since the notice before: made once, and told to every target. */
export interface Notice {
  /** `ntc_…`; the same however often it is sent. */
  readonly id: string;
  readonly madeAt: number;
  readonly on: Occasion;
  /** Of the hits that it is about. */
  readonly count: number;
  /** How many of them failed. */
  readonly failures: number;
  /** When the first and the last of them arrived. */
  readonly firstAt: number;
  readonly lastAt: number;
  /** The last few of them that the journal has kept, by id. */
  readonly exchanges: readonly string[];
  /** Of the hit that came through the fewest hooks: what is sent goes on counting from there. */
  readonly hops: number;
}

/** Whose notice it is, as things are now. */
export interface Subscription {
  readonly accountId: string;
  readonly responder: { readonly id: string; readonly name: string };
}

export interface Attempt {
  readonly at: number;
  /** What a webhook answered, never its answer; `null` without one. */
  readonly status: number | null;
  /** Why it was not delivered, as a class: `connect`, `timeout`, `refused.address`, `status`, …; `null` when it was. */
  readonly error: string | null;
  readonly durationMs: number;
}

export const DELIVERY_STATES = ["pending", "delivered", "failed", "withdrawn"] as const;
/** `withdrawn`: the target was taken out of the definition before it was reached. */
export type DeliveryState = (typeof DELIVERY_STATES)[number];

/** One notice on its way to one target. */
export interface Delivery {
  readonly to: Target;
  readonly state: DeliveryState;
  /** `null`: it is not tried any more. */
  readonly nextTryAt: number | null;
  readonly attempts: readonly Attempt[];
}

export type NoticeSent = Notice & { readonly deliveries: readonly Delivery[] };
