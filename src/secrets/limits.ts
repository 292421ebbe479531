/** Of one value, in UTF-8. */
export const VALUE_BYTES = 10 * 1024;
/** Of all the values that one responder is granted. */
export const GRANTED_BYTES = 64 * 1024;
/** Shorter values are not looked for in what is kept: they would be found everywhere. */
export const LOOKED_FOR_BYTES = 8;
