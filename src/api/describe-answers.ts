import { type RouteConfig, z } from "@hono/zod-openapi";
import type { Operation } from "./operation.ts";
import { PROBLEM_CODES } from "./problems.ts";

type Answers = RouteConfig["responses"];

/** The headers of answers, once each: components of the document, by the names under which answers refer to them. */
export const ANSWER_HEADERS = {
  "X-Request-Id": "By which the operator finds the request in the log. The `requestId` of a problem.",
  ETag: "The field `etag` in quotes; goes into `If-Match`.",
  Location: "The path of what was made.",
  "Idempotency-Replayed": "`true` when this is the first answer again; absent otherwise.",
  "Retry-After": "Seconds to wait before the next try.",
  Allow: "The methods that this path takes.",
  "WWW-Authenticate": "`Bearer`.",
} as const;
type HeaderName = keyof typeof ANSWER_HEADERS;

const refer = (...names: readonly HeaderName[]) =>
  Object.fromEntries(
    ["X-Request-Id", ...names].map((name) => [name, { $ref: `#/components/headers/${name}` }]),
  );

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
  400: ["The body is not JSON, or an API key stands in the URL."],
  401: ["No API key, or one that is unknown, expired or deleted.", "WWW-Authenticate"],
  403: ["The key has not the scope, or the account is suspended."],
  404: ["There is no such thing in this account."],
  405: ["This path does not take the method of the request.", "Allow"],
  409: [
    "The name or route is taken, or the first request with this Idempotency-Key is still at work (`Retry-After`).",
    "Retry-After",
  ],
  412: ["It changed since the version in If-Match."],
  413: ["The body has more than 2 MiB."],
  415: ["The content-type is not JSON."],
  422: ["The input is not valid; `errors` says where."],
  429: ["The account calls the API more often than its plan allows.", "Retry-After"],
  500: ["A fault of ours; the log has it by the `requestId`."],
  503: [
    "Not available now; `Retry-After` says when to try again. Operators' routes: there is no `ADMIN_TOKEN`; secrets: there are no `MASTER_KEYS`.",
    "Retry-After",
  ],
} as const satisfies Record<number, readonly [string, ...HeaderName[]]>;

/** Refusals that a verb makes: those are kept for a repeat, and those before it are made anew. */
const KEPT: ReadonlySet<number> = new Set([403, 404, 409, 412, 422]);

const refusalsOf = (operation: Operation, access: string): readonly (keyof typeof REFUSALS)[] => {
  const writes = operation.method !== "get" && operation.method !== "delete";
  const conflicts = operation.conflicts === true || operation.method === "post";
  return [
    400,
    401,
    403,
    ...(operation.params === undefined ? [] : ([404] as const)),
    405,
    ...(conflicts ? ([409] as const) : []),
    ...(operation.guarded === true ? ([412] as const) : []),
    ...(writes ? ([413, 415] as const) : []),
    422,
    ...(access === "operator" ? [] : ([429] as const)),
    500,
    503,
  ];
};

const successOf = (operation: Operation) => {
  const { method, shown, status } = operation;
  const tagged = shown instanceof z.ZodObject && "etag" in shown.shape;
  const headers = refer(
    ...(tagged ? (["ETag"] as const) : []),
    ...(status === 201 ? (["Location"] as const) : []),
    ...(method === "post" ? (["Idempotency-Replayed"] as const) : []),
  );
  const media = operation.media ?? ["application/json"];
  const content = Object.fromEntries(media.map((type) => [type, { schema: shown }]));
  return status === 204 ? { description: "Done.", headers } : { description: "Success.", headers, content };
};

/** What an operation may answer; `access` is a scope, or `operator`. A refused `POST` is replayed too. */
export const answersOf = (operation: Operation, access: string): Answers => {
  const content = { "application/problem+json": { schema: ProblemSchema } };
  const replayed = operation.method === "post" ? (["Idempotency-Replayed"] as const) : [];
  const refusals = refusalsOf(operation, access).map((status) => {
    const [description, ...headers] = REFUSALS[status];
    const kept = KEPT.has(status) ? replayed : [];
    return [status, { description, headers: refer(...headers, ...kept), content }];
  });
  return { [operation.status]: successOf(operation), ...Object.fromEntries(refusals) };
};
