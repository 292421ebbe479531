import { isId } from "../../lib/id.ts";

const ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz";
/** After `exc_`, 16 digits of 5 bits: two bits of nothing, 48 of time, 4 of version, 12 of chance, 2 of variant, 12 of chance. */
const FIRST_DIGIT = 4;
const DIGITS = 16;
const CHANCE_BITS = 21;

/** An exchange's place in the order of arrival: the time in ms, and 21 bits of chance. */
export type Arrival = readonly [time: number, chance: number];

/**
 * In SQL, one number of an `Arrival`'s two values; it never leaves SQL, for JavaScript holds only 53 bits of its 63.
 * Cast, for a number that is bound is a float. Good until the year 2109.
 */
export const ARRIVAL = `((CAST(? AS INTEGER) << ${CHANCE_BITS}) + CAST(? AS INTEGER))`;

/** Before all others. */
export const NEVER: Arrival = [0, 0];

/** Told by an exchange's id (a UUIDv7), so that this order is the ids' own. `NEVER` for what is no id. */
export const arrivalOf = (id: string): Arrival => {
  if (!isId("exc", id)) return NEVER;
  let value = 0n;
  for (const digit of id.slice(FIRST_DIGIT, FIRST_DIGIT + DIGITS)) {
    value = value * 32n + BigInt(ALPHABET.indexOf(digit));
  }
  const bits = (from: number, count: number): number => Number(BigInt.asUintN(count, value >> BigInt(from)));
  return [bits(30, 42), bits(14, 12) * 2 ** 9 + bits(3, 9)];
};
