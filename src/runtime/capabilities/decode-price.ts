import { isUtf8 } from "node:buffer";
import { FUEL_PER_MS } from "../fuel.ts";

const NANOSECOND = FUEL_PER_MS / 1_000_000;
/** The platform's decoder, measured in workerd: valid UTF-8 is a copy, each replaced byte costs twenty times that. */
const VALID = 1.5 * NANOSECOND;
const INVALID = 28 * NANOSECOND;

/** Fuel for decoding bytes as UTF-8. Validity is found out at a tenth of a nanosecond a byte. */
export const decodePrice = (bytes: Uint8Array): number => bytes.length * (isUtf8(bytes) ? VALID : INVALID);
