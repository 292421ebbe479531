import { extractors } from "./body.guest.ts";
import { holdText } from "./held.guest.ts";
import { describers, isObject, needs } from "./define.guest.ts";
import { iteratePairs } from "./pair-iterator.guest.ts";
import { asText, get, isEnumerable, ownKeys } from "./primordials.guest.ts";
import { decode } from "./utf8.guest.ts";

type Param = [name: string, value: string];

const HEX = /^[0-9A-Fa-f]{2}$/;

/** Percent-decoding that lets a stray `%` stand and replaces what is not UTF-8 (URL, "percent-decode"). */
const decodeLoosely = (text: string): string => {
  const bytes: number[] = [];
  const source = unescape(encodeURIComponent(text));
  for (let index = 0; index < source.length; index += 1) {
    const digits = source.slice(index + 1, index + 3);
    if (source[index] === "%" && HEX.test(digits)) {
      bytes.push(parseInt(digits, 16));
      index += 2;
    } else {
      bytes.push(source.charCodeAt(index));
    }
  }
  const label = "utf-8";
  return decode(new Uint8Array(bytes), { label, fatal: false, ignoreBOM: true, stream: false });
};

const decodePart = (part: string): string => {
  const spaced = part.includes("+") ? part.replaceAll("+", " ") : part;
  if (!spaced.includes("%")) return spaced.toWellFormed();
  try {
    return decodeURIComponent(spaced.toWellFormed());
  } catch {
    return decodeLoosely(spaced.toWellFormed());
  }
};

export const parseForm = (text: string): Param[] => {
  const params: Param[] = [];
  for (const part of text.split("&")) {
    if (part === "") continue;
    const at = part.indexOf("=");
    params.push(
      at < 0 ? [decodePart(part), ""] : [decodePart(part.slice(0, at)), decodePart(part.slice(at + 1))],
    );
  }
  return params;
};

const escapeMark = (mark: string): string => `%${mark.charCodeAt(0).toString(16).toUpperCase()}`;
const encodePart = (text: string): string =>
  encodeURIComponent(text)
    .replace(/[!'()~]/g, escapeMark)
    .replaceAll("%20", "+");

const serialize = (params: readonly Param[]): string =>
  params.map(([name, value]) => `${encodePart(name)}=${encodePart(value)}`).join("&");

const text = (value: unknown): string => asText(value).toWellFormed();

const readPairs = (init: Iterable<unknown>): Param[] =>
  Array.from(init, (given): Param => {
    const pair: unknown[] = isObject(given) ? Array.from(Object(given)) : [];
    if (pair.length !== 2) throw new TypeError("Each query parameter must be a pair of a name and a value.");
    return [text(pair[0]), text(pair[1])];
  });

const readInit = (init: unknown): Param[] => {
  if (!isObject(init)) {
    const query = text(init);
    return parseForm(query.startsWith("?") ? query.slice(1) : query);
  }
  const iterator: unknown = get(init, Symbol.iterator);
  if (iterator !== undefined && iterator !== null) return readPairs(Object(init));
  const params = new Map<string, string>();
  for (const key of ownKeys(init)) if (isEnumerable(init, key)) params.set(text(key), text(get(init, key)));
  return [...params];
};

/** The parameters of a URL: `changed` writes them back. */
export let linkParams: (query: string, changed: (query: string) => void) => URLSearchParams;
/** When the URL's own query changed. */
export let resetParams: (params: URLSearchParams, query: string) => void;
let entriesOf: (value: object) => readonly Param[];

export class URLSearchParams {
  #params: Param[];
  #changed: ((query: string) => void) | undefined;

  static {
    linkParams = (query, changed) => {
      const params = new URLSearchParams(query);
      params.#changed = changed;
      return params;
    };
    resetParams = (params, query) => {
      params.#params = parseForm(query);
    };
    entriesOf = (value) => {
      if (!(#params in value)) throw new TypeError("Illegal invocation: these are no URLSearchParams.");
      return value.#params;
    };
    extractors.push((value) =>
      #params in value
        ? {
            held: holdText(serialize(value.#params)),
            type: "application/x-www-form-urlencoded;charset=UTF-8",
          }
        : undefined,
    );
    describers.push((value) =>
      #params in value ? { name: "URLSearchParams", fields: Object.fromEntries(value.#params) } : undefined,
    );
  }

  constructor(init: unknown = "") {
    this.#params = readInit(init);
  }

  #update(params: Param[]): void {
    this.#params = params;
    this.#changed?.(serialize(params));
  }

  get size(): number {
    return this.#params.length;
  }

  append(name: unknown, value: unknown): void {
    needs(2, arguments.length);
    this.#update([...this.#params, [text(name), text(value)]]);
  }

  delete(name: unknown, value: unknown = undefined): void {
    needs(1, arguments.length);
    const key = text(name);
    const only = value === undefined ? undefined : text(value);
    this.#update(
      this.#params.filter((param) => param[0] !== key || (only !== undefined && param[1] !== only)),
    );
  }

  get(name: unknown): string | null {
    needs(1, arguments.length);
    const key = text(name);
    return this.#params.find((param) => param[0] === key)?.[1] ?? null;
  }

  getAll(name: unknown): string[] {
    needs(1, arguments.length);
    const key = text(name);
    return this.#params.filter((param) => param[0] === key).map((param) => param[1]);
  }

  has(name: unknown, value: unknown = undefined): boolean {
    needs(1, arguments.length);
    const key = text(name);
    const only = value === undefined ? undefined : text(value);
    return this.#params.some((param) => param[0] === key && (only === undefined || param[1] === only));
  }

  set(name: unknown, value: unknown): void {
    needs(2, arguments.length);
    const key = text(name);
    const at = this.#params.findIndex((param) => param[0] === key);
    if (at < 0) {
      this.append(key, value);
      return;
    }
    const kept = this.#params.filter((param, index) => index <= at || param[0] !== key);
    kept[at] = [key, text(value)];
    this.#update(kept);
  }

  sort(): void {
    this.#update(this.#params.toSorted(([one], [other]) => (one < other ? -1 : Number(one > other))));
  }

  toString(): string {
    return serialize(this.#params);
  }
}

iteratePairs("URLSearchParams", URLSearchParams, entriesOf);
