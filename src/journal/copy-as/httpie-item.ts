import type { HeaderPair } from "../../lib/headers.ts";

/**
 * HTTPie's items: the first of the separators `:` `;` `=` `@` `:=` `==` `:@` `=@` `:=@` `==@` decides what an item is,
 * the longest of those that begin there; a backslash before one of their characters takes its meaning away. A header's
 * name has none of them, so that only the beginning of its value can make another separator, or name a file.
 */
const BEGINS_A_SEPARATOR = /^[=@]/;

/** An odd backslash before such a character always takes it: a value with one cannot be written. */
const TAKES_A_CHARACTER = /(?<!\\)\\(?:\\\\)*[:;=@]/;

/** HTTPie strips what Python takes for white space, which is more than HTTP's. */
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const AT_AN_END = /^[\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000]/;

const isStripped = (value: string): boolean => AT_AN_END.test(value) || AT_AN_END.test(value.slice(-1));

/** `undefined` when HTTPie cannot say it. */
export const headerItem = ([name, value]: HeaderPair): string | undefined => {
  if (value === "") return `${name};`;
  if (isStripped(value) || TAKES_A_CHARACTER.test(value)) return undefined;
  return `${name}:${BEGINS_A_SEPARATOR.test(value) ? "\\" : ""}${value}`;
};
