import { createHash, timingSafeEqual } from "node:crypto";

const digest = (bytes: Uint8Array): Uint8Array => createHash("sha256").update(bytes).digest();

/** For what anybody may know the length of, as of signatures: the time it takes depends on that alone. */
export const isSameSignature = (one: Uint8Array, other: Uint8Array): boolean =>
  one.length === other.length && timingSafeEqual(one, other);

/** Whether two byte strings are one. The time it takes depends on how long they are, and not on where they differ. */
export const isSameSecretly = (one: Uint8Array, other: Uint8Array): boolean =>
  timingSafeEqual(digest(one), digest(other));
