import { isBodyless } from "../lib/headers.ts";
import { type Reply, type ReplyContext, sentHead } from "../responders/index.ts";

/** A reply as the platform sends it. */
export const toResponse = (reply: Reply, context: ReplyContext): Response => {
  const headers = sentHead(reply, context);
  const { body, status } = reply;
  if (isBodyless(status) || context.method === "HEAD") return new Response(null, { status, headers });
  // "manual": bytes that the user encoded go out as they are, not encoded once more.
  return new Response(body, {
    status,
    headers,
    encodeBody: headers.has("content-encoding") ? "manual" : "automatic",
  });
};
