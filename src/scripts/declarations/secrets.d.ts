/**
 * `ctx.secrets`. Reading a name that is not granted throws `SecretNotGranted`; `"NAME" in ctx.secrets` asks.
 *
 * Declare the names that there are by an `interface Secrets { readonly GITHUB: SecretHandle }` in a file of yours: an
 * editor then offers them.
 */
interface Secrets {
  readonly [name: string]: SecretHandle;
}

/**
 * A secret that a script uses without holding it. In a string it reads as a placeholder, which is filled in outside the
 * sandbox, only towards the hosts and in the places that the secret's owner named. With `secrets.reveal` it is the text
 * itself, a plain string, and has none of these operations.
 *
 * Data are taken as strings, in UTF-8, or as bytes.
 */
interface SecretHandle {
  /**
   * Whether the secret is exactly this, compared in constant time. `undefined` and `null`, as a header that was not sent,
   * equal no secret. 20 false answers end the run.
   */
  equals(value: string | BufferSource | null | undefined): Promise<boolean>;
  /**
   * The HMAC of data with the secret as its key; hexadecimal unless `encoding` says otherwise.
   *
   * @throws TypeError for options that there are not. DataError when the secret is not of the form that `key` names.
   */
  hmac(
    hash: SecretHash,
    data: string | BufferSource,
    options: HmacOptions & { readonly encoding: "bytes" },
  ): Promise<Uint8Array<ArrayBuffer>>;
  hmac(
    hash: SecretHash,
    data: string | BufferSource,
    options?: HmacOptions & { readonly encoding?: "hex" | "base64" | "base64url" | undefined },
  ): Promise<string>;
  /**
   * A signature with the private key, PEM (PKCS #8) or JWK, that the secret holds.
   *
   * @throws DataError when it holds none, or one for another algorithm.
   */
  sign(algorithm: SigningAlgorithm, data: string | BufferSource): Promise<Uint8Array<ArrayBuffer>>;
  /** A signed JSON Web Token. `exp`, `iat` and the like are yours to give, in seconds. Claims have 64 KiB at most, the header 4 KiB. */
  jwt(claims: object, options: JwtOptions): Promise<string>;
  /** The value of an `authorization` header with the secret as the password: `Basic …`, a placeholder like the secret's own. */
  basicAuth(user: string): string;
  /** The placeholder: `hwsec_` and 40 characters, another in each run. */
  toString(): string;
  toJSON(): string;
  [Symbol.toPrimitive](hint: string): string;
}

type SecretHash = "SHA-1" | "SHA-256" | "SHA-384" | "SHA-512";
type SigningAlgorithm = "RS256" | "PS256" | "ES256" | "EdDSA";

interface HmacOptions {
  /** How the result is given: `hex` unless given. */
  readonly encoding?: "hex" | "base64" | "base64url" | "bytes" | undefined;
  /** How the secret's text is made a key: taken as it is (`text`, unless given), or decoded. `whsec` is base64 behind `whsec_`. */
  readonly key?: "text" | "base64" | "hex" | "whsec" | undefined;
  /** Stands before the key: `AWS4` in the signatures of Amazon. 256 characters at most. */
  readonly keyPrefix?: string | undefined;
}

interface JwtOptions {
  /** `HS…` takes the secret's text as its key, the others the private key that it holds. */
  readonly alg: SigningAlgorithm | "HS256" | "HS384" | "HS512";
  /** Fields of the token's header besides `alg`, as `kid`. `typ` is `JWT` unless given. */
  readonly header?: object | undefined;
}

/**
 * Whether a webhook was signed by the sender with a secret that the responder was granted, and lately. Takes the request of
 * a module, or the `context` of an expression, before its body is read, and leaves it readable. In a replay, now is the
 * time of the recorded hit.
 *
 * @example
 * const signed = await verifyWebhook(request, { scheme: "github", secret: ctx.secrets.GITHUB });
 * if (!signed.ok) return { status: 401, body: signed.reason };
 *
 * @throws TypeError for options that there are not, and when the body has been read. DataError when a secret is not of the
 * form that the scheme needs.
 */
declare function verifyWebhook(
  given: Request | ExpressionContext,
  options: WebhookOptions,
): Promise<WebhookVerification>;

type WebhookOptions = WebhookSecrets & (WebhookScheme | HmacScheme);

interface WebhookSecrets {
  /** One, or several while they change, 10 at most. With `secrets.reveal`, the texts of granted secrets. */
  readonly secret: SecretHandle | string | readonly (SecretHandle | string)[];
  /** How old a signature may be that says when it was made: 300 unless given. */
  readonly toleranceSeconds?: number | undefined;
}
interface WebhookScheme {
  readonly scheme: "standard-webhooks" | "svix" | "stripe" | "github" | "slack" | "shopify" | "twilio";
}
/** Whatever signs the body alone, with one header. */
interface HmacScheme {
  readonly scheme: "hmac";
  /** The header that the signature comes in. */
  readonly header: string;
  /** `SHA-256` unless given. */
  readonly algorithm?: SecretHash | undefined;
  /** `hex` unless given. */
  readonly encoding?: "hex" | "base64" | "base64url" | undefined;
  /** What stands before the signature, as `sha256=`. 100 characters at most. */
  readonly prefix?: string | undefined;
}

type WebhookVerification =
  | {
      readonly ok: true;
      /** The name of the secret that it was signed with. */
      readonly secret: string;
      readonly reason?: undefined;
    }
  | {
      readonly ok: false;
      /** What was wrong, in words for a person. */
      readonly reason: string;
      readonly secret?: undefined;
    };
