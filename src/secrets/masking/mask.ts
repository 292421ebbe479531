import { concat, EMPTY, fromUtf8, utf8 } from "../../lib/bytes.ts";
import type { GrantedSecret } from "../granted.ts";
import { LOOKED_FOR_BYTES } from "../limits.ts";
import { secretForms } from "./forms.ts";
import { JSON_ESCAPES } from "./json-escapes.ts";
import { createMasking, type Masking, type MaskingPlan } from "./masking.ts";
import { FORM_ENCODING, PERCENT_ENCODING } from "./percent-encoding.ts";
import { planSearch } from "./search.ts";

/** Takes out what must not be seen, and puts a mark in its place. */
export interface Mask {
  readonly hides: "nothing" | "secrets" | "everything";
  /** The same string when nothing is found. Where something is, half a surrogate pair becomes U+FFFD. */
  readonly text: (text: string) => string;
  /** Of a text that was cut: leaves out what at its end may be the beginning of a secret as well. */
  readonly beginning: (text: string) => string;
  /**
   * The same object when nothing is found. With `most`, what becomes of the first `most` bytes: the rest is looked at only as
   * far as what begins before reaches, and is left out when something is found.
   */
  readonly bytes: (bytes: Uint8Array<ArrayBuffer>, most?: number) => Uint8Array<ArrayBuffer>;
  /** The same across chunks, however they are cut: holds back only what may be the beginning of a secret. */
  readonly stream: () => TransformStream<Uint8Array, Uint8Array>;
  /** In bytes: how far behind `most` a secret may reach that begins before. */
  readonly reach: number;
}

/** What is masked under which name. */
export type MaskedSecret = Pick<GrantedSecret, "name" | "value">;

const withhold = (text: string): string => (text === "" ? text : "[withheld]");
/** A character of a string is three bytes of UTF-8 at most. */
const BYTES_A_CHARACTER = 3;
/** A byte of a secret is six at most: `\u0041`. */
const LONGEST_ESCAPE = 6;

const streamOf = (plan: MaskingPlan): TransformStream<Uint8Array, Uint8Array> => {
  let masking: Masking | undefined;
  return new TransformStream<Uint8Array, Uint8Array>({
    start: (controller) => {
      masking = createMasking(plan, (bytes) => {
        controller.enqueue(bytes);
      });
    },
    transform: (chunk) => {
      masking?.push(chunk);
    },
    flush: () => {
      masking?.end();
    },
  });
};

/** Passes everything on: of no secrets, or none that is long enough. */
export const HIDES_NOTHING: Mask = {
  hides: "nothing",
  text: (text) => text,
  beginning: (text) => text,
  bytes: (bytes) => bytes,
  stream: () => new TransformStream(),
  reach: 0,
};

/** For when the secrets could not be opened: there is nothing to compare with, so nothing can be shown. */
export const HIDES_EVERYTHING: Mask = {
  hides: "everything",
  text: withhold,
  beginning: withhold,
  bytes: () => EMPTY,
  stream: () => new TransformStream({ transform: () => {} }),
  reach: 0,
};

/** Which forms are looked for, in the order of names: of equal ones the first counts. `undefined` when there are none. */
const planFor = (secrets: readonly MaskedSecret[]): MaskingPlan | undefined => {
  const looked = secrets
    .toSorted((left, right) => (left.name < right.name ? -1 : 1))
    .map(({ name, value }) => ({ mark: utf8(`[secret ${name}]`), forms: secretForms(value) }));
  const patterns = looked.flatMap(({ forms }) => forms);
  if (patterns.length === 0) return undefined;
  // Where no secret holds a space, a plus can stand for none.
  const hasSpace = secrets.some(({ value }) => value.includes(" "));
  const escapings = [PERCENT_ENCODING, JSON_ESCAPES, ...(hasSpace ? [FORM_ENCODING] : [])];
  return {
    ...planSearch(patterns, escapings),
    marks: looked.flatMap(({ mark, forms }) => forms.map(() => mark)),
  };
};

/**
 * `[secret NAME]` in place of every secret of eight bytes or more, as it is and in base64, base64url, hexadecimal,
 * percent-encoded and JSON-escaped. What overlaps or touches becomes one mark, of the longest. Costs time linear in the
 * input: 2 ns a byte of JSON, measured, and up to 35 where all is escaped. Making one takes 0.1 ms for a secret of 32 bytes, and
 * 160 bytes of memory for each byte of the secrets.
 */
export const createMask = (secrets: readonly MaskedSecret[]): Mask => {
  const plan = planFor(secrets);
  if (plan === undefined) return HIDES_NOTHING;

  const reach = plan.matcher.longest * LONGEST_ESCAPE;

  const bytes: Mask["bytes"] = (given, most = given.length) => {
    const looked = given.subarray(0, most + reach);
    // Neither a secret nor an escape begins anywhere: so it is with most headers and lines.
    if (plan.matcher.skip(looked, 0) >= Math.min(most, looked.length - 1)) return given;
    const parts: Uint8Array[] = [];
    const masking = createMasking(plan, (part) => parts.push(part), most);
    masking.push(looked);
    masking.end();
    return masking.hasFound() ? concat(parts) : given;
  };

  return {
    hides: "secrets",
    text: (text) => {
      if (text.length * BYTES_A_CHARACTER < LOOKED_FOR_BYTES) return text;
      const given = utf8(text);
      const masked = bytes(given);
      return masked === given ? text : fromUtf8(masked);
    },
    beginning: (text) => {
      const parts: Uint8Array[] = [];
      // Without an end, what is held back stays so.
      createMasking(plan, (part) => parts.push(part)).push(utf8(text));
      return fromUtf8(concat(parts));
    },
    bytes,
    stream: () => streamOf(plan),
    reach,
  };
};
