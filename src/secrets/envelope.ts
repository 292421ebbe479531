import { base64url, concat, fromBase64url, tryFromUtf8, utf8 } from "../lib/bytes.ts";
import type { Keyring } from "./keyring.ts";
import type { SecretRow } from "./store.ts";

/**
 * Envelope encryption: each version of a value is sealed by a random key of its own, which a master key wraps. Both by
 * AES-256-GCM with a random IV; a data key seals once, and wraps are far from the 2^32 that random IVs of 96 bits allow
 * one key (NIST SP 800-38D, section 8.3).
 */
export interface EnvelopeDeps {
  readonly keyring: Keyring;
  readonly randomBytes: (count: number) => Uint8Array<ArrayBuffer>;
}

/** Where a secret may be sent, as its columns have it. */
export type TermsText = Pick<SecretRow, "hosts" | "places">;
/** What a version's ciphertext is bound to. */
export type Bound = Pick<SecretRow, "accountId" | "id" | "version"> & TermsText;
export type Sealing = Pick<SecretRow, "sealed" | "wrapped" | "masterKeyId">;
export type Wrapping = Pick<Sealing, "wrapped" | "masterKeyId">;

const KEY_BYTES = 32;
const IV_BYTES = 12;

/** JSON keeps the parts apart, whatever is in them; the first keeps the two layers apart. */
const boundTo = (...parts: readonly (string | number)[]): Uint8Array<ArrayBuffer> =>
  utf8(JSON.stringify(parts));

/** Stops a row, or its value, from being moved to another account, secret or version. */
const valueBinding = ({ accountId, id, version }: Bound) =>
  boundTo("hookwright secret value", accountId, id, version);

/**
 * …and stops whoever can write to the database, and has no master key, from sending a secret elsewhere: the hosts and
 * places are bound as well. A change of them is a new wrap; the value is not touched.
 */
const keyBinding = ({ accountId, id, version, hosts, places }: Bound, masterKeyId: string) =>
  boundTo("hookwright secret key", accountId, id, version, hosts, places, masterKeyId);

const encrypt = async (
  { randomBytes }: Pick<EnvelopeDeps, "randomBytes">,
  key: CryptoKey,
  additionalData: Uint8Array<ArrayBuffer>,
  plain: Uint8Array<ArrayBuffer>,
): Promise<string> => {
  const iv = randomBytes(IV_BYTES);
  const ciphertext = await crypto.subtle.encrypt({ name: "AES-GCM", iv, additionalData }, key, plain);
  return base64url(concat([iv, new Uint8Array(ciphertext)]));
};

/** `undefined` when it does not open, whatever is the reason. */
const decrypt = async (
  key: CryptoKey,
  additionalData: Uint8Array<ArrayBuffer>,
  text: string,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const bytes = fromBase64url(text);
  // Spare bits of the last character, or padding, spell the same bytes: that is a changed row too.
  if (bytes === undefined || base64url(bytes) !== text) return undefined;
  const iv = bytes.subarray(0, IV_BYTES);
  try {
    const ciphertext = bytes.subarray(IV_BYTES);
    return new Uint8Array(
      await crypto.subtle.decrypt({ name: "AES-GCM", iv, additionalData }, key, ciphertext),
    );
  } catch {
    return undefined;
  }
};

const importDataKey = (bytes: Uint8Array<ArrayBuffer>, usage: "encrypt" | "decrypt"): Promise<CryptoKey> =>
  crypto.subtle.importKey("raw", bytes, "AES-GCM", false, [usage]);

const wrap = async (
  deps: EnvelopeDeps,
  bound: Bound,
  dataKey: Uint8Array<ArrayBuffer>,
): Promise<Wrapping> => {
  const masterKeyId = deps.keyring.sealingId;
  const masterKey = await deps.keyring.keyOf(masterKeyId);
  if (masterKey === undefined) throw new Error("The keyring lacks the key that seals.");
  return { wrapped: await encrypt(deps, masterKey, keyBinding(bound, masterKeyId), dataKey), masterKeyId };
};

const unwrap = async (
  keyring: Keyring,
  row: Bound & Wrapping,
): Promise<Uint8Array<ArrayBuffer> | undefined> => {
  const masterKey = await keyring.keyOf(row.masterKeyId);
  return masterKey && (await decrypt(masterKey, keyBinding(row, row.masterKeyId), row.wrapped));
};

/** A version's value, by a data key made for it. */
export const seal = async (deps: EnvelopeDeps, bound: Bound, value: string): Promise<Sealing> => {
  const dataKey = deps.randomBytes(KEY_BYTES);
  const sealingKey = await importDataKey(dataKey, "encrypt");
  const sealed = await encrypt(deps, sealingKey, valueBinding(bound), utf8(value));
  return { sealed, ...(await wrap(deps, bound, dataKey)) };
};

/** The value; `undefined` when anything of the row is not as it was sealed, or its master key is not there. */
export const open = async (
  keyring: Keyring,
  row: Bound & Sealing & Pick<SecretRow, "bytes">,
): Promise<string | undefined> => {
  const dataKey = await unwrap(keyring, row);
  if (dataKey?.length !== KEY_BYTES) return undefined;
  const value = await decrypt(await importDataKey(dataKey, "decrypt"), valueBinding(row), row.sealed);
  return value?.length === row.bytes ? tryFromUtf8(value) : undefined;
};

/** Its data key wrapped anew, by the master key that seals now and for these terms; `undefined` when it does not open. */
export const rewrap = async (
  deps: EnvelopeDeps,
  row: Bound & Wrapping,
  terms: TermsText,
): Promise<Wrapping | undefined> => {
  const dataKey = await unwrap(deps.keyring, row);
  return dataKey && (await wrap(deps, { ...row, ...terms }, dataKey));
};
