import { utf8 } from "../../lib/bytes.ts";
import type { FieldError } from "../../lib/errors.ts";
import type { SecretPlace } from "../granted.ts";
import { VALUE_BYTES } from "../limits.ts";
import type { Terms } from "../terms.ts";
import { checkHosts, type HostRules, type IsPublicSuffix } from "./check-hosts.ts";
import { checkPlaces } from "./check-places.ts";

/** What a save may be given, of the right shape, its meaning unchecked. `null` is the default again. */
export interface SecretPatch {
  readonly name?: string | undefined;
  readonly value?: string | undefined;
  readonly hosts?: readonly string[] | null | undefined;
  readonly in?: readonly string[] | null | undefined;
}

export type SecretInput = SecretPatch & { readonly name: string; readonly value: string };

export const DEFAULT_TERMS = { hosts: [], places: ["header:authorization"] } as const satisfies {
  readonly hosts: readonly string[];
  readonly places: readonly SecretPlace[];
};

const NAME = /^[A-Za-z][A-Za-z0-9_-]{0,127}$/;

export interface CheckRules {
  readonly hosts: HostRules;
  readonly isPublicSuffix: IsPublicSuffix;
}

const checkName = (name: string | undefined, faults: FieldError[]): void => {
  if (name === undefined || NAME.test(name)) return;
  const message = "A name begins with a letter and has at most 128 letters, digits, `_` and `-`.";
  faults.push({ path: "name", message });
};

/** NUL and line breaks are a text's own business: what a header cannot carry fails where it would stand in one. */
const checkValue = (value: string | undefined, faults: FieldError[]): void => {
  if (value === undefined) return;
  const fault = (message: string): void => void faults.push({ path: "value", message });
  if (value === "") fault("A secret has a value.");
  else if (!value.isWellFormed())
    fault("The value holds half of a surrogate pair, which UTF-8 cannot write.");
  else if (utf8(value).length > VALUE_BYTES) fault(`A value has at most ${VALUE_BYTES} bytes in UTF-8.`);
};

/** Where the secret may be sent after this, normalised; what is not named stays as in `held`. Adds to `faults`; no value is ever in one. */
export const check = (patch: SecretPatch, held: Terms, rules: CheckRules, faults: FieldError[]): Terms => {
  checkName(patch.name, faults);
  checkValue(patch.value, faults);
  const hosts =
    patch.hosts === undefined
      ? held.hosts
      : checkHosts(patch.hosts ?? DEFAULT_TERMS.hosts, rules.hosts, rules.isPublicSuffix, faults);
  const places = patch.in === undefined ? held.places : checkPlaces(patch.in ?? DEFAULT_TERMS.places, faults);
  return { hosts, places };
};
