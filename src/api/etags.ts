import type { IfMatch } from "../lib/etag.ts";
import { ApiProblem } from "./problems.ts";

/** The field `etag` as the header has it: a strong one (RFC 9110, section 8.8.3). */
export const quoteEtag = (etag: string): string => `"${etag}"`;

/**
 * `If-Match`: absent, `*`, or a list of etags, each as in the header or bare as in the field. A weak one
 * (`W/"…"`, as a proxy that compresses makes it) never matches, as the standard wants.
 */
export const parseIfMatch = (header: string | null): IfMatch => {
  if (header === null) return undefined;
  const items = header.split(",").map((item) => item.trim());
  if (items.includes("*")) return "*";
  const etags = items
    .filter((item) => item !== "" && !item.startsWith("W/"))
    .map((item) => item.replace(/^"(.*)"$/, "$1"));
  if (items.every((item) => item === "")) {
    throw new ApiProblem("stale", "If-Match is empty: send the etag that you read, or leave the header out.");
  }
  return etags;
};
