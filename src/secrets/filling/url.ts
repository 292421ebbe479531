import type { Placeholder, Placeholders } from "../placeholders.ts";
import { replacePlaceholders } from "./find.ts";
import { noCredentials, type Spot, spotsAllowed, spotsForbidden, spotsInPairs } from "./spot.ts";

/** As one value of a query or a form, or within one segment of a path; halves of surrogate pairs become U+FFFD. The URL parser leaves it as it is. */
export const percentEncode = ({ secret }: Placeholder): string =>
  encodeURIComponent(secret.value.toWellFormed()).replaceAll("'", "%27");

/** A segment that servers resolve, in any spelling (WHATWG URL, "single-dot" and "double-dot URL path segment"). */
const DOT_SEGMENT = /^(?:\.|%2e){1,2}$/i;

/** Stops a value from choosing another resource than the script's author saw: servers decode `%2F`, and resolve dots. */
const spotsInSegment = (segment: string, placeholders: Placeholders): readonly Spot[] => {
  const isDots = DOT_SEGMENT.test(replacePlaceholders(segment, placeholders, percentEncode));
  return spotsAllowed(segment, placeholders, "path", (placeholder) => {
    if (/[/\\]/.test(placeholder.secret.value)) return "its value holds a slash, which would add a segment";
    return isDots ? "it would make a segment of dots" : noCredentials(placeholder);
  });
};

/** Places in a URL that has been parsed: what the parser drops or decodes hides nothing. */
export const spotsInUrl = (url: URL, placeholders: Placeholders): readonly Spot[] => [
  ...spotsForbidden(url.username, placeholders, "the user part of the URL"),
  ...spotsForbidden(url.password, placeholders, "the user part of the URL"),
  ...spotsForbidden(url.hostname, placeholders, "the URL's host"),
  ...spotsForbidden(url.hash, placeholders, "the URL's fragment"),
  ...url.pathname.split("/").flatMap((segment) => spotsInSegment(segment, placeholders)),
  ...spotsInPairs(url.search.slice(1), placeholders, "query"),
];

/** Filled in where `spotsInUrl` found no fault: in path and query alone. */
export const fillUrl = (url: URL, placeholders: Placeholders): string =>
  replacePlaceholders(url.href, placeholders, percentEncode);
