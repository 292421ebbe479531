/** Numbers as maps write them: base64 VLQ, as in source maps (ECMA-426). */
const DIGITS = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

export const writeNumber = (number: number): string => {
  let rest = number < 0 ? -number * 2 + 1 : number * 2;
  let text = "";
  do {
    const digit = rest % 32;
    rest = (rest - digit) / 32;
    text += DIGITS.charAt(rest > 0 ? digit + 32 : digit);
  } while (rest > 0);
  return text;
};

/** All numbers of a text; what is none of its digits counts as something, without a throw. */
export const readNumbers = (text: string): readonly number[] => {
  const numbers: number[] = [];
  let value = 0;
  let shift = 1;
  for (const letter of text) {
    const digit = DIGITS.indexOf(letter);
    value += (digit & 31) * shift;
    shift *= 32;
    if (digit >= 32) continue;
    numbers.push(value % 2 === 0 ? value / 2 : -(value - 1) / 2);
    value = 0;
    shift = 1;
  }
  return numbers;
};
