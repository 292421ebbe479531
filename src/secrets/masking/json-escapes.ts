import { type Decoded, type Decoder, digitOf, type Escaping } from "./escaping.ts";

const BACKSLASH = 0x5c;
const LETTER_U = 0x75;

/** What stands behind a backslash for one character (RFC 8259, section 7), and that character. */
const SHORT_ESCAPES: ReadonlyMap<number, number> = new Map([
  [0x22, 0x22],
  [BACKSLASH, BACKSLASH],
  [0x2f, 0x2f],
  [0x62, 0x08],
  [0x66, 0x0c],
  [0x6e, 0x0a],
  [0x72, 0x0d],
  [0x74, 0x09],
]);

const isHigh = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;
const isLow = (unit: number): boolean => unit >= 0xdc00 && unit <= 0xdfff;
/** What UTF-8 has for half of a surrogate pair. */
const REPLACEMENT = 0xfffd;

/** In UTF-8. */
const bytesOf = (codePoint: number): readonly number[] => {
  if (codePoint < 0x80) return [codePoint];
  const last = 0x80 | (codePoint & 0x3f);
  const second = 0x80 | ((codePoint >> 6) & 0x3f);
  if (codePoint < 0x800) return [0xc0 | (codePoint >> 6), last];
  if (codePoint < 0x10000) return [0xe0 | (codePoint >> 12), second, last];
  return [0xf0 | (codePoint >> 18), 0x80 | ((codePoint >> 12) & 0x3f), second, last];
};

/** The escapes of JSON's strings, wherever they stand. */
const createDecoder = ({ literal, decoded }: Decoded): Decoder => {
  /** The bytes of an escape so far: the backslash, `u`, and up to three digits. */
  let open: number[] = [];
  let start = 0;
  /** The first half of a surrogate pair, which waits for the second. */
  let high: { readonly unit: number; readonly start: number; readonly end: number } | undefined;

  const put = (codePoint: number, from: number, end: number): void => {
    for (const byte of bytesOf(codePoint)) decoded(byte, from, end);
  };

  const giveUpHigh = (): void => {
    if (high !== undefined) put(REPLACEMENT, high.start, high.end);
    high = undefined;
  };

  const giveUp = (): void => {
    giveUpHigh();
    for (const [index, byte] of open.entries()) literal(byte, start + index);
    open = [];
  };

  const putUnit = (unit: number, end: number): void => {
    if (high !== undefined && isLow(unit)) {
      const from = high.start;
      const codePoint = 0x10000 + ((high.unit - 0xd800) << 10) + (unit - 0xdc00);
      high = undefined;
      put(codePoint, from, end);
      return;
    }
    giveUpHigh();
    if (isHigh(unit)) high = { unit, start, end };
    else put(isLow(unit) ? REPLACEMENT : unit, start, end);
  };

  const push = (byte: number, at: number): void => {
    if (open.length === 0) {
      if (byte === BACKSLASH) {
        start = at;
        open.push(byte);
        return;
      }
      giveUpHigh();
      literal(byte, at);
      return;
    }
    const short = open.length === 1 ? SHORT_ESCAPES.get(byte) : undefined;
    if (short !== undefined) {
      open = [];
      putUnit(short, at + 1);
    } else if (open.length === 1 ? byte !== LETTER_U : digitOf(byte) < 0) {
      giveUp();
      push(byte, at);
    } else if (open.length < 5) {
      open.push(byte);
    } else {
      const digits = [...open.slice(2), byte];
      open = [];
      putUnit(
        digits.reduce((value, digit) => value * 16 + digitOf(digit), 0),
        at + 1,
      );
    }
  };

  return { push, end: giveUp, openFrom: () => high?.start ?? (open.length === 0 ? undefined : start) };
};

export const JSON_ESCAPES: Escaping = { begins: [BACKSLASH], createDecoder };
