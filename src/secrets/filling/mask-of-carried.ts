import { createLru } from "../../lib/lru.ts";
import { createMask, type Mask, type MaskedSecret } from "../masking/mask.ts";
import { maskBytes } from "../masking/mask-of.ts";
import type { Placeholder } from "../placeholders.ts";
import { userAndPassword } from "./headers.ts";

/** Of the masks that nobody is using, for the next request that carries the same. */
const BUILT_BYTES = 4 * 1024 * 1024;

const built = createLru<Mask>(BUILT_BYTES);

const maskedOf = (carried: readonly Placeholder[]): readonly MaskedSecret[] =>
  carried.flatMap((placeholder) => {
    const { name, value } = placeholder.secret;
    const credentials = userAndPassword(placeholder);
    return [{ name, value }, ...(credentials === undefined ? [] : [{ name, value: credentials }])];
  });

/** Of what a request has carried: the same mask for all requests that carry the same. */
export const maskOfCarried = (carried: readonly Placeholder[]): Mask => {
  const masked = maskedOf(carried);
  // By the texts themselves: a mask of others would let these through.
  const key = JSON.stringify(masked.map(({ name, value }) => [name, value]));
  const known = built.get(key);
  if (known !== undefined) return known;
  const mask = createMask(masked);
  built.set(key, mask, maskBytes(masked) + 2 * key.length);
  return mask;
};

/** What it takes of memory for as long as an answer is looked through. */
export const carriedMaskBytes = (carried: readonly Placeholder[]): number => maskBytes(maskedOf(carried));
