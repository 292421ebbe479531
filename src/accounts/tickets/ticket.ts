import { base64url } from "../../lib/bytes.ts";
import type { Db } from "../../storage/index.ts";
import { reauthenticate } from "../keys/authenticate.ts";
import { hashSecret } from "../keys/secret.ts";
import type { Principal } from "../principal.ts";
import { insertTicket, takeTicket } from "./store.ts";

/**
 * What a browser brings in a URL, where no key may stand: WebSocket and EventSource send no headers. It is good once,
 * for one path, for 30 s: in a log, or in the history of whoever looks over a shoulder, it is worth nothing any more.
 */
export interface Ticket {
  readonly ticket: string;
  readonly expiresAt: number;
}

interface TicketDeps {
  readonly db: Db;
  readonly now: () => number;
  readonly randomBytes: (count: number) => Uint8Array;
}

const GOOD_FOR_MS = 30_000;
/** `hwt_` and 32 random bytes. */
const PATTERN = /^hwt_[A-Za-z0-9_-]{43}$/;

export const issueTicket = async (
  { db, now, randomBytes }: TicketDeps,
  principal: Principal,
  path: string,
): Promise<Ticket> => {
  const ticket = `hwt_${base64url(randomBytes(32))}`;
  const issuedAt = now();
  const expiresAt = issuedAt + GOOD_FOR_MS;
  const row = { hash: await hashSecret(ticket), keyId: principal.keyId, path, expiresAt };
  await insertTicket(db, row, issuedAt);
  return { ticket, expiresAt };
};

/** Who was given this ticket for this path; `undefined` the second time, too late, or when the key has ended. */
export const redeemTicket = async (
  { db, now }: Pick<TicketDeps, "db" | "now">,
  ticket: string,
  path: string,
): Promise<Principal | undefined> => {
  // Anything else cannot be a ticket, and costs no query.
  if (!PATTERN.test(ticket)) return undefined;
  const keyId = await takeTicket(db, await hashSecret(ticket), path, now());
  return keyId === undefined ? undefined : reauthenticate({ db, now }, keyId);
};
