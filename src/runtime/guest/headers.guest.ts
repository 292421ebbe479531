import { describers } from "./define.guest.ts";
import {
  charCode,
  indexOf,
  lowerCase,
  matches,
  sliceText,
  sortTexts,
  stringifyJson,
} from "./primordials.guest.ts";

export type Pair = [name: string, value: string];

const NAME = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const BAD_VALUE = /[\0\r\n]|[^\0-\u00ff]/;

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** Without the white space around it, CR and LF included (Fetch, "normalize"). */
const normalize = (value: string): string => {
  let from = 0;
  let to = value.length;
  while (from < to && isSpace(charCode(value, from))) from += 1;
  while (to > from && isSpace(charCode(value, to - 1))) to -= 1;
  return sliceText(value, from, to);
};

export const headerName = (given: unknown): string => {
  const name = lowerCase(String(given));
  if (!matches(NAME, name))
    throw new TypeError(`Invalid header name: ${stringifyJson(sliceText(name, 0, 100))}`);
  return name;
};

export const headerValue = (given: unknown, name: string): string => {
  const value = normalize(String(given));
  if (matches(BAD_VALUE, value)) {
    throw new TypeError(`Invalid value of the header ${name}: no line breaks, no NUL, nothing above U+00FF.`);
  }
  return value;
};

const isObject = (value: unknown): value is object =>
  (typeof value === "object" && value !== null) || typeof value === "function";

const isIterable = (value: object): value is Iterable<unknown> =>
  typeof Reflect.get(value, Symbol.iterator) === "function";

const readPair = (given: unknown): Pair => {
  const pair = isObject(given) && isIterable(given) ? [...given] : [];
  if (pair.length !== 2) throw new TypeError("Each header must be a pair of a name and a value.");
  const name = headerName(pair[0]);
  return [name, headerValue(pair[1], name)];
};

/** Pairs of a `HeadersInit`: another `Headers`, pairs, or an object. */
const readInit = (init: unknown): Pair[] => {
  if (!isObject(init)) throw new TypeError("Headers are given as an object, as pairs or as Headers.");
  const known = pairsOf(init);
  if (known !== undefined) return known.map(([name, value]) => [name, value]);
  if (isIterable(init)) return Array.from(init, readPair);
  return Object.entries(init).map(([given, value]) => {
    const name = headerName(given);
    return [name, headerValue(value, name)];
  });
};

/** Lower-case names in order of arrival. Replaced as a whole, never shared. */
export let pairsOf: (value: object) => Pair[] | undefined;
/** From the host's own list: nothing is checked again. */
export let headersFrom: (pairs: Pair[]) => Headers;

export class Headers {
  #pairs: Pair[] = [];
  #sortedPairs: Pair[] | undefined;

  static {
    pairsOf = (value) => (#pairs in value ? value.#pairs : undefined);
    headersFrom = (pairs) => {
      const headers = new Headers();
      headers.#pairs = pairs;
      return headers;
    };
  }

  constructor(init?: unknown) {
    if (init !== undefined) this.#pairs = readInit(init);
  }

  append(name: string, value: string): void {
    const key = headerName(name);
    this.#pairs.push([key, headerValue(value, key)]);
    this.#sortedPairs = undefined;
  }

  delete(name: string): void {
    const key = headerName(name);
    this.#pairs = this.#pairs.filter((pair) => pair[0] !== key);
    this.#sortedPairs = undefined;
  }

  get(name: string): string | null {
    const key = headerName(name);
    let joined: string | null = null;
    for (const pair of this.#pairs) {
      if (pair[0] === key) joined = joined === null ? pair[1] : `${joined}, ${pair[1]}`;
    }
    return joined;
  }

  getSetCookie(): string[] {
    return this.#pairs.filter((pair) => pair[0] === "set-cookie").map((pair) => pair[1]);
  }

  has(name: string): boolean {
    const key = headerName(name);
    return this.#pairs.some((pair) => pair[0] === key);
  }

  set(name: string, value: string): void {
    const key = headerName(name);
    const next = headerValue(value, key);
    this.#sortedPairs = undefined;
    const at = this.#pairs.findIndex((pair) => pair[0] === key);
    if (at < 0) {
      this.#pairs.push([key, next]);
      return;
    }
    this.#pairs = this.#pairs.filter((pair, index) => index <= at || pair[0] !== key);
    this.#pairs[at] = [key, next];
  }

  /** Sorted by name, repeats combined, `set-cookie` one by one (Fetch, "sort and combine"). */
  #sorted(): Pair[] {
    if (this.#sortedPairs !== undefined) return this.#sortedPairs;
    const names = sortTexts([...new Set(this.#pairs.map((pair) => pair[0]))]);
    this.#sortedPairs = names.flatMap((name): Pair[] =>
      name === "set-cookie"
        ? this.getSetCookie().map((value) => [name, value])
        : [[name, this.get(name) ?? ""]],
    );
    return this.#sortedPairs;
  }

  forEach(callback: (value: string, name: string, headers: Headers) => void, self?: unknown): void {
    for (const [name, value] of this.entries()) Reflect.apply(callback, self, [value, name, this]);
  }

  /** Changes made during an iteration are seen by it, as the standard has it. */
  *entries(): Generator<Pair, undefined> {
    for (let index = 0; ; index += 1) {
      const pair = this.#sorted()[index];
      if (pair === undefined) return;
      yield [pair[0], pair[1]];
    }
  }

  *keys(): Generator<string, undefined> {
    for (const pair of this.entries()) yield pair[0];
  }

  *values(): Generator<string, undefined> {
    for (const pair of this.entries()) yield pair[1];
  }

  [Symbol.iterator](): Generator<Pair, undefined> {
    return this.entries();
  }
}

describers.push((value) =>
  pairsOf(value) === undefined || !(value instanceof Headers)
    ? undefined
    : { name: "Headers", fields: Object.fromEntries(value) },
);

/** Whether a header stands in a list of pairs. */
export const hasName = (pairs: readonly (readonly [string, unknown])[], name: string): boolean => {
  for (let index = 0; index < pairs.length; index += 1) if (pairs[index]?.[0] === name) return true;
  return false;
};

/** The essence of a content type, in lower case: what stands before the first `;`. */
export const essence = (type: string): string => {
  const at = indexOf(type, ";");
  return lowerCase(at < 0 ? type : sliceText(type, 0, at)).trim();
};
