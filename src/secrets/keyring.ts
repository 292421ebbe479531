/** One key of `MASTER_KEYS`. */
export interface MasterKey {
  readonly id: string;
  /** 32 of them: AES-256. */
  readonly bytes: Uint8Array<ArrayBuffer>;
}

/** The master keys: the first seals, all open. Its keys cannot be read out again. */
export interface Keyring {
  readonly sealingId: string;
  readonly ids: readonly string[];
  /** `undefined` for an id that is not, or no longer, there. */
  readonly keyOf: (id: string) => Promise<CryptoKey | undefined>;
}

/** `undefined` without a key: then there are no secrets. */
export const createKeyring = (keys: readonly MasterKey[]): Keyring | undefined => {
  const [first] = keys;
  if (first === undefined) return undefined;
  const known = new Map(keys.map(({ id, bytes }) => [id, bytes]));
  const imported = new Map<string, CryptoKey>();
  return {
    sealingId: first.id,
    ids: [...known.keys()],
    keyOf: async (id) => {
      const bytes = known.get(id);
      if (bytes === undefined) return undefined;
      // The key is kept, not its promise: another request's promise may never settle.
      const key =
        imported.get(id) ??
        (await crypto.subtle.importKey("raw", bytes, "AES-GCM", false, ["encrypt", "decrypt"]));
      imported.set(id, key);
      return key;
    },
  };
};
