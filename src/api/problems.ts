import { AppError, type FieldError } from "../lib/errors.ts";
import type { Problem } from "../lib/problem.ts";

/** The closed list of the management API; docs/problems.md tells users what each means. */
export const PROBLEMS = {
  "malformed-json": { status: 400, title: "Malformed JSON" },
  "key-in-url": { status: 400, title: "An API key in the URL" },
  unauthorized: { status: 401, title: "Unauthorized" },
  forbidden: { status: 403, title: "Forbidden" },
  "account-suspended": { status: 403, title: "Account suspended" },
  "from-a-hook": { status: 403, title: "Not for scripts" },
  "not-found": { status: 404, title: "Not found" },
  "method-not-allowed": { status: 405, title: "Method not allowed" },
  conflict: { status: 409, title: "Conflict" },
  "in-progress": { status: 409, title: "Still in progress" },
  stale: { status: 412, title: "Changed meanwhile" },
  "too-large": { status: 413, title: "Content too large" },
  "unsupported-media-type": { status: 415, title: "Unsupported media type" },
  invalid: { status: 422, title: "Invalid input" },
  "idempotency-mismatch": { status: 422, title: "Idempotency key used for another request" },
  "over-limit": { status: 422, title: "Over the limit of the account" },
  "too-many-requests": { status: 429, title: "Too many requests" },
  internal: { status: 500, title: "Internal error" },
  "operators-off": { status: 503, title: "Operators' routes are off" },
  "secrets-off": { status: 503, title: "Secrets are off" },
  unavailable: { status: 503, title: "Service unavailable" },
} as const;
export type ProblemCode = keyof typeof PROBLEMS;
export const PROBLEM_CODES = Object.keys(PROBLEMS);

export type ResponseHeader = readonly [name: string, value: string];

/** A refusal of the HTTP side itself; what verbs refuse comes as `AppError`. */
export class ApiProblem extends Error {
  override readonly name = "ApiProblem";
  readonly code: ProblemCode;
  readonly errors: readonly FieldError[] | undefined;
  readonly headers: readonly ResponseHeader[];

  constructor(
    code: ProblemCode,
    detail: string,
    more: { errors?: readonly FieldError[]; headers?: readonly ResponseHeader[] } = {},
  ) {
    super(detail);
    this.code = code;
    this.errors = more.errors;
    this.headers = more.headers ?? [];
  }
}

export interface Refusal {
  readonly problem: Problem;
  readonly headers: readonly ResponseHeader[];
}

const refusal = (
  code: ProblemCode,
  detail: string,
  errors: readonly FieldError[] | undefined,
  headers: readonly ResponseHeader[] = [],
): Refusal => ({
  problem: { code, ...PROBLEMS[code], detail, ...(errors === undefined ? {} : { errors }) },
  headers,
});

/** Every 422 has `errors`, if only one on the whole. */
const withErrors = (error: AppError): readonly FieldError[] =>
  error.errors.length > 0 ? error.errors : [{ path: "", message: error.message }];

/** Where in the script, first of all: a client that shows only `detail` is told too. */
const detailOf = ({ message, errors: [first] }: AppError): string => {
  if (typeof first?.line !== "number") return message;
  const column = typeof first.column === "number" ? `, column ${first.column}` : "";
  return `Line ${first.line}${column}: ${message}`;
};

const refusalOfVerb = (error: AppError): Refusal => {
  switch (error.code) {
    case "not-found":
    case "forbidden":
    case "stale":
      return refusal(error.code, error.message, undefined);
    case "conflict":
      return refusal(error.code, error.message, error.errors.length > 0 ? error.errors : undefined);
    case "invalid":
    // Not 429, which is for rates: waiting does not help here.
    case "over-limit":
      return refusal(error.code, detailOf(error), withErrors(error));
    case "unavailable":
      return refusal(error.code, error.message, undefined, [
        ["retry-after", String(error.retryAfterSeconds ?? 1)],
      ]);
  }
};

/** What the caller is told of an error. `undefined` is a bug: the caller gets a bare 500, the log the rest. */
export const refusalOf = (error: unknown): Refusal | undefined => {
  if (error instanceof ApiProblem) return refusal(error.code, error.message, error.errors, error.headers);
  return error instanceof AppError ? refusalOfVerb(error) : undefined;
};

export const INTERNAL: Refusal = refusal(
  "internal",
  "Something went wrong on our side. The operator finds it in the log by this requestId.",
  undefined,
);
