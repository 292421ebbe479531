import { answersOf } from "./describe-answers.ts";
import { type RouteConfig, z } from "@hono/zod-openapi";
import { NO_BODY, type Operation } from "./operation.ts";

/** The schemes of the document: users' keys, and the operators' token. */
export const SECURITY_SCHEMES = {
  apiKey: {
    type: "http",
    scheme: "bearer",
    bearerFormat: "hw_live_…",
    description: "An API key. `x-scope` of each operation is the scope that the key needs.",
  },
  ticket: {
    type: "apiKey",
    in: "query",
    name: "ticket",
    description: "Good once, within 30 s, for one path: for browsers, where no header can be sent.",
  },
  operator: { type: "http", scheme: "bearer", description: "The `ADMIN_TOKEN` of this installation." },
} as const;

type ParamKind = NonNullable<Operation["params"]>[string];

const parameterOf = (name: string, kind: ParamKind) => {
  const param = { name, in: "path" } as const;
  if (kind === "integer") return z.int().openapi({ param });
  if (kind === "text") return z.string().openapi({ param });
  return z.string().openapi({
    param,
    pattern: `^${kind}_[0-9a-hjkmnp-tv-z]{26}$`,
    example: `${kind}_01jz3v8q6hft2m5x9k7w4c0b1d`,
  });
};

const parametersOf = (operation: Operation) =>
  z.object(
    Object.fromEntries(
      Object.entries(operation.params ?? {}).map(([name, kind]) => [name, parameterOf(name, kind)]),
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
  const need = access === "operator" ? "Needs the operators' token." : `Needs the scope \`${access}\`.`;
  return {
    operationId: operation.id,
    method: operation.method,
    path: operation.path.replaceAll(/:(\w+)/g, "{$1}"),
    tags: [operation.tag],
    summary: operation.summary,
    description: operation.description === undefined ? need : `${operation.description}\n\n${need}`,
    security:
      access === "operator"
        ? [{ operator: [] }]
        : [{ apiKey: [] }, ...(operation.ticketed === true ? [{ ticket: [] }] : [])],
    "x-scope": access,
    request: {
      params: parametersOf(operation),
      query: operation.query,
      headers: z.object(headersOf(operation)),
      ...(operation.method === "get" || operation.method === "delete" || operation.body === NO_BODY
        ? {}
        : { body: { required: true, content: { [mediaTypeOf(operation)]: { schema: operation.body } } } }),
    },
    responses: answersOf(operation, access),
  };
};
