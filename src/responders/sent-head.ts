import { isBodyless, SET_BY_PLATFORM } from "../lib/headers.ts";
import type { Reply } from "./hit.ts";

/** On the console's own origin these would act on the console: its cookies, its cache, its service workers, its reporting. */
const NOT_FROM_PATH_STYLE = new Set([
  "set-cookie",
  "clear-site-data",
  "nel",
  "report-to",
  "alt-svc",
  "service-worker-allowed",
]);

/** To which request a reply goes out. */
export interface ReplyContext {
  readonly method: string;
  readonly style: "host" | "path";
  readonly requestId: string;
}

/** What every answer's headers go through, changed in place. */
export const finishHead = (headers: Headers, { style, requestId }: ReplyContext): void => {
  if (!headers.has("x-request-id")) headers.set("x-request-id", requestId);
  if (style === "host") return;
  for (const name of NOT_FROM_PATH_STYLE) headers.delete(name);
  // A second policy can only narrow the answer's own: the page is cut off from the console's origin.
  headers.append("content-security-policy", "sandbox");
};

/** The headers of a reply as its sender gets them, but for what the platform adds. */
export const sentHead = ({ headers, status, body }: Reply, context: ReplyContext): Headers => {
  const sent = new Headers();
  for (const [name, value] of headers) {
    const lower = name.toLowerCase();
    if (SET_BY_PLATFORM.has(lower)) continue;
    sent.append(name, value);
  }
  finishHead(sent, context);
  if (context.method === "HEAD" && !isBodyless(status)) sent.set("content-length", String(body?.length ?? 0));
  return sent;
};
