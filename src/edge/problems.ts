import type { Problem } from "../lib/problem.ts";
import type { Rejection } from "../responders/index.ts";
import { MAX_HOPS } from "../lib/hops.ts";
import { MAX_PATH_LENGTH } from "./locate.ts";

export interface Refusal {
  readonly problem: Problem;
  readonly headers: readonly (readonly [string, string])[];
}

const refusal = (problem: Problem, ...headers: readonly (readonly [string, string])[]): Refusal => ({
  problem,
  headers,
});

const retryAfter = (seconds: number) => ["retry-after", String(seconds)] as const;

/** What a sender is told of a rejection: each kind once. */
export const refusalOf = (rejection: Rejection): Refusal => {
  switch (rejection.kind) {
    case "bad-path":
      return refusal({ code: "bad-path", title: "Bad path", status: 400, detail: rejection.detail });
    case "path-too-long":
      return refusal({
        code: "path-too-long",
        title: "Path too long",
        status: 414,
        detail: `A path may have ${MAX_PATH_LENGTH} characters.`,
      });
    case "misdirected":
      return refusal({
        code: "misdirected",
        title: "Misdirected request",
        status: 421,
        detail: "This server does not answer for that host.",
      });
    case "no-match":
      return refusal({
        code: "not-found",
        title: "Not found",
        status: 404,
        detail: "No responder answers at this URL.",
      });
    case "method-not-allowed":
      return refusal({ code: "method-not-allowed", title: "Method not allowed", status: 405 }, [
        "allow",
        rejection.allow.join(", "),
      ]);
    case "too-slow":
      return refusal({
        code: "request-timeout",
        title: "Request timeout",
        status: 408,
        detail: `The body did not arrive within ${rejection.limitMs / 1_000} s.`,
      });
    case "suspended":
      return refusal({ code: "suspended", title: "Gone", status: 410, detail: "This account is suspended." });
    case "too-large":
      return refusal({
        code: "too-large",
        title: "Content too large",
        status: 413,
        detail: `A body may have ${rejection.limitBytes} bytes.`,
      });
    case "too-many":
      return refusal(
        { code: "too-many-requests", title: "Too many requests", status: 429 },
        retryAfter(rejection.retryAfterSeconds),
      );
    case "too-many-hops":
      return refusal({
        code: "loop-detected",
        title: "Loop detected",
        status: 508,
        detail: `Hooks call hooks at most ${MAX_HOPS} deep.`,
      });
    case "overloaded":
      return refusal(
        { code: "unavailable", title: "Service unavailable", status: 503 },
        retryAfter(rejection.retryAfterSeconds),
      );
  }
};
