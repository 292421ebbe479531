import { type RouteConfig, z } from "@hono/zod-openapi";
import { NO_BODY, type Operation } from "./operation.ts";
import { PROBLEM_CODES } from "./problems.ts";

/** The schemes of the document: users' keys, and the operators' token. */
export const SECURITY_SCHEMES = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "hw_live_…",
    description: "An API key. `x-scope` of each operation is the scope that the key needs.",
  },
  operator: { type: "http", scheme: "bearer", description: "The `ADMIN_TOKEN` of this installation." },
} as const;

export const ProblemSchema = z
  .object({
    type: z
      .string()
      .openapi({ description: `\`urn:hookwright:problem:\` and one of: ${PROBLEM_CODES.join(", ")}.` }),
    title: z.string(),
    status: z.int(),
    detail: z.string().optional().openapi({ description: "What went wrong, and what to do about it." }),
    requestId: z.string().openapi({ description: "By which the operator finds the request in the log." }),
    errors: z
      .array(
        z.object({
          path: z.string().openapi({ description: "Dotted, like `response.status`; empty for the whole." }),
          message: z.string(),
          line: z.int().nullable().optional(),
          column: z.int().nullable().optional(),
        }),
      )
      .optional()
      .openapi({ description: "With every 422." }),
  })
  .openapi("Problem", {
    example: {
      type: "urn:hookwright:problem:invalid",
      title: "Invalid input",
      status: 422,
      detail: "name: Required.",
      requestId: "req_01jz3v8q6hft2m5x9k7w4c0b1d",
      errors: [{ path: "name", message: "Required." }],
    },
  });

const REFUSALS = {
  400: "The body is not JSON, or an API key stands in the URL.",
  401: "No API key, or one that is unknown, expired or deleted.",
  403: "The key has not the scope, or the account is suspended.",
  404: "There is no such thing in this account.",
  409: "The name or route is taken, or the first request with this Idempotency-Key is still at work.",
  412: "It changed since the version in If-Match.",
  413: "The body has more than 2 MiB.",
  415: "The content-type is not JSON.",
  422: "The input is not valid; `errors` says where.",
  503: "Not available now; `Retry-After` says when to try again.",
} as const;

const refusalsOf = (operation: Operation, access: string): readonly (keyof typeof REFUSALS)[] => {
  const writes = operation.method !== "get" && operation.method !== "delete";
  const conflicts = operation.conflicts === true || operation.method === "post";
  return [
    400,
    401,
    403,
    ...(operation.params === undefined ? [] : ([404] as const)),
    ...(conflicts ? ([409] as const) : []),
    ...(operation.guarded === true ? ([412] as const) : []),
    ...(writes ? ([413, 415] as const) : []),
    422,
    ...(access === "operator" ? ([503] as const) : []),
  ];
};

const parametersOf = (operation: Operation) =>
  z.object(
    Object.fromEntries(
      Object.entries(operation.params ?? {}).map(([name, kind]) => [
        name,
        kind === "integer"
          ? z.int().openapi({ param: { name, in: "path" } })
          : z.string().openapi({
              param: { name, in: "path" },
              pattern: `^${kind}_[0-9a-hjkmnp-tv-z]{26}$`,
              example: `${kind}_01jz3v8q6hft2m5x9k7w4c0b1d`,
            }),
      ]),
    ),
  );

const headersOf = (operation: Operation) => ({
  ...(operation.guarded === true
    ? {
        "If-Match": z
          .string()
          .optional()
          .openapi({ description: "The etag that you read: guards against lost updates." }),
      }
    : {}),
  ...(operation.method === "post"
    ? {
        "Idempotency-Key": z
          .string()
          .max(255)
          .optional()
          .openapi({ description: "For 24 hours the same key and body give the first answer again." }),
      }
    : {}),
});

const mediaTypeOf = (operation: Operation): string =>
  operation.method === "patch" ? "application/merge-patch+json" : "application/json";

/** The OpenAPI side of an operation. `access` is a scope, or `operator`. */
export const describe = (operation: Operation, access: string): RouteConfig => {
  const problem = { "application/problem+json": { schema: ProblemSchema } };
  const success =
    operation.status === 204
      ? { description: "Done." }
      : { description: "Success.", content: { "application/json": { schema: operation.shown } } };
  const need = access === "operator" ? "Needs the operators' token." : `Needs the scope \`${access}\`.`;
  return {
    operationId: operation.id,
    method: operation.method,
    path: operation.path.replaceAll(/:(\w+)/g, "{$1}"),
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description === undefined ? need : `${operation.description}\n\n${need}`,
    security: access === "operator" ? [{ operator: [] }] : [{ apiKey: [] }],
    "x-scope": access,
    request: {
      params: parametersOf(operation),
      query: operation.query,
      headers: z.object(headersOf(operation)),
      ...(operation.method === "get" || operation.method === "delete" || operation.body === NO_BODY
        ? {}
        : { body: { required: true, content: { [mediaTypeOf(operation)]: { schema: operation.body } } } }),
    },
    responses: {
      [operation.status]: success,
      ...Object.fromEntries(
        refusalsOf(operation, access).map((status) => [
          status,
          { description: REFUSALS[status], content: problem },
        ]),
      ),
    },
  };
};
