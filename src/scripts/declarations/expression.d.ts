/** The hit, in the expression form only: a module has `request` and `ctx` instead. */
declare var context: ExpressionContext;

interface ExpressionContext {
  /** `ip:0`, as no port is known; absent when the address is not. */
  readonly clientAddress?: string;
  readonly method: string;
  /** By lower-case name, one value each, the last. */
  readonly headers: Readonly<Record<string, string>>;
  /** The path below the handle, as it came. */
  readonly path: string;
  /** Without its `?`; absent without a query. */
  readonly rawQuery?: string;
  /** One value for each key, the last. */
  readonly query: Readonly<Record<string, string>>;
  /** Numbers up to 256 KiB, above that bytes: `new Uint8Array(context.body)` is right for both. */
  readonly body: readonly number[] | Uint8Array<ArrayBuffer>;
  /** The secrets that the responder was granted: a name that was not is `undefined`. */
  readonly secrets: Secrets;
}

/** What an expression may come to, besides `null` and `undefined` for the default response. Unknown fields are ignored. */
interface ExpressionResult {
  /** Cut off to a whole number, from 200 to 599. */
  statusCode?: number | null | undefined;
  /** Replace the whole list of the default response. */
  headers?:
    | Readonly<Record<string, string | undefined>>
    | ReadonlyMap<string, string | undefined>
    | null
    | undefined;
  /** A string, bytes as they lie, an array of numbers as bytes (each taken to the nearest of 0..255), any other value as JSON. */
  body?: BufferSource | JsonLike | undefined;
  /** Exactly `true`: nothing of the exchange is kept, unless the run fails after its answer. */
  skipRequest?: boolean | null | undefined;
  /** Changes nothing: answers are kept anyway. */
  trackResponse?: boolean | null | undefined;
}

/** What scripts of Secutils.dev use of Deno, in the expression form only. */
declare var Deno: { readonly core: DenoCore };

interface DenoCore {
  encode(text: string): Uint8Array<ArrayBuffer>;
  /** A byte-order mark is dropped, invalid bytes are replaced. */
  decode(bytes: Uint8Array): string;
  /** A character for each byte. */
  encodeBinaryString(bytes: Uint8Array): string;
  /** Of a text in UTF-8. */
  byteLength(text: string): number;
  /** Goes to the run's log. */
  print(text: unknown, isError?: boolean): void;
  structuredClone<Value>(value: Value): Value;
  /** For `deserialize`; the format is our own. */
  serialize(value: unknown): Uint8Array<ArrayBuffer>;
  deserialize(bytes: Uint8Array): unknown;
  isDate(value: unknown): value is Date;
  isRegExp(value: unknown): value is RegExp;
  isMap(value: unknown): value is Map<unknown, unknown>;
  isSet(value: unknown): value is Set<unknown>;
  isTypedArray(value: unknown): boolean;
  isArrayBuffer(value: unknown): value is ArrayBuffer;
  isArrayBufferView(value: unknown): value is ArrayBufferView;
  isPromise(value: unknown): value is Promise<unknown>;
  isNativeError(value: unknown): value is Error;
  /** Calls back after `ms`, and with `repeat` again and again. `refed` and `system` change nothing. */
  createTimer<Args extends readonly unknown[]>(
    callback: (...args: Args) => void,
    ms: number,
    args?: Args,
    repeat?: boolean,
    refed?: boolean,
    system?: boolean,
  ): number;
  cancelTimer(id: number): void;
  /** There only where the responder has `egress`. */
  readonly ops: DenoOps;
}

interface DenoOps {
  /**
   * Sends a request and never follows redirects. A status of 400 and more is a result. What went wrong is told by the
   * beginning of the error's message, as `Upstream request timed out`.
   */
  op_proxy_request(request: ProxyRequest): Promise<ProxyResponse>;
}

interface ProxyRequest {
  readonly url: string;
  /** `GET` unless given. */
  readonly method?: string | null | undefined;
  readonly headers?: Readonly<Record<string, string | undefined>> | null | undefined;
  readonly body?: readonly number[] | BufferSource | null | undefined;
  /** Changes nothing: certificates are always verified. */
  readonly insecure?: boolean | null | undefined;
  /** In ms, up to 30 s. */
  readonly timeout?: number | null | undefined;
  /** `false` gives the body as it was sent, with its `content-encoding`. */
  readonly decompress?: boolean | null | undefined;
}

interface ProxyResponse {
  readonly statusCode: number;
  /**
   * By lower-case name, one value each, the last. `content-length` stands as `x-original-content-length`, and of a body that
   * was decoded `content-encoding` as `x-original-content-encoding`.
   */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array<ArrayBuffer>;
}

/** What Secutils.dev gives its scripts, in the expression form only. */
declare var secutils: {
  readonly crypto: SecutilsCrypto;
  /** Not there for a responder with `kv: false`. */
  readonly kv: SecutilsKv;
};

/** Both answer without `await`. */
interface SecutilsCrypto {
  /**
   * Base64url of 65 bytes of an ephemeral P-256 key, 12 of IV, the ciphertext and 16 of tag: AES-256-GCM under HKDF-SHA256.
   * The recipient's key is uncompressed, in base64url.
   */
  seal(recipientPublicKey: string, text: string): string;
  /** Hexadecimal; the data are given in base64url. */
  sha256(data: string): string;
}

/**
 * The same store as `ctx.kv`, with its keys, limits and errors. Values are unpadded base64url: of bytes, or of the text of
 * JSON that was written elsewhere. Times are whole seconds since the epoch. Unknown options are ignored.
 */
interface SecutilsKv {
  get(key: string): Promise<string | null>;
  /** Both are `null` without an entry. */
  getEntry(key: string): Promise<{ readonly value: string | null; readonly expiresAt: number | null }>;
  set(key: string, value: string, options?: SecutilsKvSetOptions | null): Promise<void>;
  /** Whether it was there. */
  delete(key: string): Promise<boolean>;
  list(query?: SecutilsKvListQuery | null): Promise<SecutilsKvPage>;
  /** As soon as there are entries; none and `timedOut: true` after `timeoutMs`, 25 s or the time left. */
  watch(query: SecutilsKvWatchQuery): Promise<SecutilsKvPage>;
}

interface SecutilsKvSetOptions {
  /** Beyond 30 days it is 30 days. */
  readonly ttlSec?: number | null | undefined;
  /** Where there is an entry, nothing is written, and nothing said. */
  readonly ifAbsent?: boolean | null | undefined;
}
interface SecutilsKvListQuery {
  readonly prefix?: string | null | undefined;
  readonly after?: string | null | undefined;
  /** From 1 to 1,000, which it is unless given. */
  readonly limit?: number | null | undefined;
  /** `false`: each `value` is `null`. */
  readonly valuesIncluded?: boolean | null | undefined;
}
interface SecutilsKvWatchQuery {
  readonly prefix: string;
  readonly after?: string | null | undefined;
  readonly limit?: number | null | undefined;
  readonly timeoutMs?: number | null | undefined;
}
interface SecutilsKvPage {
  readonly entries: readonly {
    readonly key: string;
    /** When it was last written. */
    readonly createdAt: number;
    readonly value: string | null;
  }[];
  /** The last key, or `null`. */
  readonly cursor: string | null;
  readonly timedOut: boolean;
}
