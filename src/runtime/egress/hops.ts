import { base64url, fromBase64url, utf8 } from "../../lib/bytes.ts";

/** Counts, across requests, how deep hooks call hooks. The header is `COUNT.SIGNATURE`. */
export interface Hops {
  readonly write: (count: number) => Promise<string>;
  /**
   * 0 without a header, and for one that is not signed by us: anybody can send it, and another installation signs with a
   * key of its own. To refuse such a request would keep out who is in no loop at all.
   */
  readonly read: (header: string | null) => Promise<number>;
}

const INFO = utf8("hookwright hops");
const messageOf = (count: number): Uint8Array<ArrayBuffer> => utf8(`hops ${count}`);

const deriveKey = async (secret: Uint8Array<ArrayBuffer>): Promise<CryptoKey> => {
  const material = await crypto.subtle.importKey("raw", secret, "HKDF", false, ["deriveKey"]);
  const derivation = { name: "HKDF", hash: "SHA-256", salt: new Uint8Array(0), info: INFO };
  const key = { name: "HMAC", hash: "SHA-256", length: 256 };
  return crypto.subtle.deriveKey(derivation, material, key, false, ["sign", "verify"]);
};

/** At least one secret: the first signs, all verify, so that a rotation of theirs breaks no chain. */
export const createHops = (secrets: readonly Uint8Array<ArrayBuffer>[]): Hops => {
  let derived: readonly CryptoKey[] | undefined;
  const written = new Map<number, string>();
  // What is kept is never a promise: another request's may never settle.
  const keys = async (): Promise<readonly CryptoKey[]> =>
    (derived ??= await Promise.all(secrets.map(deriveKey)));

  return {
    write: async (count) => {
      const known = written.get(count);
      if (known !== undefined) return known;
      const [key] = await keys();
      if (key === undefined) throw new Error("hops need a secret to sign with");
      const signature = new Uint8Array(await crypto.subtle.sign("HMAC", key, messageOf(count)));
      const header = `${count}.${base64url(signature)}`;
      written.set(count, header);
      return header;
    },
    read: async (header) => {
      const [, digits, text] = /^([1-9]\d{0,2})\.([\w-]{43})$/.exec(header ?? "") ?? [];
      const signature = text === undefined ? undefined : fromBase64url(text);
      if (signature === undefined) return 0;
      const count = Number(digits);
      for (const key of await keys()) {
        if (await crypto.subtle.verify("HMAC", key, signature, messageOf(count))) return count;
      }
      return 0;
    },
  };
};
