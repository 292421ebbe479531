import type { Db } from "../../storage/index.ts";
import type { Principal } from "../principal.ts";
import { hashSecret, SECRET_PATTERN } from "./secret.ts";
import { findByHash, touchKey } from "./store.ts";

const TOUCH_EVERY_MS = 60_000;

export interface AuthenticateDeps {
  readonly db: Db;
  readonly now: () => number;
  /** Goes on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
}

/** Who holds this key; `undefined` for one that is unknown, deleted, expired, or of a deleted account. */
export const authenticate = async (
  deps: AuthenticateDeps,
  secret: string,
): Promise<Principal | undefined> => {
  // Anything else cannot be a key, and costs no query.
  if (!SECRET_PATTERN.test(secret)) return undefined;
  const found = await findByHash(deps.db, await hashSecret(secret));
  if (found === undefined) return undefined;
  const { key, account } = found;
  const now = deps.now();
  if (key.expiresAt !== null && key.expiresAt <= now) return undefined;
  if (key.lastUsedAt === null || key.lastUsedAt < now - TOUCH_EVERY_MS) {
    deps.defer(touchKey(deps.db, key.id, now, TOUCH_EVERY_MS));
  }
  return { account, keyId: key.id, scopes: key.scopes };
};
