import type { OpenAPIHono, z } from "@hono/zod-openapi";
import type { Context } from "hono";
import { type Operator, type Principal, requireScope } from "../accounts/index.ts";
import { concat, hex, sha256, utf8 } from "../lib/bytes.ts";
import { AppError } from "../lib/errors.ts";
import { isId } from "../lib/id.ts";
import {
  assertWithinRate,
  authenticateAdmin,
  authenticateKey,
  authenticateTicket,
  bearerOf,
} from "./authenticate.ts";
import type { BaseDeps } from "./deps.ts";
import { describe } from "./describe.ts";
import { parseIfMatch } from "./etags.ts";
import { type Answer, idempotencyKeyOf, once } from "./idempotency.ts";
import { assertMediaType, parseJsonBody, readBytes } from "./json-body.ts";
import {
  type Call,
  NO_BODY,
  type Operation,
  type OperatorHandler,
  type RawHandler,
  type RawOperation,
  type ScopedHandler,
  type ScopedOperation,
} from "./operation.ts";
import { ApiProblem, refusalOf } from "./problems.ts";
import { answerOf, answerOfRefusal, responseOf } from "./responses.ts";
import { validate, validateQuery } from "./validate.ts";
import type { ApiEnv, Facts, Visit } from "./visit.ts";

type AnySchema = z.ZodType;
type AnyQuery = z.ZodObject;
type Handle<Who, Body extends AnySchema, Query extends AnyQuery> = (
  who: Who,
  call: Call<Body, Query>,
) => Promise<Answer>;

/** Who calls, and under which names an `Idempotency-Key` of theirs is kept. */
interface Caller<Who> {
  readonly who: Who;
  readonly accountId: string;
  readonly keyId: string;
}

/** Where a file of routes registers its operations. */
export interface Router {
  /** For holders of an API key with `operation.scope`. */
  readonly scoped: <Shown extends AnySchema, Body extends AnySchema, Query extends AnyQuery>(
    operation: ScopedOperation<Shown, Body, Query>,
    handler: ScopedHandler<Shown, Body, Query>,
  ) => void;
  /** …that answers with a `Response` of its own. What it throws is a problem like any other. */
  readonly raw: <Query extends AnyQuery>(operation: RawOperation<Query>, handler: RawHandler<Query>) => void;
  /** For operators, with `ADMIN_TOKEN`. */
  readonly operators: <Shown extends AnySchema, Body extends AnySchema, Query extends AnyQuery>(
    operation: Operation<Shown, Body, Query>,
    handler: OperatorHandler<Shown, Body, Query>,
  ) => void;
}

const identifyPrincipal = async (
  deps: BaseDeps,
  operation: ScopedOperation<AnySchema, AnySchema, AnyQuery>,
  request: Request,
  facts: Facts,
): Promise<Caller<Principal>> => {
  const ticketed = operation.ticketed && (await authenticateTicket(deps.accounts, new URL(request.url)));
  const principal = ticketed ?? (await authenticateKey(deps.accounts, request));
  // Before the refusals below, so that the log has whose calls are refused.
  facts.accountId = principal.account.id;
  facts.keyId = principal.keyId;
  await assertWithinRate(deps.withinRate, principal);
  requireScope(principal, operation.scope);
  const changes = operation.method !== "get" && operation.whileSuspended !== true;
  if (principal.account.suspended && changes) {
    const detail = "This account is suspended: it can be read, and keys can be deleted. Ask the operator.";
    throw new ApiProblem("account-suspended", detail);
  }
  return { who: principal, accountId: principal.account.id, keyId: principal.keyId };
};

const identifyOperator = async (
  deps: BaseDeps,
  request: Request,
  facts: Facts,
): Promise<Caller<Operator>> => {
  const who = await authenticateAdmin(deps.adminToken, request);
  facts.keyId = "operator";
  return { who, accountId: "operator", keyId: "operator" };
};

/** The segment as it came, decoded by ourselves: Hono leaves as it is what it cannot decode. */
const textAt = (operation: Operation, name: string, request: Request): string => {
  const place = operation.path.split("/").indexOf(`:${name}`);
  const segment = new URL(request.url).pathname.split("/")[place] ?? "";
  try {
    return decodeURIComponent(segment);
  } catch {
    const message = `{${name}} in the path is not percent-encoded UTF-8.`;
    throw new ApiProblem("invalid", message, { errors: [{ path: name, message }] });
  }
};

const parametersOf = (operation: Operation, context: Context<ApiEnv>): ((name: string) => string) => {
  const values = new Map<string, string>();
  for (const [name, kind] of Object.entries(operation.params ?? {})) {
    if (kind === "text") {
      values.set(name, textAt(operation, name, context.req.raw));
      continue;
    }
    const value = context.req.param(name) ?? "";
    const sound = kind === "integer" ? /^[1-9]\d{0,8}$/.test(value) : isId(kind, value);
    if (!sound) {
      const form = kind === "integer" ? "a whole number from 1" : `${kind}_ and 26 letters and digits`;
      throw new AppError("not-found", `There is nothing here: {${name}} in the path is ${form}.`);
    }
    values.set(name, value);
  }
  return (name) => values.get(name) ?? "";
};

const JSON_TYPES = ["application/json"];
const PATCH_TYPES = ["application/merge-patch+json", "application/json"];

/**
 * What tells one request's body from another's. With the caller's own key in it: for 24 hours this hash is in the
 * database, where whoever reads it could otherwise try out what a short value in the body was.
 */
const hashOf = async (request: Request, bytes: Uint8Array<ArrayBuffer>): Promise<string> =>
  hex(await sha256(concat([utf8(bearerOf(request)), bytes])));

/** The body as it came, and as JSON. */
const readInput = async (operation: Operation, request: Request, visit: Visit) => {
  if (operation.method === "get" || operation.method === "delete") return { hash: "", value: {} };
  const bytes = await readBytes(request);
  visit.facts.requestBytes = bytes.length;
  const hash = await hashOf(request, bytes);
  if (bytes.length === 0) {
    if (operation.body === NO_BODY) return { hash, value: {} };
    throw new ApiProblem("malformed-json", "The body is empty: send a JSON object.");
  }
  assertMediaType(request, operation.method === "patch" ? PATCH_TYPES : JSON_TYPES);
  return { hash, value: parseJsonBody(bytes) };
};

/** Refusals become answers here, so that a repeat with the same `Idempotency-Key` gets them again. */
const settle = async (visit: Visit, work: () => Promise<Answer>): Promise<Answer> => {
  try {
    return await work();
  } catch (error) {
    const refusal = refusalOf(error);
    if (refusal === undefined) throw error;
    visit.facts.problem = refusal.problem.code;
    return answerOfRefusal(refusal, visit.requestId);
  }
};

/** All that comes before the body: who calls, and about what. */
const admit = async <Who, Query extends AnyQuery>(
  operation: Operation<AnySchema, AnySchema, Query>,
  context: Context<ApiEnv>,
  identify: (request: Request, facts: Facts) => Promise<Caller<Who>>,
) => {
  const request = context.req.raw;
  const { facts, requestId } = context.env;
  const caller = await identify(request, facts);
  const param = parametersOf(operation, context);
  const url = new URL(request.url);
  const query = validateQuery(operation.query, url.searchParams);
  return { caller, url, call: { request, requestId, param, query } };
};

const perform = async <Who, Shown extends AnySchema, Body extends AnySchema, Query extends AnyQuery>(
  deps: BaseDeps,
  operation: Operation<Shown, Body, Query>,
  context: Context<ApiEnv>,
  identify: (request: Request, facts: Facts) => Promise<Caller<Who>>,
  handle: Handle<Who, Body, Query>,
): Promise<Answer> => {
  const visit = context.env;
  const { caller, url, call } = await admit(operation, context, identify);
  const { request } = call;
  const ifMatch = operation.guarded === true ? parseIfMatch(request.headers.get("if-match")) : undefined;
  const idempotencyKey = operation.method === "post" ? idempotencyKeyOf(request) : undefined;
  const { hash, value } = await readInput(operation, request, visit);
  const work = (): Promise<Answer> =>
    settle(visit, async () => {
      const body = validate(operation.body, value);
      return handle(caller.who, { ...call, body, ifMatch });
    });
  if (idempotencyKey === undefined) return work();
  const name = {
    accountId: caller.accountId,
    keyId: caller.keyId,
    route: `POST ${url.pathname}`,
    idempotencyKey,
  };
  const answer = await once(deps.answers, name, hash, deps.now(), work);
  visit.facts.replayed = answer.headers.some(([header]) => header === "idempotency-replayed");
  return answer;
};

export const createRouter = (app: OpenAPIHono<ApiEnv>, deps: BaseDeps): Router => {
  const register = <Who, Shown extends AnySchema, Body extends AnySchema, Query extends AnyQuery>(
    operation: Operation<Shown, Body, Query>,
    access: string,
    identify: (request: Request, facts: Facts) => Promise<Caller<Who>>,
    handle: Handle<Who, Body, Query>,
  ): void => {
    app.openAPIRegistry.registerPath(describe(operation, access));
    app.on(operation.method.toUpperCase(), operation.path, async (context) => {
      context.env.facts.route = operation.path;
      const answered = perform(deps, operation, context, identify, handle);
      // A caller that hangs up does not leave a change half made, nor an Idempotency-Key claimed.
      context.env.defer(answered.catch(() => undefined));
      return responseOf(await answered);
    });
  };
  return {
    scoped: (operation, handler) => {
      register(
        operation,
        operation.scope,
        (request, facts) => identifyPrincipal(deps, operation, request, facts),
        async (principal, call) => answerOf(operation.status, await handler(principal, call)),
      );
    },
    raw: (operation, handler) => {
      app.openAPIRegistry.registerPath(describe(operation, operation.scope));
      app.on("GET", operation.path, async (context) => {
        context.env.facts.route = operation.path;
        const { caller, call } = await admit(operation, context, (request, facts) =>
          identifyPrincipal(deps, operation, request, facts),
        );
        return handler(caller.who, { ...call, body: {}, ifMatch: undefined });
      });
    },
    operators: (operation, handler) => {
      register(
        operation,
        "operator",
        (request, facts) => identifyOperator(deps, request, facts),
        async (operator, call) => answerOf(operation.status, await handler(operator, call)),
      );
    },
  };
};
