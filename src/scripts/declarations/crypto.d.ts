interface Crypto {
  readonly subtle: SubtleCrypto;
  /** Fills a typed array of integers, 65,536 bytes at most. */
  getRandomValues<Integers extends ArrayBufferView>(array: Integers): Integers;
  /** Version 4. */
  randomUUID(): `${string}-${string}-${string}-${string}-${string}`;
}
declare var Crypto: { readonly prototype: Crypto };
declare var crypto: Crypto;

type KeyType = "public" | "private" | "secret";
type KeyUsage =
  | "encrypt"
  | "decrypt"
  | "sign"
  | "verify"
  | "deriveKey"
  | "deriveBits"
  | "wrapKey"
  | "unwrapKey";

interface KeyAlgorithm {
  readonly name: string;
  readonly hash?: { readonly name: string };
  readonly length?: number;
  readonly modulusLength?: number;
  readonly namedCurve?: string;
  readonly publicExponent?: Uint8Array<ArrayBuffer>;
}
interface CryptoKey {
  readonly type: KeyType;
  readonly extractable: boolean;
  readonly algorithm: KeyAlgorithm;
  readonly usages: readonly KeyUsage[];
}
declare var CryptoKey: { readonly prototype: CryptoKey };
interface CryptoKeyPair {
  readonly publicKey: CryptoKey;
  readonly privateKey: CryptoKey;
}
interface JsonWebKey {
  alg?: string;
  crv?: string;
  d?: string;
  dp?: string;
  dq?: string;
  e?: string;
  ext?: boolean;
  k?: string;
  key_ops?: string[];
  kty?: string;
  n?: string;
  p?: string;
  q?: string;
  qi?: string;
  use?: string;
  x?: string;
  y?: string;
}

interface Algorithm {
  readonly name: string;
}
type AlgorithmIdentifier = string | Algorithm;
/** `SHA-1`, `SHA-256`, `SHA-384` or `SHA-512`. */
type HashAlgorithmIdentifier = AlgorithmIdentifier;
interface HmacParams extends Algorithm {
  readonly hash: HashAlgorithmIdentifier;
  /** In bits. */
  readonly length?: number | undefined;
}
/** `P-256`, `P-384` or `P-521`. */
interface EcKeyParams extends Algorithm {
  readonly namedCurve: string;
}
interface EcdsaParams extends Algorithm {
  readonly hash: HashAlgorithmIdentifier;
}
/** Of `ECDH` and `X25519`. */
interface EcdhParams extends Algorithm {
  readonly public: CryptoKey;
}
/** Of keys from 2,048 to 4,096 bits. */
interface RsaImportParams extends Algorithm {
  readonly hash: HashAlgorithmIdentifier;
}
interface RsaPssParams extends Algorithm {
  /** In bytes. */
  readonly saltLength: number;
}
interface RsaOaepParams extends Algorithm {
  readonly label?: BufferSource | undefined;
}
interface AesKeyParams extends Algorithm {
  /** 128, 192 or 256. */
  readonly length: number;
}
interface AesGcmParams extends Algorithm {
  readonly iv: BufferSource;
  readonly additionalData?: BufferSource | undefined;
  /** In bits, 128 unless given. */
  readonly tagLength?: number | undefined;
}
interface AesCbcParams extends Algorithm {
  readonly iv: BufferSource;
}
interface AesCtrParams extends Algorithm {
  readonly counter: BufferSource;
  /** Of the counter, in bits. */
  readonly length: number;
}
interface HkdfParams extends Algorithm {
  readonly hash: HashAlgorithmIdentifier;
  readonly info: BufferSource;
  readonly salt: BufferSource;
}
interface Pbkdf2Params extends Algorithm {
  readonly hash: HashAlgorithmIdentifier;
  /** 100,000 at most. */
  readonly iterations: number;
  readonly salt: BufferSource;
}
type SignParams = AlgorithmIdentifier | EcdsaParams | RsaPssParams;
type CipherParams = AlgorithmIdentifier | AesGcmParams | AesCbcParams | AesCtrParams | RsaOaepParams;
type DeriveParams = EcdhParams | HkdfParams | Pbkdf2Params;
type ImportParams = AlgorithmIdentifier | HmacParams | EcKeyParams | RsaImportParams | AesKeyParams;
type BinaryKeyFormat = "raw" | "pkcs8" | "spki";

/**
 * SHA, HMAC, ECDSA, ECDH, Ed25519, X25519, RSA (PKCS #1 v1.5, PSS, OAEP), AES (GCM, CBC, CTR), HKDF and PBKDF2. Each call costs
 * CPU by what it does, and counts as a host call. A refusal is a `DOMException`: `NotSupportedError`, `DataError`, `InvalidAccessError`,
 * `OperationError`, or a `SyntaxError` of that kind.
 */
interface SubtleCrypto {
  digest(algorithm: HashAlgorithmIdentifier, data: BufferSource): Promise<ArrayBuffer>;
  sign(algorithm: SignParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  verify(
    algorithm: SignParams,
    key: CryptoKey,
    signature: BufferSource,
    data: BufferSource,
  ): Promise<boolean>;
  encrypt(algorithm: CipherParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  decrypt(algorithm: CipherParams, key: CryptoKey, data: BufferSource): Promise<ArrayBuffer>;
  /** `length` in bits; `null` is all that there is, where a key was agreed on. */
  deriveBits(algorithm: DeriveParams, key: CryptoKey, length?: number | null): Promise<ArrayBuffer>;
  deriveKey(
    algorithm: DeriveParams,
    key: CryptoKey,
    derived: ImportParams,
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  /** RSA keys are not generated. */
  generateKey(
    algorithm: EcKeyParams | "Ed25519" | "X25519" | { readonly name: "Ed25519" | "X25519" },
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKeyPair>;
  generateKey(
    algorithm: HmacParams | AesKeyParams,
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  importKey(
    format: "jwk",
    key: JsonWebKey,
    algorithm: ImportParams,
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  importKey(
    format: BinaryKeyFormat,
    key: BufferSource,
    algorithm: ImportParams,
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
  exportKey(format: "jwk", key: CryptoKey): Promise<JsonWebKey>;
  exportKey(format: BinaryKeyFormat, key: CryptoKey): Promise<ArrayBuffer>;
  wrapKey(
    format: BinaryKeyFormat | "jwk",
    key: CryptoKey,
    wrapping: CryptoKey,
    algorithm: CipherParams,
  ): Promise<ArrayBuffer>;
  unwrapKey(
    format: BinaryKeyFormat | "jwk",
    wrapped: BufferSource,
    unwrapping: CryptoKey,
    algorithm: CipherParams,
    imported: ImportParams,
    extractable: boolean,
    usages: Iterable<KeyUsage>,
  ): Promise<CryptoKey>;
}
declare var SubtleCrypto: { readonly prototype: SubtleCrypto };
