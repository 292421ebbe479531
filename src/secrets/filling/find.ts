import { fromBase64, fromUtf8, utf8 } from "../../lib/bytes.ts";
import { base64Forms, FIRST_WHOLE } from "../masking/forms.ts";
import {
  type Placeholder,
  PLACEHOLDER,
  PLACEHOLDER_LENGTH,
  PLACEHOLDER_PREFIX,
  type Placeholders,
} from "../placeholders.ts";

const ANY_CASE = new RegExp(PLACEHOLDER, "gi");
const HEXADECIMAL = /68777365635f(?:[0-9a-f]{2}){40}/gi;
const BASE64_PREFIXES = base64Forms(utf8(PLACEHOLDER_PREFIX));
/** Only such as may stand for a placeholder's characters. */
const PERCENT_ENCODED = /%([2-7][0-9a-f])/gi;
const JSON_ESCAPED = /\\u00([2-7][0-9a-f])/gi;

/** This run's placeholders in a text, in their order. */
export const findPlain = (text: string, { find }: Placeholders): readonly Placeholder[] =>
  Array.from(text.matchAll(PLACEHOLDER), ([found]) => find(found)).filter((found) => found !== undefined);

/** A text with this run's placeholders written as they stand for. */
export const replacePlaceholders = (
  text: string,
  { find }: Placeholders,
  write: (placeholder: Placeholder) => string,
): string =>
  text.replaceAll(PLACEHOLDER, (found) => {
    const placeholder = find(found);
    return placeholder === undefined ? found : write(placeholder);
  });

const fromHexDigits = (digits: string): string =>
  digits.replaceAll(/../g, (pair) => String.fromCharCode(Number.parseInt(pair, 16)));

/** What may be a placeholder in base64 of either alphabet, behind any number of other bytes. */
const inBase64 = function* inBase64(text: string): Iterable<string> {
  for (const [before, prefix] of BASE64_PREFIXES.entries()) {
    const missing = FIRST_WHOLE[before] ?? 0;
    const length = Math.ceil(((before + PLACEHOLDER_LENGTH) * 8) / 6) - missing;
    for (let at = text.indexOf(prefix); at !== -1; at = text.indexOf(prefix, at + 1)) {
      const letters = text
        .slice(at, at + length)
        .replaceAll("-", "+")
        .replaceAll("_", "/");
      const bytes = fromBase64("A".repeat(missing) + letters) ?? new Uint8Array();
      const random = bytes.subarray(before + PLACEHOLDER_PREFIX.length, before + PLACEHOLDER_LENGTH);
      yield PLACEHOLDER_PREFIX + fromUtf8(random);
    }
  }
};

const inOtherLetters = function* inOtherLetters(text: string): Iterable<string> {
  for (const [found] of text.matchAll(ANY_CASE)) if (found !== found.toLowerCase()) yield found.toLowerCase();
  for (const [found] of text.matchAll(HEXADECIMAL)) yield fromHexDigits(found);
  yield* inBase64(text);
};

const unescaped = (text: string, escape: RegExp): string =>
  text.replaceAll(escape, (_, digits: string) => fromHexDigits(digits));

/**
 * One of this run's placeholders that stands in a text otherwise than it was given: in other case, hexadecimal or base64,
 * or with characters percent-encoded or escaped as in JSON. It would not be filled in, and its reader could make nothing of it.
 */
export const findEncoded = (text: string, placeholders: Placeholders): Placeholder | undefined => {
  const plain = findPlain(text, placeholders);
  for (const view of [text, unescaped(text, PERCENT_ENCODED), unescaped(text, JSON_ESCAPED)]) {
    for (const letters of inOtherLetters(view)) {
      const found = placeholders.find(letters);
      if (found !== undefined) return found;
    }
    // A view holds those that stand there plainly as well, in the same order.
    const added = findPlain(view, placeholders).find(
      ({ text: letters }, index) => letters !== plain[index]?.text,
    );
    if (added !== undefined) return added;
  }
  return undefined;
};
