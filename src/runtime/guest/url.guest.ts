import { describers } from "./define.guest.ts";
import { ask } from "./door.guest.ts";
import { linkParams, resetParams } from "./search-params.guest.ts";
import type { URLSearchParams } from "./search-params.guest.ts";
import { jsonOf } from "./utf8.guest.ts";

const PARTS = [
  "href",
  "origin",
  "protocol",
  "username",
  "password",
  "host",
  "hostname",
  "port",
  "pathname",
  "search",
  "hash",
] as const;
type Part = (typeof PARTS)[number];
type Parts = Readonly<Record<Part, string>>;

const isParts = (value: unknown): value is Parts => typeof value === "object" && value !== null;

const partsOf = (op: string, argument: object): Parts => {
  const parts = jsonOf(ask(op, JSON.stringify(argument)));
  if (!isParts(parts)) throw new TypeError("Invalid URL");
  return parts;
};

const text = (value: unknown): string => String(value).toWellFormed();

/** A URL as the host's own parser sees it: one parser for scripts, routing and requests. */
export class URL {
  #parts: Parts;
  #params: URLSearchParams | undefined;

  static {
    describers.push((value) =>
      #parts in value ? { name: "URL", fields: { href: value.#parts.href } } : undefined,
    );
  }

  constructor(url: unknown, base?: unknown) {
    this.#parts = partsOf("url-parse", {
      url: text(url),
      ...(base === undefined ? {} : { base: text(base) }),
    });
  }

  static canParse(url: unknown, base?: unknown): boolean {
    return URL.parse(url, base) !== null;
  }

  static parse(url: unknown, base?: unknown): URL | null {
    const given = text(url);
    const against = base === undefined ? undefined : text(base);
    try {
      return new URL(given, against);
    } catch {
      return null;
    }
  }

  #set(part: Part, value: unknown): void {
    this.#parts = partsOf("url-set", { href: this.#parts.href, part, value: text(value) });
    if (this.#params !== undefined) resetParams(this.#params, this.#parts.search.slice(1));
  }

  get searchParams(): URLSearchParams {
    this.#params ??= linkParams(this.#parts.search.slice(1), (query) => {
      this.#parts = partsOf("url-set", { href: this.#parts.href, part: "search", value: query });
    });
    return this.#params;
  }

  get href(): string {
    return this.#parts.href;
  }
  set href(value: unknown) {
    this.#parts = partsOf("url-parse", { url: text(value) });
    if (this.#params !== undefined) resetParams(this.#params, this.#parts.search.slice(1));
  }
  get origin(): string {
    return this.#parts.origin;
  }
  get protocol(): string {
    return this.#parts.protocol;
  }
  set protocol(value: unknown) {
    this.#set("protocol", value);
  }
  get username(): string {
    return this.#parts.username;
  }
  set username(value: unknown) {
    this.#set("username", value);
  }
  get password(): string {
    return this.#parts.password;
  }
  set password(value: unknown) {
    this.#set("password", value);
  }
  get host(): string {
    return this.#parts.host;
  }
  set host(value: unknown) {
    this.#set("host", value);
  }
  get hostname(): string {
    return this.#parts.hostname;
  }
  set hostname(value: unknown) {
    this.#set("hostname", value);
  }
  get port(): string {
    return this.#parts.port;
  }
  set port(value: unknown) {
    this.#set("port", value);
  }
  get pathname(): string {
    return this.#parts.pathname;
  }
  set pathname(value: unknown) {
    this.#set("pathname", value);
  }
  get search(): string {
    return this.#parts.search;
  }
  set search(value: unknown) {
    this.#set("search", value);
  }
  get hash(): string {
    return this.#parts.hash;
  }
  set hash(value: unknown) {
    this.#set("hash", value);
  }
  toString(): string {
    return this.#parts.href;
  }
  toJSON(): string {
    return this.#parts.href;
  }
}
