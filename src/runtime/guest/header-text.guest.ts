import {
  asText,
  charCode,
  indexOf,
  lowerCase,
  matches,
  sliceText,
  stringifyJson,
  trim,
} from "./primordials.guest.ts";

const NO_NAME = /[^!#$%&'*+\-.^_`|~0-9A-Za-z]/;
// Searching for one character that does not fit is the cheapest way to ask this engine.
// eslint-disable-next-line no-control-regex -- naming the control characters is the point
const NO_VALUE = /[^\x01-\x09\x0b\x0c\x0e-\xff]/;

/** The names that nearly all headers have, in both spellings: what is found here needs no further look. */
const knownNames = (): Readonly<Record<string, string>> => {
  const names: Record<string, string> = Object.create(null);
  const common =
    "accept authorization cache-control content-disposition content-encoding content-length content-type cookie etag host location set-cookie user-agent vary www-authenticate x-request-id";
  for (const name of common.split(" ")) {
    names[name] = name;
    names[name.replace(/(?:^|-)[a-z]/g, (first) => first.toUpperCase())] = name;
  }
  return names;
};
const KNOWN = knownNames();

const isSpace = (code: number): boolean => code === 0x20 || code === 0x09 || code === 0x0a || code === 0x0d;

/** Without the white space around it, CR and LF included (Fetch, "normalize"). */
const normalize = (value: string): string => {
  // JavaScript's idea of white space is wider: what it leaves alone needs no look.
  if (trim(value).length === value.length) return value;
  let from = 0;
  let to = value.length;
  while (from < to && isSpace(charCode(value, from))) from += 1;
  while (to > from && isSpace(charCode(value, to - 1))) to -= 1;
  return sliceText(value, from, to);
};

export const headerName = (given: unknown): string => {
  const text = asText(given);
  const known = KNOWN[text];
  if (known !== undefined) return known;
  if (text === "" || matches(NO_NAME, text))
    throw new TypeError(`Invalid header name: ${stringifyJson(sliceText(text, 0, 100))}`);
  return lowerCase(text);
};

export const headerValue = (given: unknown, name: string): string => {
  const value = normalize(asText(given));
  if (matches(NO_VALUE, value)) {
    throw new TypeError(`Invalid value of the header ${name}: no line breaks, no NUL, nothing above U+00FF.`);
  }
  return value;
};

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
