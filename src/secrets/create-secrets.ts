import type { Operator, PageRequest, Principal } from "../accounts/index.ts";
import type { IfMatch } from "../lib/etag.ts";
import type { Db } from "../storage/index.ts";
import { createKeyring, type Keyring, type MasterKey } from "./keyring.ts";
import type { SecretInput, SecretPatch } from "./manage/check.ts";
import type { HostRules } from "./manage/check-hosts.ts";
import { createSecret } from "./manage/create.ts";
import { deleteSecret } from "./manage/delete.ts";
import type { ManageDeps, UseQuestions } from "./manage/deps.ts";
import { listSecrets, readSecret } from "./manage/read.ts";
import type { SavedSecret, Secret } from "./manage/secret.ts";
import { updateSecret } from "./manage/update.ts";
import { createLastUsed } from "./resolving/last-used.ts";
import { loadGranted } from "./resolving/load.ts";
import { createResolver, type Resolver } from "./resolving/resolve.ts";
import { rotate, type Rotation } from "./rotation/rotate.ts";
import { createSigning, type SigningSecrets } from "./signing/signing.ts";
import { eraseSigningSecrets, findSigningSecret, removeSigningSecret } from "./signing/store.ts";
import { countSecrets, eraseSecrets, listHeads, type SecretHead, touchSecrets } from "./store.ts";

export interface SecretsDeps extends UseQuestions {
  readonly db: Db;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Lets work go on after the answer (`waitUntil`). */
  readonly defer: (work: Promise<unknown>) => void;
  /** That many random bytes. */
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
  /** The first seals, all open. */
  readonly masterKeys: readonly MasterKey[];
  readonly hostRules: HostRules;
  /** For the operator: what went on in spite of a failure. */
  readonly warn: (what: string, fields: Readonly<Record<string, unknown>>) => void;
}

/** What the API may do: all that needs a master key. */
export interface SecretsManagement {
  readonly create: (principal: Principal, input: SecretInput) => Promise<SavedSecret>;
  /** Newest first, and up to one item more than asked for, which tells that there is another page. */
  readonly list: (principal: Principal, page: PageRequest) => Promise<readonly Secret[]>;
  readonly read: (principal: Principal, id: string) => Promise<Secret>;
  readonly update: (
    principal: Principal,
    id: string,
    patch: SecretPatch,
    ifMatch: IfMatch,
  ) => Promise<SavedSecret>;
  readonly delete: (principal: Principal, id: string, ifMatch: IfMatch) => Promise<void>;
  /** Goes on with bringing every secret under the first master key, up to 500 of them. */
  readonly rotate: (operator: Operator) => Promise<Rotation>;
}

export interface Secrets {
  /** `undefined` without `MASTER_KEYS`. */
  readonly management: SecretsManagement | undefined;
  /** `undefined` without `MASTER_KEYS`. */
  readonly signing: SigningSecrets | undefined;
  /** When the secret that a responder's notifications are signed with was made; `null` without one. */
  readonly signingSince: (responderId: string) => Promise<number | null>;
  /** With its responder. May be called again. */
  readonly dropSigning: (responderId: string) => Promise<void>;
  readonly resolve: Resolver["resolve"];
  /** Notes that a run used them; written after the answer, at most once a minute for each. */
  readonly touch: (accountId: string, ids: readonly string[]) => void;
  /** All of the account's, by name: for grants, which are stored by id and shown by name. */
  readonly namesOf: (accountId: string) => Promise<readonly SecretHead[]>;
  readonly count: (accountId: string) => Promise<number>;
  /** Deletes all of an account's secrets. May be called again. */
  readonly eraseAccount: (accountId: string) => Promise<void>;
  /** For the cron: goes on with a rotation when there is one; returns how many were wrapped anew. */
  readonly continueRotation: () => Promise<number>;
}

const createManagement = (deps: ManageDeps): SecretsManagement => ({
  create: (principal, input) => createSecret(deps, principal, input),
  list: (principal, page) => listSecrets(deps, principal, page),
  read: (principal, id) => readSecret(deps, principal, id),
  update: (principal, id, patch, ifMatch) => updateSecret(deps, principal, id, patch, ifMatch),
  delete: (principal, id, ifMatch) => deleteSecret(deps, principal, id, ifMatch),
  rotate: (_operator) => rotate(deps),
});

/** With one key alone there is nothing to bring under another. */
const isRotating = (keyring: Keyring): boolean => keyring.ids.length > 1;

export const createSecrets = (deps: SecretsDeps): Secrets => {
  const { db, now, sleep, defer, warn } = deps;
  const keyring = createKeyring(deps.masterKeys);
  const { resolve, forget } = createResolver({
    now,
    sleep,
    defer,
    warn,
    load: (accountId, grant) => loadGranted({ db, keyring }, accountId, grant),
  });
  return {
    management: keyring && createManagement({ ...deps, keyring, forget }),
    signing: keyring && createSigning({ ...deps, keyring }),
    signingSince: async (responderId) => (await findSigningSecret(db, responderId))?.createdAt ?? null,
    dropSigning: (responderId) => removeSigningSecret(db, responderId),
    resolve,
    touch: createLastUsed({
      now,
      defer,
      write: (accountId, ids, at, everyMs) => touchSecrets(db, accountId, ids, at, everyMs),
    }),
    namesOf: (accountId) => listHeads(db, accountId),
    count: (accountId) => countSecrets(db, accountId),
    eraseAccount: async (accountId) => {
      await eraseSecrets(db, accountId).finally(() => forget(accountId));
      await eraseSigningSecrets(db, accountId);
    },
    continueRotation: async () =>
      keyring !== undefined && isRotating(keyring) ? (await rotate({ ...deps, keyring })).rewrapped : 0,
  };
};
