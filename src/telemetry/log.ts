/** What the operator is told of a call of the management API. No body, query or header value, here or below. */
export interface ApiEvent {
  readonly kind: "api";
  readonly requestId: string;
  readonly method: string;
  /** As registered (`/api/v1/keys/:id`), so that no id of a path is in it; `null` when nothing matched. */
  readonly route: string | null;
  readonly status: number;
  /** The code of the problem answered, `null` without one. */
  readonly problem: string | null;
  readonly durationMs: number;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  readonly accountId: string | null;
  readonly keyId: string | null;
  readonly replayed: boolean;
}

/** What the operator is told of a hit. */
export interface HookEvent {
  readonly kind: "hook";
  /** The exchange's id. */
  readonly requestId: string;
  readonly method: string;
  readonly status: number;
  readonly durationMs: number;
  readonly requestBytes: number | null;
  readonly responseBytes: number | null;
  readonly accountId: string | null;
  readonly responderId: string | null;
  /** Why it was refused before a responder saw it (`no-match`, `too-many`, …). */
  readonly rejection: string | null;
  /** How it ended: `static`, or the kind of the run's outcome. */
  readonly outcome: string | null;
  /** Which limit, with the outcome `exceeded`; why, with `unusable`. */
  readonly outcomeDetail: string | null;
  readonly fuel: number | null;
  readonly cpuMs: number | null;
  readonly wallMs: number | null;
  readonly peakMemoryBytes: number | null;
  readonly hostCalls: number | null;
  readonly suspensions: number | null;
}

/** What the operator is told of one task of the cron. */
export interface JobEvent {
  readonly kind: "job";
  readonly job: string;
  readonly outcome: "done" | "failed";
  /** How many things it dealt with; `null` when it failed. */
  readonly count: number | null;
  readonly durationMs: number;
}

export type WideEvent = ApiEvent | HookEvent | JobEvent;

/** One JSON line for each request: a log that can be queried needs no second one. */
export const logEvent = (event: WideEvent): void => {
  console.log(JSON.stringify(event));
};

/** drizzle's messages end in the parameters of the query: what users stored, which is not for the log. */
const withoutParameters = (message: string): string => message.replace(/\nparams:[^]*$/, "");

interface LoggedError {
  readonly name: string;
  readonly message: string;
  readonly stack: string;
  readonly cause?: LoggedError;
}

/** Of what is thrown without being an Error: a text, or whatever has a message. */
const wordsOf = (thrown: unknown): string => {
  if (typeof thrown === "string") return thrown;
  const holder =
    typeof thrown === "object" && thrown !== null && "message" in thrown ? thrown.message : undefined;
  return typeof holder === "string" ? holder : "thrown without a message";
};

const describe = (error: unknown, depth: number): LoggedError => {
  if (!(error instanceof Error))
    return { name: typeof error, message: withoutParameters(wordsOf(error)), stack: "" };
  // The first lines of a stack are the message again.
  const frames = (error.stack ?? "").split("\n").filter((line) => /^\s+at /.test(line));
  const described = { name: error.name, message: withoutParameters(error.message), stack: frames.join("\n") };
  return error.cause === undefined || depth === 0
    ? described
    : { ...described, cause: describe(error.cause, depth - 1) };
};

/** A bug, or a dependency that failed: whatever ended in a 500. `where` is a request's id, or a job's name. */
export const logError = (where: string, error: unknown): void => {
  console.error(JSON.stringify({ kind: "error", where, ...describe(error, 4) }));
};

/** Something went on in spite of a failure: routes that KV did not take, a cache that could not be read. */
export const logWarning = (what: string, fields: Readonly<Record<string, unknown>>): void => {
  console.warn(JSON.stringify({ kind: "warning", what, ...fields }));
};
