/**
 * What is not shown as it is, wherever a terminal may show it: controls and escape sequences, line separators, marks
 * of direction, whatever takes no place or is not assigned, and the letters of right-to-left blocks (Unicode's
 * DerivedBidiClass, defaults R and AL), which reorder the quotes around them. They would make a command read as another.
 */
const UNSHOWABLE =
  /[[^\p{L}\p{M}\p{N}\p{P}\p{S} ]\p{Default_Ignorable_Code_Point}\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufeff\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/gv;

/** Everything but this is shown; most texts are nothing but it, so that they cost one quick look. */
const BEYOND_ASCII = /[^\x20-\x7e]+/g;

export const isAscii = (text: string): boolean => !/[^\0-\x7f]/.test(text);

export const isShowable = (text: string): boolean => text.replace(BEYOND_ASCII, hideRun) === text;

const hideRun = (run: string): string => run.replace(UNSHOWABLE, "");

/** Each character that is not shown (a code point, or a surrogate that is alone) through `escape`. */
export const escapeUnshowable = (text: string, escape: (char: string) => string): string =>
  text.replace(BEYOND_ASCII, (run) => run.replace(UNSHOWABLE, escape));

/** As JSON and JavaScript write it: one `\uXXXX` for each UTF-16 unit. */
export const unicodeEscape = (char: string): string => {
  let text = "";
  for (let index = 0; index < char.length; index += 1) {
    text += `\\u${char.charCodeAt(index).toString(16).padStart(4, "0")}`;
  }
  return text;
};
