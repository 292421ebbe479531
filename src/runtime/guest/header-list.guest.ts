import { isObject } from "./define.guest.ts";
import { headerName, headerValue } from "./header-text.guest.ts";
import { get, isEnumerable, ownKeys, placeOf } from "./primordials.guest.ts";

/** Names in lower case, in order of arrival, and the values beside them. */
export interface HeaderList {
  readonly names: string[];
  readonly values: string[];
  /** Whether a name stands there more than once. */
  repeats: boolean;
}

export const addHeader = (list: HeaderList, given: unknown, value: unknown): void => {
  const name = headerName(given);
  const next = headerValue(value, name);
  const { names, values } = list;
  if (names.length > 0 && placeOf(names, name) >= 0) list.repeats = true;
  names[names.length] = name;
  values[values.length] = next;
};

/** All values of a name in one (Fetch, "get"). */
export const combined = ({ names, values }: HeaderList, name: string): string | null => {
  let at = placeOf(names, name);
  if (at < 0) return null;
  let joined = values[at] ?? "";
  for (;;) {
    at = placeOf(names, name, at + 1);
    if (at < 0) return joined;
    joined += `, ${values[at] ?? ""}`;
  }
};

export const iteratorOf = (value: object): unknown => get(value, Symbol.iterator);
const isIterable = (value: object): value is Iterable<unknown> => {
  const method = iteratorOf(value);
  return method !== undefined && method !== null;
};

const addPair = (list: HeaderList, given: unknown): void => {
  const pair = isObject(given) && isIterable(given) ? [...given] : [];
  if (pair.length !== 2) throw new TypeError("Each header must be a pair of a name and a value.");
  addHeader(list, pair[0], pair[1]);
};

/** A `HeadersInit` that is no `Headers`: pairs, or an object. */
export const readInit = (init: unknown): HeaderList => {
  if (!isObject(init)) throw new TypeError("Headers are given as an object, as pairs or as Headers.");
  const list: HeaderList = { names: [], values: [], repeats: false };
  if (isIterable(init)) {
    for (const pair of init) addPair(list, pair);
    return list;
  }
  const keys = ownKeys(init);
  for (let index = 0; index < keys.length; index += 1) {
    const key = keys[index] ?? "";
    if (isEnumerable(init, key)) addHeader(list, key, get(init, key));
  }
  return list;
};
