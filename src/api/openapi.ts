import type { OpenAPIHono } from "@hono/zod-openapi";
import { ANSWER_HEADERS } from "./describe-answers.ts";
import { SECURITY_SCHEMES } from "./describe.ts";
import type { ApiEnv } from "./visit.ts";

const DESCRIPTION = `Programmable webhooks: a URL whose answer your own script decides.

**Keys.** Send \`Authorization: Bearer hw_live_…\`, never in a URL. Each operation names the scope that it needs; a \`…:write\` includes its \`…:read\`, and \`*\` is all.

**Bodies** are JSON of at most 2 MiB; an unknown field is a 422. \`PATCH\` is JSON Merge Patch: what is not named does not change. Times are RFC 3339 with milliseconds.

**Errors** are \`application/problem+json\` (RFC 9457); a 422 says by \`errors\` where.

**Lists** are newest first: \`limit\`, \`cursor\`, and \`nextCursor\` in the answer.

**Lost updates**: send the \`etag\` that you read in \`If-Match\`. **Repeats**: a \`POST\` with an \`Idempotency-Key\` is carried out once in 24 hours; the same again gets the first answer with \`Idempotency-Replayed: true\`, without what is shown only once.

**Rates**: an account's calls are counted, apart from its hooks' hits, in 10 s by its plan; beyond that a 429 with \`Retry-After\`.

**A suspended account** can be read, and its keys deleted; every other change is a 403.`;

/** `GET /api/openapi.json`, for whoever comes: it tells nothing of this installation. */
export const registerOpenApi = (app: OpenAPIHono<ApiEnv>): void => {
  for (const [name, scheme] of Object.entries(SECURITY_SCHEMES)) {
    app.openAPIRegistry.registerComponent("securitySchemes", name, scheme);
  }
  for (const [name, description] of Object.entries(ANSWER_HEADERS)) {
    const type = name === "Retry-After" ? "integer" : "string";
    app.openAPIRegistry.registerComponent("headers", name, { description, schema: { type } });
  }
  app.get("/api/openapi.json", (context) => {
    context.env.facts.route = "/api/openapi.json";
    const document = app.getOpenAPI31Document({
      openapi: "3.1.0",
      info: {
        title: "Hookwright",
        version: "1.0",
        description: DESCRIPTION,
        license: { name: "MIT" },
      },
      servers: [{ url: "/" }],
    });
    return context.json(document);
  });
};
