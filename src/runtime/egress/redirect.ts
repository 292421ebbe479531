import type { Outgoing } from "./outgoing.ts";
import { type Refusal, refused } from "./policy.ts";

const STATUSES: ReadonlySet<number> = new Set([301, 302, 303, 307, 308]);
/** Of a body that is not sent again (Fetch, "request-body-header name"). */
const OF_THE_BODY = ["content-encoding", "content-language", "content-location", "content-type"];
/** They are for the origin that they were given for. */
const OF_THE_ORIGIN = ["authorization", "cookie", "proxy-authorization"];

export type NextHop =
  /** The answer stands as it is. */
  { readonly kind: "none" } | { readonly kind: "next"; readonly outgoing: Outgoing } | Refusal;

/** Where an answer sends its request on to, as HTTP-redirect fetch of the Fetch standard rewrites it. `sent` is as the script wrote it. */
export const nextHop = (sent: Outgoing, status: number, location: string | null): NextHop => {
  if (!STATUSES.has(status) || location === null) return { kind: "none" };
  if (!URL.canParse(location, sent.url)) return refused("bad-url", "Invalid URL (in a redirect)");
  const url = new URL(location, sent.url);
  const { method } = sent;
  const becomesGet =
    ((status === 301 || status === 302) && method === "POST") ||
    (status === 303 && method !== "GET" && method !== "HEAD");
  const body = becomesGet ? null : sent.body;
  const isSpent = sent.body !== null && sent.body.kind !== "bytes";
  // Only of 303 the standard says that the body does not matter.
  if (isSpent && !(status === 303 && becomesGet)) {
    return refused(
      "body",
      `Upstream request failed: it redirects (${status}), and a streamed body cannot be sent again`,
    );
  }
  const headers = new Headers(sent.headers);
  if (becomesGet) for (const name of OF_THE_BODY) headers.delete(name);
  if (url.origin !== new URL(sent.url).origin) for (const name of OF_THE_ORIGIN) headers.delete(name);
  return { kind: "next", outgoing: { method: becomesGet ? "GET" : method, url: url.href, headers, body } };
};
