import { jsonText } from "../lib/json-text.ts";
import { PROBLEM_TYPE, problemBody } from "../lib/problem.ts";
import type { Answer } from "./idempotency.ts";
import { quoteEtag } from "./etags.ts";
import type { Success } from "./operation.ts";
import type { Refusal, ResponseHeader } from "./problems.ts";
import { fromUtf8, utf8 } from "../lib/bytes.ts";
import type { z } from "@hono/zod-openapi";

const JSON_TYPE: ResponseHeader = ["content-type", "application/json"];

export const answerOf = (status: number, success: Success<z.ZodType>): Answer => {
  const { body, etag, location, kept } = success;
  const headers: readonly ResponseHeader[] = [
    ...(body === undefined ? [] : [JSON_TYPE]),
    ...(etag === undefined ? [] : [["etag", quoteEtag(etag)] as const]),
    ...(location === undefined ? [] : [["location", location] as const]),
  ];
  return {
    status,
    headers,
    body: body === undefined ? null : jsonText(body),
    ...(kept === undefined ? {} : { kept: jsonText(kept) }),
  };
};

export const answerOfRefusal = (refusal: Refusal, requestId: string): Answer => ({
  status: refusal.problem.status,
  headers: [["content-type", PROBLEM_TYPE], ...refusal.headers],
  body: fromUtf8(problemBody(refusal.problem, requestId)),
});

export const responseOf = (answer: Answer): Response => {
  const headers = answer.headers.map(([name, value]): [string, string] => [name, value]);
  if (answer.body === null) return new Response(null, { status: answer.status, headers });
  const bytes = utf8(answer.body);
  return new Response(bytes, {
    status: answer.status,
    headers: [...headers, ["content-length", String(bytes.length)]],
  });
};

/** On every answer of the API, whatever made it. */
export const finishHeaders = (response: Response, requestId: string): Response => {
  // A WebSocket's answer is made anew nowhere: its socket belongs to it.
  if (response.webSocket) return response;
  const finished = new Response(response.body, response);
  finished.headers.set("x-request-id", requestId);
  finished.headers.set("x-content-type-options", "nosniff");
  // Answers hold what only this caller may see.
  if (!finished.headers.has("cache-control")) finished.headers.set("cache-control", "no-store");
  return finished;
};
