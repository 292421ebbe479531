import { base64 } from "../../lib/bytes.ts";
import { escapeUnshowable, unicodeEscape } from "../showable.ts";

/** In whichever quotes need fewer escapes. JSON's escapes mean the same in JavaScript and Python. */
const literal = (text: string, escape: (char: string) => string): string => {
  const inner = escapeUnshowable(JSON.stringify(text).slice(1, -1), escape);
  return text.includes('"') && !text.includes("'") ? `'${inner.replaceAll('\\"', '"')}'` : `"${inner}"`;
};

/** `</` and `<!--` are broken up: pasted into a page, a body must not end its script element. */
export const scriptString = (text: string): string =>
  literal(text, unicodeEscape).replaceAll(/<(?=\/|!--)/g, "\\u003c");

/** Beyond U+FFFF Python has `\U` and eight digits: two surrogates would stay two. */
const pythonEscape = (char: string): string =>
  char.length === 1 ? unicodeEscape(char) : `\\U${(char.codePointAt(0) ?? 0).toString(16).padStart(8, "0")}`;

export const pythonString = (text: string): string => literal(text, pythonEscape);

/** Lines of 76, as in MIME: a terminal takes 4,096 characters at once, and every decoder here skips their ends. */
export const base64Lines = (bytes: Uint8Array): string => base64(bytes).replaceAll(/.{76}(?=.)/g, "$&\n");
