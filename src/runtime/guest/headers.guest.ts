import { describers, isObject, needs } from "./define.guest.ts";
import { addHeader, combined, type HeaderList, iteratorOf, readInit } from "./header-list.guest.ts";
import { headerName, headerValue } from "./header-text.guest.ts";
import { iteratePairs } from "./pair-iterator.guest.ts";
import { placeOf, sortTexts, splitText } from "./primordials.guest.ts";

export type Pair = [name: string, value: string];

/** A list of the host's, of which each value is cut out when it is asked for: nothing is checked again. */
export interface HostHeaders {
  /** The caller may keep and change them. */
  readonly names: string[];
  readonly value: (index: number) => string;
  readonly repeats: boolean;
}

/** Pairs with lower-case names in order of arrival; `undefined` for what are no `Headers`. */
export let pairsOf: (value: object) => Pair[] | undefined;
/** From a list of the host's, asked for when somebody first looks. */
export let headersFrom: (read: () => HostHeaders) => Headers;
/** With one header and no check. */
export let headerOf: (name: string, value: string) => Headers;
/** Changes are refused from here on (Fetch, the guard "immutable"). */
export let freezeHeaders: (headers: Headers) => void;
/** These are the sender's: from now on it is noted what a script sets of them. */
export let markSent: (headers: Headers) => void;
/** Whether somebody has changed them since they were made. */
export let wasChanged: (headers: Headers) => boolean;
/** The names that a script has set in the sender's; `undefined` for those of its own making, which are all. */
export let namesSet: (headers: Headers) => readonly string[] | undefined;
let sortedPairs: (value: object) => readonly Pair[];

export class Headers {
  /** Absent as long as the host's list is enough. */
  #list: HeaderList | undefined;
  #host: HostHeaders | undefined;
  #read: (() => HostHeaders) | undefined;
  #sortedPairs: Pair[] | undefined;
  #immutable = false;
  #changed = false;
  /** Separated by line feeds; `undefined`: all of them are a script's. */
  #set: string | undefined;

  static {
    pairsOf = (value) => {
      if (!(#list in value)) return undefined;
      const { names, values } = value.#all();
      const pairs: Pair[] = [];
      for (let index = 0; index < names.length; index += 1) {
        pairs[index] = [names[index] ?? "", values[index] ?? ""];
      }
      return pairs;
    };
    headersFrom = (read) => {
      const headers = new Headers();
      headers.#list = undefined;
      headers.#read = read;
      return headers;
    };
    headerOf = (name, value) => {
      const headers = new Headers();
      headers.#list = { names: [name], values: [value], repeats: false };
      return headers;
    };
    freezeHeaders = (headers) => {
      headers.#immutable = true;
    };
    markSent = (headers) => {
      headers.#set = "";
    };
    wasChanged = (headers) => headers.#changed;
    namesSet = (headers) => (headers.#set === undefined ? undefined : splitText(headers.#set, "\n"));
    sortedPairs = (value) => {
      if (!(#list in value)) throw new TypeError("Illegal invocation: these are no Headers.");
      return value.#sorted();
    };
    describers.push((value) =>
      #list in value ? { name: "Headers", fields: Object.fromEntries(value.#sorted()) } : undefined,
    );
  }

  constructor(init: unknown = undefined) {
    if (init === undefined) this.#list = { names: [], values: [], repeats: false };
    else if (isObject(init) && #list in init && iteratorOf(init) === iteratorOf(Headers.prototype)) {
      const { names, values, repeats } = init.#all();
      this.#list = { names: [...names], values: [...values], repeats };
      this.#set = init.#set;
    } else this.#list = readInit(init);
  }

  #all(): HeaderList {
    if (this.#list !== undefined) return this.#list;
    const { names = [], repeats = false, value } = this.#host ?? this.#read?.() ?? {};
    const values: string[] = [];
    for (let index = 0; index < names.length; index += 1) values[index] = value?.(index) ?? "";
    this.#list = { names, values, repeats };
    this.#host = undefined;
    return this.#list;
  }

  #changing(): HeaderList {
    if (this.#immutable) throw new TypeError("These headers cannot be changed.");
    this.#sortedPairs = undefined;
    this.#changed = true;
    return this.#all();
  }

  append(name: unknown, value: unknown): void {
    needs(2, arguments.length);
    addHeader(this.#changing(), name, value);
    if (this.#set !== undefined) this.#set += `${headerName(name)}\n`;
  }

  /** All of a name but the one at `kept`, if any. */
  #remove(list: HeaderList, name: string, kept: number): void {
    const { names, values } = list;
    for (let index = names.length - 1; index >= 0; index -= 1) {
      if (names[index] !== name || index === kept) continue;
      names.splice(index, 1);
      values.splice(index, 1);
    }
  }

  delete(name: unknown): void {
    needs(1, arguments.length);
    const key = headerName(name);
    this.#remove(this.#changing(), key, -1);
  }

  get(name: unknown): string | null {
    if (this.#list === undefined) {
      const host = (this.#host ??= this.#read?.());
      const at = host === undefined || host.repeats ? -1 : placeOf(host.names, name);
      if (host !== undefined && at >= 0) return host.value(at);
    }
    const list = this.#all();
    // Stored names are valid and in lower case: whatever equals one is so as well.
    const at = placeOf(list.names, name);
    return at < 0 || list.repeats ? combined(list, headerName(name)) : (list.values[at] ?? "");
  }

  getSetCookie(): string[] {
    const { names, values } = this.#all();
    return values.filter((_value, index) => names[index] === "set-cookie");
  }

  has(name: unknown): boolean {
    needs(1, arguments.length);
    return placeOf(this.#all().names, headerName(name)) >= 0;
  }

  set(name: unknown, value: unknown): void {
    needs(2, arguments.length);
    const key = headerName(name);
    const next = headerValue(value, key);
    const list = this.#changing();
    if (this.#set !== undefined) this.#set += `${key}\n`;
    const at = placeOf(list.names, key);
    if (at < 0) {
      list.names[list.names.length] = key;
      list.values[list.values.length] = next;
      return;
    }
    list.values[at] = next;
    if (list.repeats) this.#remove(list, key, at);
  }

  /** Sorted by name, repeats combined, `set-cookie` one by one (Fetch, "sort and combine"). */
  #sorted(): readonly Pair[] {
    this.#sortedPairs ??= sortTexts([...new Set(this.#all().names)]).flatMap((name): Pair[] =>
      name === "set-cookie"
        ? this.getSetCookie().map((value) => [name, value])
        : [[name, this.get(name) ?? ""]],
    );
    return this.#sortedPairs;
  }
}

iteratePairs("Headers", Headers, sortedPairs);
