import { base64, utf8 } from "../../lib/bytes.ts";
import { AppError } from "../../lib/errors.ts";
import type { Db } from "../../storage/index.ts";
import { type Bound, type EnvelopeDeps, open, seal } from "../envelope.ts";
import { findSigningSecret, putSigningSecret, type SigningRow } from "./store.ts";

export interface SigningDeps extends EnvelopeDeps {
  readonly db: Db;
  readonly now: () => number;
}

/** Whose secret it is. */
export interface Signer {
  readonly accountId: string;
  readonly responderId: string;
}

/** What Hookwright signs a responder's notifications with: made here, and shown to its owner once. */
export interface SigningSecrets {
  /** A new one, as `whsec_…`. The one before it ends at once. `not-found`: the responder is gone. */
  readonly renew: (signer: Signer) => Promise<string>;
  /** The one that there is, made if there is none. `unavailable`: no key of `MASTER_KEYS` opens it. */
  readonly read: (signer: Signer) => Promise<string>;
}

/** Standard Webhooks asks for 24 to 64. */
const SECRET_BYTES = 32;
const TRIES = 5;

/** It never leaves by a placeholder, so that it has neither hosts nor places. */
const boundOf = ({ accountId, responderId }: Signer, version: number): Bound => ({
  accountId,
  id: responderId,
  version,
  hosts: "[]",
  places: "[]",
});

const openRow = async ({ keyring }: SigningDeps, signer: Signer, row: SigningRow): Promise<string> => {
  const text = await open(keyring, { ...row, ...boundOf(signer, row.version) });
  if (text !== undefined) return text;
  throw new AppError(
    "unavailable",
    "The signing secret does not open with any key of MASTER_KEYS. Make a new one.",
  );
};

/** The version after `before`; `undefined` when somebody else has made it meanwhile. */
const make = async (
  deps: SigningDeps,
  signer: Signer,
  before: SigningRow | undefined,
): Promise<string | undefined> => {
  const text = `whsec_${base64(deps.randomBytes(SECRET_BYTES))}`;
  const version = (before?.version ?? 0) + 1;
  const { accountId, responderId } = signer;
  const row: SigningRow = {
    id: responderId,
    accountId,
    version,
    bytes: utf8(text).length,
    ...(await seal(deps, boundOf(signer, version), text)),
    createdAt: deps.now(),
  };
  return (await putSigningSecret(deps.db, row)) ? text : undefined;
};

const gone = (): AppError => new AppError("not-found", "There is no such responder.");

export const createSigning = (deps: SigningDeps): SigningSecrets => ({
  renew: async (signer) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const made = await make(deps, signer, await findSigningSecret(deps.db, signer.responderId));
      if (made !== undefined) return made;
    }
    throw gone();
  },
  read: async (signer) => {
    for (let attempt = 0; attempt < TRIES; attempt += 1) {
      const row = await findSigningSecret(deps.db, signer.responderId);
      if (row !== undefined) return openRow(deps, signer, row);
      const made = await make(deps, signer, undefined);
      if (made !== undefined) return made;
    }
    throw gone();
  },
});
