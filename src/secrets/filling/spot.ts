import type { SecretPlace } from "../granted.ts";
import { type Placeholder, PLACEHOLDER_LENGTH, type Placeholders } from "../placeholders.ts";
import { findEncoded, findPlain } from "./find.ts";

/** Where a placeholder was found in a request. */
export interface Spot {
  readonly placeholder: Placeholder;
  /** `null` where none may ever stand. */
  readonly place: SecretPlace | null;
  /** The same for people. */
  readonly where: string;
  /** Why this one cannot be filled in even so, as the end of a sentence. */
  readonly fault: string | null;
}

/** What is wrong with what a placeholder stands for at a place. */
export type FindFault = (placeholder: Placeholder) => string | null;

const ENCODED = "it is encoded there, and only a placeholder as it was given is filled in";

/** Basic credentials make sense in one header only, which has a rule of its own. */
export const noCredentials: FindFault = ({ basicUser }) =>
  basicUser === null
    ? null
    : "Basic credentials can only be all of an authorization header, or all that follows `Basic` in it";

const spotsIn = (
  text: string,
  placeholders: Placeholders,
  { place, where }: Pick<Spot, "place" | "where">,
  findFault: FindFault,
): readonly Spot[] => {
  // No encoding is shorter: most values end here.
  if (text.length < PLACEHOLDER_LENGTH) return [];
  const spots: Spot[] = [];
  for (const placeholder of findPlain(text, placeholders)) {
    spots.push({ placeholder, place, where, fault: findFault(placeholder) });
  }
  const encoded = findEncoded(text, placeholders);
  if (encoded !== undefined) spots.push({ placeholder: encoded, place, where, fault: ENCODED });
  return spots;
};

/** In a text where secrets may stand that are allowed this place. */
export const spotsAllowed = (
  text: string,
  placeholders: Placeholders,
  place: SecretPlace,
  findFault: FindFault = noCredentials,
): readonly Spot[] => spotsIn(text, placeholders, { place, where: place }, findFault);

/** In a text where none may stand. */
export const spotsForbidden = (text: string, placeholders: Placeholders, where: string): readonly Spot[] =>
  spotsIn(text, placeholders, { place: null, where }, () => null);

/** Of `a=1&b=2`: in a value, or in a name, where none may stand. */
export const spotsInPairs = (
  text: string,
  placeholders: Placeholders,
  place: "query" | "form",
): readonly Spot[] => {
  const nameWhere = `a name in the ${place}`;
  if (spotsForbidden(text, placeholders, nameWhere).length === 0) return [];
  return text.split("&").flatMap((pair) => {
    const equals = pair.indexOf("=");
    const end = equals === -1 ? pair.length : equals;
    const inName = spotsForbidden(pair.slice(0, end), placeholders, nameWhere);
    return inName.concat(spotsAllowed(pair.slice(end + 1), placeholders, place));
  });
};
