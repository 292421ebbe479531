import type { IfMatch } from "../lib/etag.ts";
import { ApiProblem } from "./problems.ts";

/** The field `etag` as the header has it: a strong one (RFC 9110, section 8.8.3). */
export const quoteEtag = (etag: string): string => `"${etag}"`;

/**
 * `If-Match`: absent, `*`, or a list of etags, each as in the header or bare as in the field. `W/"…"` counts as well:
 * a proxy that compresses an answer weakens its etag, and ours names a version, not the bytes of an answer.
 */
export const parseIfMatch = (header: string | null): IfMatch => {
  if (header === null) return undefined;
  const etags = header
    .split(",")
    .map((item) => item.trim().replace(/^(?:W\/)?"(.*)"$/, "$1"))
    .filter((etag) => etag !== "");
  if (etags.length === 0) {
    throw new ApiProblem("stale", "If-Match is empty: send the etag that you read, or leave the header out.");
  }
  return etags.includes("*") ? "*" : etags;
};
