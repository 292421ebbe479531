import type { FieldError } from "../../lib/errors.ts";
import { isHeaderName } from "../../lib/headers.ts";
import type { SecretPlace } from "../granted.ts";
import { isPlace } from "../terms.ts";

const MOST_PLACES = 20;
const MOST_HEADER_NAME = 100;

/** With a header's name in lower case; `undefined` when it is no place. */
const placeOf = (text: string): SecretPlace | undefined => {
  if (!isPlace(text)) return undefined;
  if (!text.startsWith("header:")) return text;
  const name = text.slice("header:".length);
  return isHeaderName(name) && name.length <= MOST_HEADER_NAME ? `header:${name.toLowerCase()}` : undefined;
};

/** All of them, each once; `faults` gets what is wrong, under `in`. */
export const checkPlaces = (given: readonly string[], faults: FieldError[]): readonly SecretPlace[] => {
  if (given.length > MOST_PLACES) {
    faults.push({ path: "in", message: `At most ${MOST_PLACES} places.` });
    return [];
  }
  const places: SecretPlace[] = [];
  for (const [index, text] of given.entries()) {
    const place = placeOf(text);
    const path = `in.${index}`;
    if (place === undefined) {
      const message = "A place is `header:NAME`, `query`, `path`, `form` or `json`.";
      faults.push({ path, message });
    } else if (places.includes(place)) faults.push({ path, message: `${place} is named twice.` });
    else places.push(place);
  }
  return places;
};
