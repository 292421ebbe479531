import { Buffer } from "node:buffer";
import { createLru } from "../../lib/lru.ts";
import { isLookedFor } from "./forms.ts";
import { createMask, HIDES_NOTHING, type Mask, type MaskedSecret } from "./mask.ts";

/** The largest, of `GRANTED_BYTES`, takes 10 of them. */
const BUILT_BYTES = 12 * 1024 * 1024;
/** For each byte of the secrets, measured. */
const BYTES_A_BYTE = 160;
/** Of a mask, however short its secrets. */
const OVERHEAD_BYTES = 16 * 1024;

/** What a mask of these takes of memory. */
export const maskBytes = (secrets: readonly MaskedSecret[]): number =>
  secrets.reduce((sum, { value }) => sum + BYTES_A_BYTE * Buffer.byteLength(value), OVERHEAD_BYTES);

const built = createLru<Mask>(BUILT_BYTES);
let count = 0;

/** Built when it first looks at something, and again when it was displaced meanwhile: who holds it holds no more than the secrets. */
const createLazily = (secrets: readonly MaskedSecret[]): Mask => {
  if (!secrets.some(({ value }) => isLookedFor(value))) return HIDES_NOTHING;
  count += 1;
  const key = String(count);
  const mask = (): Mask => {
    const known = built.get(key);
    if (known !== undefined) return known;
    const made = createMask(secrets);
    built.set(key, made, maskBytes(secrets));
    return made;
  };
  return {
    hides: "secrets",
    text: (text) => mask().text(text),
    beginning: (text) => mask().beginning(text),
    bytes: (bytes, most) => mask().bytes(bytes, most),
    stream: () => mask().stream(),
    get reach() {
      return mask().reach;
    },
  };
};

const masks = new WeakMap<readonly MaskedSecret[], Mask>();

/**
 * One mask for one array of secrets: while what is granted stays the same array, it is the same. What all of them take
 * is bounded: stops an account with many large grants, or many hits at once, from filling the isolate's memory.
 */
export const maskOf = (secrets: readonly MaskedSecret[]): Mask => {
  const mask = masks.get(secrets) ?? createLazily(secrets);
  masks.set(secrets, mask);
  return mask;
};
