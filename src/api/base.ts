import { OpenAPIHono } from "@hono/zod-openapi";
import { HOPS_HEADER } from "../lib/hops.ts";
import { newId } from "../lib/id.ts";
import { assertNoKeyInUrl } from "./authenticate.ts";
import type { BaseDeps } from "./deps.ts";
import { ApiProblem, INTERNAL, refusalOf } from "./problems.ts";
import { answerOfRefusal, finishHeaders, responseOf } from "./responses.ts";
import { createRouter, type Router } from "./router.ts";
import { allowedMethods } from "./unrouted.ts";
import type { ApiEnv, Visit } from "./visit.ts";

export interface Api {
  /** Answers everything under `/api`, errors too. Without a context, work is not waited for after the answer. */
  readonly fetch: (request: Request, executionCtx?: Pick<ExecutionContext, "waitUntil">) => Promise<Response>;
}

/** Registers operations with the router, and plain routes with the app. */
export type Register = (router: Router, app: OpenAPIHono<ApiEnv>) => void;

const refuse = (deps: BaseDeps, { requestId, facts }: Visit, error: unknown): Response => {
  const refusal = refusalOf(error);
  if (refusal === undefined) deps.logError(requestId, error);
  facts.problem = (refusal ?? INTERNAL).problem.code;
  return responseOf(answerOfRefusal(refusal ?? INTERNAL, requestId));
};

const buildApp = (deps: BaseDeps, register: Register): OpenAPIHono<ApiEnv> => {
  const app = new OpenAPIHono<ApiEnv>();
  app.use(async (context, next) => {
    // A script's fetch or a proxied request that comes round: it must not act with a key that it carries.
    if (context.req.raw.headers.has(HOPS_HEADER)) {
      throw new ApiProblem("from-a-hook", "The management API does not answer scripts and proxied requests.");
    }
    assertNoKeyInUrl(context.req.url);
    await next();
  });
  register(createRouter(app, deps), app);
  app.notFound((context) => {
    const allowed = allowedMethods(app.routes, context.req.path);
    throw allowed.length === 0
      ? new ApiProblem("not-found", "There is no such route. They are listed at /api/docs.")
      : new ApiProblem("method-not-allowed", `This route takes ${allowed.join(", ")}.`, {
          headers: [["allow", allowed.join(", ")]],
        });
  });
  app.onError((error, context) => refuse(deps, context.env, error));
  return app;
};

const bytesOf = (response: Response): number | null => {
  const length = response.headers.get("content-length");
  return length === null ? null : Number(length);
};

/** All that the operations have in common, around those that `register` brings. */
export const createBase = (deps: BaseDeps, register: Register): Api => {
  const app = buildApp(deps, register);
  const newVisit = (executionCtx: Pick<ExecutionContext, "waitUntil"> | undefined): Visit => ({
    requestId: newId("req", deps.now()),
    defer: (work) => executionCtx?.waitUntil(work),
    facts: { route: null, accountId: null, keyId: null, problem: null, replayed: false, requestBytes: null },
  });
  const answer = async (request: Request, visit: Visit): Promise<Response> => {
    try {
      return await app.fetch(request, visit);
    } catch (error) {
      // Hono hands on only what is an Error; a library may throw anything.
      return refuse(deps, visit, error);
    }
  };
  return {
    fetch: async (request, executionCtx) => {
      const visit = newVisit(executionCtx);
      const startedAt = deps.now();
      const response = finishHeaders(await answer(request, visit), visit.requestId);
      deps.logEvent({
        kind: "api",
        requestId: visit.requestId,
        method: request.method,
        status: response.status,
        durationMs: deps.now() - startedAt,
        responseBytes: bytesOf(response),
        ...visit.facts,
      });
      return response;
    },
  };
};
