import type { OpenAPIHono } from "@hono/zod-openapi";
import { ApiProblem } from "./problems.ts";
import type { ReferenceDeps } from "./deps.ts";
import type { ApiEnv } from "./visit.ts";

/** Nothing but our own files runs or is loaded: a hook on the same origin can put no script into this page. */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join("; ");

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Hookwright API</title>
<link rel="icon" href="data:,">
<link rel="stylesheet" href="/api/docs/swagger-ui.css">
<link rel="stylesheet" href="/api/docs/reference.css">
<script src="/api/docs/swagger-ui-bundle.js" defer></script>
<script src="/api/docs/reference.js" defer></script>
</head>
<body>
<div id="reference"></div>
<noscript>This page needs JavaScript. The document itself is at <a href="/api/openapi.json">/api/openapi.json</a>.</noscript>
</body>
</html>
`;

/** Put there by the set-up (scripts/build-docs.mjs). */
const FILES: ReadonlySet<string> = new Set([
  "swagger-ui.css",
  "swagger-ui-bundle.js",
  "reference.css",
  "reference.js",
]);

const guarded = (response: Response): Response => {
  const answer = new Response(response.body, response);
  answer.headers.set("content-security-policy", POLICY);
  answer.headers.set("referrer-policy", "no-referrer");
  answer.headers.set("x-frame-options", "DENY");
  return answer;
};

/** `GET /api/docs`: the OpenAPI document to browse. */
export const registerReference = (app: OpenAPIHono<ApiEnv>, { assets }: ReferenceDeps): void => {
  app.get("/api/docs", (context) => {
    context.env.facts.route = "/api/docs";
    return guarded(context.html(PAGE));
  });
  app.get("/api/docs/:file", async (context) => {
    context.env.facts.route = "/api/docs/:file";
    if (!FILES.has(context.req.param("file"))) {
      throw new ApiProblem("not-found", "There is no such file.");
    }
    const file = await assets.fetch(new Request(new URL(context.req.path, context.req.url)));
    if (!file.ok) {
      throw new ApiProblem(
        "unavailable",
        "The reference page has not been built: run npm start or scripts/build-docs.mjs.",
      );
    }
    const answer = guarded(file);
    answer.headers.set("cache-control", "public, max-age=3600");
    return answer;
  });
};
