import { describers, needs } from "./define.guest.ts";
import { ask } from "./door.guest.ts";
import { asText, splitText, stringifyJson } from "./primordials.guest.ts";
import { linkParams, resetParams } from "./search-params.guest.ts";
import type { URLSearchParams } from "./search-params.guest.ts";
import { textOf } from "./utf8.guest.ts";

/** Where each part stands among the lines that the host gives. */
const PARTS = {
  href: 0,
  origin: 1,
  protocol: 2,
  username: 3,
  password: 4,
  host: 5,
  hostname: 6,
  port: 7,
  pathname: 8,
  search: 9,
  hash: 10,
} as const;
type Part = keyof typeof PARTS;

const partsOf = (op: string, argument: object): readonly string[] =>
  splitText(textOf(ask(op, stringifyJson(argument))), "\n");

const text = (value: unknown): string => asText(value).toWellFormed();

/** A URL as the host's own parser sees it: one parser for scripts, routing and requests. */
export class URL {
  #parts: readonly string[];
  #params: URLSearchParams | undefined;

  static {
    describers.push((value) =>
      #parts in value ? { name: "URL", fields: { href: value.#part("href") } } : undefined,
    );
  }

  constructor(url: unknown, base: unknown = undefined) {
    needs(1, arguments.length);
    this.#parts = partsOf("url-parse", {
      url: text(url),
      ...(base === undefined ? {} : { base: text(base) }),
    });
  }

  #part(name: Part): string {
    return this.#parts[PARTS[name]] ?? "";
  }

  static canParse(url: unknown, base: unknown = undefined): boolean {
    needs(1, arguments.length);
    return URL.parse(url, base) !== null;
  }

  static parse(url: unknown, base: unknown = undefined): URL | null {
    needs(1, arguments.length);
    const given = text(url);
    const against = base === undefined ? undefined : text(base);
    try {
      return new URL(given, against);
    } catch {
      return null;
    }
  }

  #set(part: Part, value: unknown): void {
    this.#parts = partsOf("url-set", { href: this.#part("href"), part, value: text(value) });
    if (this.#params !== undefined) resetParams(this.#params, this.#part("search").slice(1));
  }

  get searchParams(): URLSearchParams {
    this.#params ??= linkParams(this.#part("search").slice(1), (query) => {
      this.#parts = partsOf("url-set", { href: this.#part("href"), part: "search", value: query });
    });
    return this.#params;
  }

  get href(): string {
    return this.#part("href");
  }
  set href(value: unknown) {
    this.#parts = partsOf("url-parse", { url: text(value) });
    if (this.#params !== undefined) resetParams(this.#params, this.#part("search").slice(1));
  }
  get origin(): string {
    return this.#part("origin");
  }
  get protocol(): string {
    return this.#part("protocol");
  }
  set protocol(value: unknown) {
    this.#set("protocol", value);
  }
  get username(): string {
    return this.#part("username");
  }
  set username(value: unknown) {
    this.#set("username", value);
  }
  get password(): string {
    return this.#part("password");
  }
  set password(value: unknown) {
    this.#set("password", value);
  }
  get host(): string {
    return this.#part("host");
  }
  set host(value: unknown) {
    this.#set("host", value);
  }
  get hostname(): string {
    return this.#part("hostname");
  }
  set hostname(value: unknown) {
    this.#set("hostname", value);
  }
  get port(): string {
    return this.#part("port");
  }
  set port(value: unknown) {
    this.#set("port", value);
  }
  get pathname(): string {
    return this.#part("pathname");
  }
  set pathname(value: unknown) {
    this.#set("pathname", value);
  }
  get search(): string {
    return this.#part("search");
  }
  set search(value: unknown) {
    this.#set("search", value);
  }
  get hash(): string {
    return this.#part("hash");
  }
  set hash(value: unknown) {
    this.#set("hash", value);
  }
  toString(): string {
    return this.#part("href");
  }
  toJSON(): string {
    return this.#part("href");
  }
}
