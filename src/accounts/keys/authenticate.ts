import type { Db } from "../../storage/index.ts";
import type { Principal } from "../principal.ts";
import { hashSecret, SECRET_PATTERN } from "./secret.ts";
import { findByHash, findById, type KeyAndAccount, touchKey } from "./store.ts";

const TOUCH_EVERY_MS = 60_000;

export interface AuthenticateDeps {
  readonly db: Db;
  readonly now: () => number;
  /** Goes on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
}

const principalOf = (found: KeyAndAccount | undefined, now: number): Principal | undefined => {
  if (found === undefined) return undefined;
  const { key, account } = found;
  if (key.expiresAt !== null && key.expiresAt <= now) return undefined;
  return { account, keyId: key.id, scopes: key.scopes };
};

/** Who came with this key before, as it is now; `undefined` when it is deleted, expired, or of a deleted account. */
export const reauthenticate = async (
  { db, now }: Pick<AuthenticateDeps, "db" | "now">,
  keyId: string,
): Promise<Principal | undefined> => principalOf(await findById(db, keyId), now());

/** Who holds this key; `undefined` for one that is unknown, deleted, expired, or of a deleted account. */
export const authenticate = async (
  deps: AuthenticateDeps,
  secret: string,
): Promise<Principal | undefined> => {
  // Anything else cannot be a key, and costs no query.
  if (!SECRET_PATTERN.test(secret)) return undefined;
  const found = await findByHash(deps.db, await hashSecret(secret));
  const now = deps.now();
  const principal = principalOf(found, now);
  if (found === undefined || principal === undefined) return undefined;
  const { id, lastUsedAt } = found.key;
  if (lastUsedAt === null || lastUsedAt < now - TOUCH_EVERY_MS) {
    deps.defer(touchKey(deps.db, id, now, TOUCH_EVERY_MS));
  }
  return principal;
};
