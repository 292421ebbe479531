import { isBodyless } from "../lib/headers.ts";
import { finishHead, type Forwarded, type Reply, type ReplyContext, sentHead } from "../responders/index.ts";

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

/** An upstream's answer as the platform sends it: its body as it was encoded, with the headers that it came with. */
export const forwardedResponse = (answer: Forwarded, context: ReplyContext): Response => {
  const { status, statusText, headers, body } = answer;
  finishHead(headers, context);
  return new Response(body, { status, statusText, headers, encodeBody: "manual" });
};
