import { hasHeader, type HeaderPairs } from "../lib/headers.ts";
import type { Reply } from "../responders/index.ts";

/** Of one connection (RFC 9110, section 7.6.1), or set by the platform from the body that it really sends. */
const NOT_OURS_TO_SEND = new Set([
  "connection",
  "content-length",
  "keep-alive",
  "proxy-connection",
  "te",
  "trailer",
  "transfer-encoding",
  "upgrade",
]);

/** On the console's own origin these would act on the console: its cookies, its cache, its service workers, its reporting. */
const NOT_FROM_PATH_STYLE = new Set([
  "set-cookie",
  "clear-site-data",
  "nel",
  "report-to",
  "alt-svc",
  "service-worker-allowed",
]);

/** Statuses whose answer has no body (Fetch, "null body status"): Workers refuse to build one with it. */
export const isBodyless = (status: number): boolean => status === 204 || status === 205 || status === 304;

export interface ReplyContext {
  readonly method: string;
  readonly style: "host" | "path";
  readonly requestId: string;
}

const sendable = (headers: HeaderPairs, context: ReplyContext): Headers => {
  const sent = new Headers();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (NOT_OURS_TO_SEND.has(lower)) continue;
    if (context.style === "path" && NOT_FROM_PATH_STYLE.has(lower)) continue;
    sent.append(name, value);
  }
  if (!hasHeader(headers, "x-request-id")) sent.set("x-request-id", context.requestId);
  // A second policy can only narrow the script's own: the page is cut off from the console's origin.
  if (context.style === "path") sent.append("content-security-policy", "sandbox");
  return sent;
};

/** A reply as the platform sends it. */
export const toResponse = (reply: Reply, context: ReplyContext): Response => {
  const headers = sendable(reply.headers, context);
  const { body, status } = reply;
  if (isBodyless(status)) return new Response(null, { status, headers });
  if (context.method === "HEAD") {
    headers.set("content-length", String(body?.length ?? 0));
    return new Response(null, { status, headers });
  }
  // "manual": bytes that the user encoded go out as they are, not encoded once more.
  return new Response(body, {
    status,
    headers,
    encodeBody: headers.has("content-encoding") ? "manual" : "automatic",
  });
};
