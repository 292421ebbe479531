import type { Aborting } from "./later.guest.ts";
import type { Bytes } from "./utf8.guest.ts";

/**
 * A body that can be read once, or handed on unread. `input` ones stay on the host until somebody reads them; so do `stream`
 * ones, what other servers answered, which may not have come yet: `signal` is that of their request.
 */
export type Held = HeldHere | HeldStream;
export type HeldHere =
  | { readonly kind: "input"; readonly place: number; used: boolean }
  | { readonly kind: "bytes"; readonly bytes: Bytes; used: boolean }
  | { readonly kind: "text"; readonly text: string; used: boolean };
export interface HeldStream {
  readonly kind: "stream";
  readonly id: number;
  readonly signal: Aborting | undefined;
  used: boolean;
}

export const holdInput = (place: number): Held => ({ kind: "input", place, used: false });
export const holdBytes = (bytes: Bytes): Held => ({ kind: "bytes", bytes, used: false });
export const holdText = (text: string): Held => ({ kind: "text", text, used: false });
export const holdStream = (id: number, signal: Aborting | undefined): Held => ({
  kind: "stream",
  id,
  signal,
  used: false,
});

/** The same body, of which `held` is no reader any more. */
export const moveHeld = (held: Held | null): Held | null => {
  if (held === null) return null;
  if (held.used) throw new TypeError("This body has already been read.");
  const moved = { ...held };
  held.used = true;
  return moved;
};
