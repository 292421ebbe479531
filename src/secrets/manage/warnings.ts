import type { FieldError } from "../../lib/errors.ts";
import { isHeaderValue, SET_BY_PLATFORM } from "../../lib/headers.ts";
import { LOOKED_FOR_BYTES } from "../limits.ts";
import type { Terms } from "../terms.ts";

export interface SavedState extends Terms {
  readonly bytes: number;
  /** When this save gave it. */
  readonly value: string | undefined;
}

const isOfPlatform = (header: string): boolean => header === "host" || SET_BY_PLATFORM.has(header);

const placeWarnings = ({ places }: Terms): readonly FieldError[] =>
  places.flatMap((place, index) => {
    const header = place.startsWith("header:") ? place.slice("header:".length) : "";
    if (!isOfPlatform(header)) return [];
    return [{ path: `in.${index}`, message: `${header} is set by the platform: it carries no secret.` }];
  });

const valueWarnings = ({ value, hosts, places }: SavedState): readonly FieldError[] => {
  if (value === undefined) return [];
  const inHeader = hosts.length > 0 && places.some((place) => place.startsWith("header:"));
  const warnings: FieldError[] = [];
  if (inHeader && !isHeaderValue(value)) {
    const message =
      "The value holds a character that no header may carry (CR, LF, NUL, or one above U+00FF): it cannot stand in one.";
    warnings.push({ path: "value", message });
  }
  // A key in PEM form ends in a line break for good reason.
  if (value.trim() !== value && !/[\r\n]/.test(value.trim())) {
    const message = "The value begins or ends with white space, which is a part of it. Was it meant?";
    warnings.push({ path: "value", message });
  }
  return warnings;
};

/** What will not do what the secret's owner seems to want. Nothing of it keeps the secret from working. */
export const warningsOf = (saved: SavedState): readonly FieldError[] => {
  const warnings: FieldError[] = [];
  if (saved.bytes < LOOKED_FOR_BYTES) {
    const message = `Values under ${LOOKED_FOR_BYTES} bytes are not looked for: where this one comes from outside, the journal shows it.`;
    warnings.push({ path: "value", message });
  }
  if (saved.hosts.length === 0) {
    const message = "Without hosts it is sent nowhere: scripts can sign, verify and compare with it only.";
    warnings.push({ path: "hosts", message });
  } else if (saved.places.length === 0) {
    const message = "Without a place it is sent nowhere: scripts can sign, verify and compare with it only.";
    warnings.push({ path: "in", message });
  }
  return [...warnings, ...placeWarnings(saved), ...valueWarnings(saved)];
};
