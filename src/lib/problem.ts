import type { FieldError } from "./errors.ts";
import { utf8 } from "./bytes.ts";

/** An answer that says what went wrong (RFC 9457). `type` is `urn:hookwright:problem:CODE`; the codes are listed in docs/problems.md. */
export interface Problem {
  readonly code: string;
  readonly title: string;
  readonly status: number;
  /** What the caller can do about it. Never anything of a script or of the inside. */
  readonly detail?: string;
  readonly errors?: readonly FieldError[];
}

export const PROBLEM_TYPE = "application/problem+json";

export const problemBody = (problem: Problem, requestId: string): Uint8Array<ArrayBuffer> => {
  const { code, title, status, detail, errors } = problem;
  return utf8(
    JSON.stringify({
      type: `urn:hookwright:problem:${code}`,
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      requestId,
      ...(errors === undefined ? {} : { errors }),
    }),
  );
};

export const problemResponse = (
  problem: Problem,
  requestId: string,
  headers: readonly (readonly [string, string])[] = [],
): Response =>
  new Response(problemBody(problem, requestId), {
    status: problem.status,
    headers: [
      ["content-type", PROBLEM_TYPE],
      ["cache-control", "no-store"],
      ["x-content-type-options", "nosniff"],
      ["x-request-id", requestId],
      ...headers.map(([name, value]): [string, string] => [name, value]),
    ],
  });
