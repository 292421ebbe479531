import { hasHeader, type HeaderPairs, isBodyless, SET_BY_PLATFORM } from "../lib/headers.ts";
import type { Reply } from "../responders/index.ts";

/** On the console's own origin these would act on the console: its cookies, its cache, its service workers, its reporting. */
const NOT_FROM_PATH_STYLE = new Set([
  "set-cookie",
  "clear-site-data",
  "nel",
  "report-to",
  "alt-svc",
  "service-worker-allowed",
]);

export interface ReplyContext {
  readonly method: string;
  readonly style: "host" | "path";
  readonly requestId: string;
}

const sendable = (headers: HeaderPairs, context: ReplyContext): Headers => {
  const sent = new Headers();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (SET_BY_PLATFORM.has(lower)) continue;
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
