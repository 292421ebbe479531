/** A URL as routing and requests see it, 64 KiB at most. One that does not parse is a `TypeError`. */
interface URL {
  href: string;
  readonly origin: string;
  /** With its colon. */
  protocol: string;
  username: string;
  password: string;
  /** With the port, if it is not the protocol's own. */
  host: string;
  hostname: string;
  port: string;
  pathname: string;
  /** With its `?`; empty without a query. */
  search: string;
  /** With its `#`; empty without a fragment. */
  hash: string;
  /** Changes of it change the URL. */
  readonly searchParams: URLSearchParams;
  toString(): string;
  toJSON(): string;
}
declare var URL: {
  readonly prototype: URL;
  new (url: string | URL, base?: string | URL): URL;
  canParse(url: string | URL, base?: string | URL): boolean;
  /** `null` for what does not parse. */
  parse(url: string | URL, base?: string | URL): URL | null;
};

/** The parameters of a query, or of a form's body, in their order. */
interface URLSearchParams {
  readonly size: number;
  append(name: string, value: string): void;
  /** With a value, only those of it. */
  delete(name: string, value?: string): void;
  get(name: string): string | null;
  getAll(name: string): string[];
  has(name: string, value?: string): boolean;
  set(name: string, value: string): void;
  sort(): void;
  /** Encoded, without a `?`. */
  toString(): string;
  entries(): IterableIterator<[string, string]>;
  keys(): IterableIterator<string>;
  values(): IterableIterator<string>;
  forEach(callback: (value: string, name: string, params: URLSearchParams) => void, thisArg?: unknown): void;
  [Symbol.iterator](): IterableIterator<[string, string]>;
}
declare var URLSearchParams: {
  readonly prototype: URLSearchParams;
  new (
    init?:
      | string
      | URLSearchParams
      | Iterable<readonly [name: string, value: string]>
      | Readonly<Record<string, string>>,
  ): URLSearchParams;
};
