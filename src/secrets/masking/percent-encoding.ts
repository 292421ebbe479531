import { type Decoded, type Decoder, digitOf, type Escaping } from "./escaping.ts";

const PERCENT = 0x25;
const PLUS = 0x2b;
const SPACE = 0x20;

/** Percent-encoding (RFC 3986, section 2.1); in a form's, a plus is a space. */
const createDecoder =
  (plusIsSpace: boolean) =>
  ({ literal, decoded }: Decoded): Decoder => {
    /** The bytes of an escape so far: the sign, and the first digit. */
    let length = 0;
    let start = 0;
    let first = 0;

    const giveUp = (): void => {
      if (length > 0) literal(PERCENT, start);
      if (length > 1) literal(first, start + 1);
      length = 0;
    };

    const push = (byte: number, at: number): void => {
      if (length === 0 && byte === PERCENT) {
        start = at;
        length = 1;
      } else if (length === 0 && byte === PLUS && plusIsSpace) {
        decoded(SPACE, at, at + 1);
      } else if (length === 0) {
        literal(byte, at);
      } else if (digitOf(byte) < 0) {
        giveUp();
        push(byte, at);
      } else if (length === 1) {
        first = byte;
        length = 2;
      } else {
        length = 0;
        decoded(digitOf(first) * 16 + digitOf(byte), start, at + 1);
      }
    };

    return { push, end: giveUp, openFrom: () => (length === 0 ? undefined : start) };
  };

export const PERCENT_ENCODING: Escaping = { begins: [PERCENT], createDecoder: createDecoder(false) };
export const FORM_ENCODING: Escaping = { begins: [PERCENT, PLUS], createDecoder: createDecoder(true) };
