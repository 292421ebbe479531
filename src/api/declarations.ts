import type { OpenAPIHono } from "@hono/zod-openapi";
import { declarations, declarationsTag } from "../../build/declarations.ts";
import { quoteEtag } from "./etags.ts";
import type { ApiEnv } from "./visit.ts";

const PATH = "/api/v1/types.d.ts";
const ETAG = quoteEtag(declarationsTag);

/** `If-None-Match`. Weak tags count: a proxy that compresses an answer weakens its own. */
const isKnown = (header: string | undefined): boolean =>
  (header ?? "").split(",").some((item) => ["*", ETAG, `W/${ETAG}`].includes(item.trim()));

const X_REQUEST_ID = { $ref: "#/components/headers/X-Request-Id" };

/**
 * `GET /api/v1/types.d.ts`, for whoever comes: an editor has no key, and it tells nothing of an account. As plain text, which
 * browsers show and never run.
 */
export const registerDeclarations = (app: OpenAPIHono<ApiEnv>): void => {
  app.openAPIRegistry.registerPath({
    operationId: "readScriptTypes",
    method: "get",
    path: PATH,
    tags: ["Scripts"],
    summary: "The types of what a script may touch",
    description:
      "TypeScript declarations for editors and `tsc`: `Context`, `Reply`, `SecretHandle`, and all that a script has of the Web's APIs. They are of this installation's version. Needs no key.",
    security: [],
    responses: {
      200: {
        description: "Success.",
        headers: {
          "X-Request-Id": X_REQUEST_ID,
          ETag: { description: "Of the file; goes into `If-None-Match`.", schema: { type: "string" } },
        },
        content: { "text/plain": { schema: { type: "string" } } },
      },
      304: {
        description: "It is as you have it, by `If-None-Match`.",
        headers: { "X-Request-Id": X_REQUEST_ID },
      },
    },
  });
  app.get(PATH, (context) => {
    context.env.facts.route = PATH;
    const headers = { etag: ETAG, "cache-control": "public, max-age=3600" };
    if (isKnown(context.req.header("if-none-match"))) return context.body(null, 304, headers);
    return context.text(declarations, 200, headers);
  });
};
