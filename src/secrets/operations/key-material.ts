type Bytes = Uint8Array<ArrayBuffer>;

/** n, e, d, p, q, dp, dq, qi (RFC 8017, A.1.2), unsigned. */
export type RsaNumbers = readonly [Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes, Bytes];

/** A private key, whatever it was written in. Public halves are left out: the platform works them out. */
export type KeyMaterial =
  | { readonly kind: "rsa"; readonly numbers: RsaNumbers }
  | { readonly kind: "p-256"; readonly scalar: Bytes }
  | { readonly kind: "ed25519"; readonly seed: Bytes };

/** Why a text is no private key that can be used here; goes on after "The secret NAME". */
export interface KeyFault {
  readonly kind: "fault";
  readonly fault: string;
}

export const keyFault = (fault: string): KeyFault => ({ kind: "fault", fault });

export const NO_KEY = keyFault(
  "holds no PEM or JWK private key: sign and jwt need one (PKCS #8, PKCS #1 or SEC 1 in PEM, or a private JWK).",
);
export const UNREADABLE = keyFault("holds a private key that cannot be read: is all of it there?");

const BYTES = 32;

/** Of P-256 and Ed25519 alike; shorter ones are those whose zeros ahead were left out. */
export const scalarOf = (number: Bytes | undefined): Bytes | undefined => {
  if (number === undefined || number.length === 0) return undefined;
  const from = number.length - BYTES;
  if (from > 0 && number.subarray(0, from).some((byte) => byte !== 0)) return undefined;
  const scalar = new Uint8Array(BYTES);
  scalar.set(number.subarray(Math.max(0, from)), Math.max(0, -from));
  return scalar;
};

export const rsaOf = (numbers: readonly (Bytes | undefined)[]): KeyMaterial | undefined => {
  const [n, e, d, p, q, dp, dq, qi] = numbers;
  if (!n || !e || !d || !p || !q || !dp || !dq || !qi) return undefined;
  return { kind: "rsa", numbers: [n, e, d, p, q, dp, dq, qi] };
};
