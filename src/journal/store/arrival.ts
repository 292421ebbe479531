import { isId } from "../../lib/id.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** After `exc_`, 13 digits of 5 bits: two bits of nothing, 48 of time, 4 of version, 11 of chance. */
const FIRST_DIGIT = 4;
const DIGITS = 13;
const CHANCE_BITS = 11n;
const VERSION_BITS = 4n;

/**
 * An exchange's place in the order of arrival, told by its id (a UUIDv7): the time, and 11 bits of chance. A whole
 * number under 2^53 until the year 2109, which is what JavaScript reads from SQLite exactly. 0 for what is no id.
 */
export const arrivalOf = (id: string): number => {
  if (!isId("exc", id)) return 0;
  let value = 0n;
  for (const digit of id.slice(FIRST_DIGIT, FIRST_DIGIT + DIGITS)) {
    value = value * 32n + BigInt(ALPHABET.indexOf(digit));
  }
  const time = BigInt.asUintN(42, value >> (CHANCE_BITS + VERSION_BITS));
  return Number((time << CHANCE_BITS) + BigInt.asUintN(Number(CHANCE_BITS), value));
};
