/** Pairs, or values by name. Pairs keep a name that repeats. */
type HeadersInit =
  | Headers
  | Iterable<readonly [name: string, value: string]>
  | Readonly<Record<string, string>>;

/**
 * Header lines. Names come in lower case and sorted, repeats joined by `, `; only `set-cookie` keeps its lines. No name is
 * forbidden. An invalid name or value is a `TypeError`.
 */
interface Headers {
  append(name: string, value: string): void;
  delete(name: string): void;
  /** `null` when there is none. */
  get(name: string): string | null;
  /** Each `set-cookie` by itself. */
  getSetCookie(): string[];
  has(name: string): boolean;
  set(name: string, value: string): void;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  forEach(callback: (value: string, name: string, headers: Headers) => void, thisArg?: unknown): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare var Headers: {
  readonly prototype: Headers;
  new (init?: HeadersInit): Headers;
};

type RequestCache = "default" | "no-store" | "reload" | "no-cache" | "force-cache" | "only-if-cached";
type RequestCredentials = "same-origin" | "omit" | "include";
type RequestMode = "cors" | "no-cors" | "same-origin";
type RequestRedirect = "follow" | "error" | "manual";
type ReferrerPolicy =
  | ""
  | "no-referrer"
  | "no-referrer-when-downgrade"
  | "same-origin"
  | "origin"
  | "strict-origin"
  | "origin-when-cross-origin"
  | "strict-origin-when-cross-origin"
  | "unsafe-url";

/**
 * `redirect` and `signal` are for `fetch`. `cache`, `credentials`, `integrity`, `keepalive`, `mode`, `priority`, `referrer` and
 * `referrerPolicy` are checked, and change nothing.
 */
interface RequestInit {
  /** `GET` unless given. */
  readonly method?: string | undefined;
  readonly headers?: HeadersInit | undefined;
  /** Not with `GET` and `HEAD`. */
  readonly body?: BodyInit | null | undefined;
  readonly signal?: AbortSignal | null | undefined;
  readonly cache?: RequestCache | undefined;
  readonly credentials?: RequestCredentials | undefined;
  readonly duplex?: "half" | undefined;
  readonly integrity?: string | undefined;
  readonly keepalive?: boolean | undefined;
  readonly mode?: RequestMode | undefined;
  readonly priority?: "auto" | "high" | "low" | undefined;
  /** `follow` up to 5, `manual` gives them back as they are, `error` refuses them. */
  readonly redirect?: RequestRedirect | undefined;
  readonly referrer?: string | undefined;
  readonly referrerPolicy?: ReferrerPolicy | undefined;
  readonly window?: null | undefined;
}

/** A request: the sender's, of which `method`, `url` and `headers` may be changed in place, or one of your own. */
interface Request extends Body {
  /** Whole: with scheme, host and query, as the sender used it. Setting it takes an absolute URL without credentials. */
  url: string;
  method: string;
  readonly headers: Headers;
  readonly signal: AbortSignal;
  readonly cache: RequestCache;
  readonly credentials: RequestCredentials;
  readonly destination: "";
  readonly duplex: "half";
  readonly integrity: string;
  readonly isHistoryNavigation: boolean;
  readonly isReloadNavigation: boolean;
  readonly keepalive: boolean;
  readonly mode: RequestMode;
  readonly redirect: RequestRedirect;
  readonly referrer: string;
  readonly referrerPolicy: ReferrerPolicy;
  /** A second reader of the same body, which must not have been read. */
  clone(): Request;
}
declare var Request: {
  readonly prototype: Request;
  /** The URL must be absolute: there is no page to be relative to. */
  new (input: Request | URL | string, init?: RequestInit | null): Request;
};

interface ResponseInit {
  /** From 200 to 599, 200 unless given. */
  readonly status?: number | undefined;
  readonly statusText?: string | undefined;
  readonly headers?: HeadersInit | undefined;
}

/** An answer, of your own or another server's: returned by a handler it is sent exactly as it is. The headers of another's cannot be changed; those of `new Response(res.body, res)` can, and so can those of an upstream's answer in `onResponse`. */
interface Response extends Body {
  readonly status: number;
  /** Whether the status is from 200 to 299. */
  readonly ok: boolean;
  readonly statusText: string;
  readonly headers: Headers;
  /** Whether redirects were followed. */
  readonly redirected: boolean;
  readonly type: "default" | "error";
  /** Where another server's answer came from, as the script wrote it; empty for one of your own. */
  readonly url: string;
  /** A second reader of the same body, which must not have been read. */
  clone(): Response;
}
declare var Response: {
  readonly prototype: Response;
  /** With 204, 205 and 304 there is no body. */
  new (body?: BodyInit | null, init?: ResponseInit | null): Response;
  /** Cannot be sent. */
  error(): Response;
  json(data: JsonLike, init?: ResponseInit | null): Response;
  /** With 301, 302 (unless given), 303, 307 or 308, to an absolute URL. */
  redirect(url: string | URL, status?: number): Response;
};
