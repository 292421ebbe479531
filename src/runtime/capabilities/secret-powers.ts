type Bytes = Uint8Array<ArrayBuffer>;

/**
 * What the capability `secrets` is handed: the secrets of one run, each named by its place among the run's grants, to be
 * used and never read. Places are those that there are.
 */
export interface SecretPowers {
  readonly count: number;
  /** Takes as long whatever differs, and wherever. */
  readonly equals: (place: number, data: Bytes) => boolean;
  readonly hmac: (place: number, settings: HmacSettings, data: Bytes) => Derived | SecretRefusal;
  /** What signing with it costs, by what kind of key it holds; nothing where it holds none. */
  readonly signingKey: (place: number) => SigningKeyKind | null;
  readonly sign: (
    place: number,
    algorithm: SigningAlgorithm,
    data: Bytes,
  ) => Promise<Derived | SecretRefusal>;
  /** Whether a message was signed with one of them. */
  readonly verify: (places: readonly number[], message: SignedMessage) => Verification | SecretRefusal;
  /** A text that stands for the secret as the password of `user`. */
  readonly basicAuth: (place: number, user: string) => string;
}

export interface Derived {
  readonly kind: "derived";
  readonly bytes: Bytes;
}

/** How a secret's text is made a key: taken as it is, or decoded. `prefix` stands before it. */
export interface HmacSettings {
  readonly hash: "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
  readonly key: "text" | "base64" | "hex" | "whsec";
  readonly prefix: string;
}

export type SigningAlgorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

/** Of RSA: two primes of half of the bits, at most 4,096 of them. */
export type SigningKeyKind = { readonly bits: number } | { readonly curve: "P-256" | "Ed25519" };

export interface SignedMessage {
  /** Fields of any type, by name: unchecked. */
  readonly settings: ReadonlyMap<string, unknown>;
  readonly url: string;
  /** Names in lower case. */
  readonly headers: readonly (readonly [name: string, value: string])[];
  readonly body: Bytes;
}

export type Verification =
  | { readonly kind: "verified"; readonly place: number }
  | { readonly kind: "unverified"; readonly reason: string };

/** `usage`: the script asked for what there is not. `value`: the secret does not hold what it would have to. Tells no part of it. */
export interface SecretRefusal {
  readonly kind: "refused";
  readonly because: "usage" | "value";
  readonly message: string;
}
