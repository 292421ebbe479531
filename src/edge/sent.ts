import { isBodyless } from "../lib/headers.ts";
import { type Problem, problemBody, problemResponse } from "../lib/problem.ts";
import type { Answered } from "../journal/index.ts";
import type { Forwarded, Reply, ReplyContext } from "../responders/index.ts";
import type { Asked, Trace } from "./event.ts";
import { forwardedResponse, toResponse } from "./reply.ts";

/** A response as it goes out, and the bytes of its body, which the response itself gives only once: `null` for a stream as well. */
export interface Sent {
  readonly response: Response;
  readonly body: Uint8Array<ArrayBuffer> | null;
}

export const sentReply = (reply: Reply, context: ReplyContext): Sent => ({
  response: toResponse(reply, context),
  body: reply.body,
});

export const sentForwarded = (answer: Forwarded, context: ReplyContext): Sent => ({
  response: forwardedResponse(answer, context),
  body: null,
});

export const sentProblem = (
  problem: Problem,
  { requestId }: Trace,
  headers: readonly (readonly [string, string])[] = [],
): Sent => ({
  response: problemResponse(problem, requestId, headers),
  body: problemBody(problem, requestId),
});

/** What the journal is told. What the platform adds on the way (`date`, `content-length`) is not part of it. */
export const answered = (asked: Asked, sent: Sent, answeredAt: number, fault: boolean): Answered => {
  const { status, headers } = sent.response;
  const isHead = asked.hit.method === "HEAD";
  const hasBody = !isHead && !isBodyless(status);
  // Of an answer that is passed on, the length is the upstream's, which stands with its leg.
  const told = [...headers].filter(([name]) => isHead || name !== "content-length");
  return {
    ...asked,
    answeredAt,
    // Read now: nobody says what is left of a response once it is on its way.
    response: { status, headers: told, body: hasBody ? sent.body : null },
    fault,
  };
};
