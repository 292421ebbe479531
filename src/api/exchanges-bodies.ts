import { z } from "@hono/zod-openapi";
import type { Exchange, Journals, KeptRequest, KeptResponse } from "../journal/index.ts";
import { EMPTY } from "../lib/bytes.ts";
import { AppError } from "../lib/errors.ts";
import { textOfBody } from "../responders/index.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import type { Router } from "./router.ts";

const TEXT = "text/plain; charset=utf-8";
const BYTES = "application/octet-stream";

const SIDES = [
  { side: "request", id: "readRequestBody", summary: "Read the body of an exchange's request" },
  { side: "response", id: "readResponseBody", summary: "Read the body of an exchange's answer" },
] as const;

const DESCRIPTION =
  "The bytes as they were, as far as they were kept (`x-body-size` has the size of the whole): text as `text/plain`, " +
  "anything else as an attachment, whatever it said that it was.";

/**
 * Bytes of a stranger on the origin of API and console: a browser must neither run them (HTML, SVG, scripts) nor guess
 * that they are something else than this says, nor keep them.
 */
const rawBody = (id: string, side: string, { body, headers }: KeptRequest | KeptResponse): Response => {
  if (body.bytes === null && body.size > 0) {
    throw new AppError("not-found", "The body of this exchange was not kept.");
  }
  const bytes = body.bytes ?? EMPTY;
  const isText = textOfBody(bytes, headers) !== undefined;
  return new Response(bytes.slice(), {
    headers: {
      "content-type": isText ? TEXT : BYTES,
      ...(isText ? {} : { "content-disposition": `attachment; filename="${id}.${side}.bin"` }),
      "content-length": String(bytes.length),
      "x-body-size": String(body.size),
      "x-content-type-options": "nosniff",
      "cache-control": "no-store",
      "content-security-policy": "sandbox; default-src 'none'",
      "cross-origin-resource-policy": "same-origin",
    },
  });
};

const messageOf = (exchange: Exchange, side: "request" | "response"): KeptRequest | KeptResponse =>
  side === "request" ? exchange.request : exchange.response;

export const registerExchangeBodies = (router: Router, journals: Pick<Journals, "read">): void => {
  for (const { side, id, summary } of SIDES) {
    router.raw(
      {
        id,
        method: "get",
        path: `/api/v1/responders/:id/exchanges/:exc/${side}/body`,
        params: { id: "rsp", exc: "exc" },
        tag: "Journal",
        summary,
        description: DESCRIPTION,
        scope: "journal:read",
        query: NO_QUERY,
        body: NO_BODY,
        status: 200,
        shown: z.string().openapi({ format: "binary" }),
        media: ["text/plain", BYTES],
      },
      async (principal, { param }) => {
        const exchange = await journals.read(principal, param("id"), param("exc"));
        return rawBody(exchange.id, side, messageOf(exchange, side));
      },
    );
  }
};
