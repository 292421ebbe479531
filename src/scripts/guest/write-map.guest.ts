import type { SourceOffsets } from "./source-offsets.guest.ts";

const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

const vlq = (number: number): string => {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = (rest - digit) / 32;
    text += DIGITS.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
};

/** What the engine counts of a UTF-16 unit: bytes of UTF-8, a pair of surrogates as four. */
const bytesOf = (unit: number): number => {
  if (unit < 0x80) return 1;
  if (unit < 0x800 || (unit >= 0xd800 && unit <= 0xdfff)) return 2;
  return 3;
};

/** The engine ends a line here, outside of strings; CR LF is one end. */
const endsLine = (code: string, at: number): boolean => {
  const unit = code.charCodeAt(at);
  return unit === 10 || unit === 0x2028 || unit === 0x2029 || (unit === 13 && code.charCodeAt(at + 1) !== 10);
};

/**
 * The map of `code` onto its source in the format of `positions.ts`; `null` when each place is its own.
 * Only places where the relation changes are written: a line that nothing was taken from costs one character.
 */
export const writeMap = (code: string, source: SourceOffsets): string | null => {
  let text = "";
  let line = 0;
  let column = 0;
  let lineOffset = 0;
  let columnOffset = 0;
  let written = { column: 0, sourceLine: 0, sourceColumn: 0 };
  let anchor = 0;
  let moved = source.start > 0;
  let inLine = false;
  let end = 0;
  for (let at = 0; at < code.length; at += 1) {
    while (source.anchorAt(anchor) < at) anchor += 1;
    const ends = endsLine(code, at);
    if (!ends && (moved || source.anchorAt(anchor) === at)) {
      const place = source.placeOf(at);
      if (place.line - 1 - line !== lineOffset || place.column - 1 - column !== columnOffset) {
        const next = { column, sourceLine: place.line - 1, sourceColumn: place.column - 1 };
        text +=
          (inLine ? "," : "") +
          vlq(column - (inLine ? written.column : 0)) +
          vlq(next.sourceLine - written.sourceLine) +
          vlq(next.sourceColumn - written.sourceColumn);
        written = next;
        lineOffset = next.sourceLine - line;
        columnOffset = next.sourceColumn - column;
        inLine = true;
        end = text.length;
      }
      moved = false;
    }
    if (ends) {
      text += ";";
      line += 1;
      column = 0;
      columnOffset = 0;
      inLine = false;
      moved = true;
    } else {
      const bytes = bytesOf(code.charCodeAt(at));
      column += bytes;
      // Within a run of such units nothing is looked for: one segment at its end.
      moved = bytes > 1 && code.charCodeAt(at + 1) < 0x80;
    }
  }
  return end > 0 ? text.slice(0, end) : null;
};
