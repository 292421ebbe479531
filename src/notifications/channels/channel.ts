import type { Attempt, Notice, Subscription } from "../notice.ts";
import type { Target } from "../settings.ts";

/** How one try ended. */
export type Tried = Pick<Attempt, "status" | "error">;

/** A way to tell somebody. What it rejects with is a fault of ours, and is tried again like any failure. */
export type Channel<Kind extends Target["kind"]> = (
  subscription: Subscription,
  notice: Notice,
  target: Extract<Target, { readonly kind: Kind }>,
) => Promise<Tried>;
