import { hold, primordials } from "../../runtime/guest/index.guest.ts";
import type { Held, Pair } from "../../runtime/guest/index.guest.ts";

/**
 * What the host hands to `start`, as JSON: written by `src/scripts/execute.ts`, the only one who does.
 * `url` as the sender used it, `path` below the handle, `rawQuery` without its `?`.
 */
export interface Hit {
  readonly method: string;
  readonly url: string;
  readonly headers: readonly Pair[];
  /** In bytes; `null` is no body. The bytes themselves are input 0 of the run. */
  readonly bodySize: number | null;
  readonly path: string;
  readonly rawQuery: string | null;
  readonly params: Readonly<Record<string, string>>;
  readonly client: { readonly ip: string | null } & Readonly<Record<string, unknown>>;
  readonly responder: { readonly id: string; readonly name: string };
  readonly requestId: string;
  readonly wallMs: number;
}

// The host's own words: this side need not doubt them.
const isHit = (value: unknown): value is Hit => typeof value === "object" && value !== null;

export const readHit = (input: string): Hit => {
  const hit: unknown = primordials.parseJson(input);
  if (!isHit(hit)) throw new TypeError("The run has no input.");
  return hit;
};

/** The sender's body, still on the host. */
export const bodyOfHit = (hit: Hit): Held | null =>
  hit.bodySize === null ? null : hold({ kind: "input", place: 0 });
