/**
 * Why a verb refused, in the closed set that every surface maps once.
 * `stale` is a lost update (If-Match); the rest read as they are named.
 */
export type ErrorCode =
  | "not-found"
  | "forbidden"
  | "conflict"
  | "stale"
  | "invalid"
  | "over-limit"
  | "unavailable";

/** One fault of an input: `path` is dotted (`response.status`), `""` for the whole. */
export interface FieldError {
  readonly path: string;
  readonly message: string;
  /** 1-based, in the user's own source; `null` where the engine gives none. */
  readonly line?: number | null;
  readonly column?: number | null;
}

export interface AppErrorOptions {
  readonly errors?: readonly FieldError[];
  readonly retryAfterSeconds?: number;
  readonly cause?: unknown;
}

/** A broken precondition. `message` is written for the caller; causes stay inside. */
export class AppError extends Error {
  override readonly name = "AppError";
  readonly code: ErrorCode;
  readonly errors: readonly FieldError[];
  readonly retryAfterSeconds: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.errors = options.errors ?? [];
    this.retryAfterSeconds = options.retryAfterSeconds;
  }
}

/** Shorthand for the commonest refusal: one field, one reason. */
export const invalid = (path: string, message: string): AppError =>
  new AppError("invalid", message, { errors: [{ path, message }] });

/** Throws `invalid` with every fault at once; nothing when there are none. */
export const refuse = (faults: readonly FieldError[]): void => {
  const [first, ...more] = faults;
  if (first === undefined) return;
  const detail = more.length === 0 ? first.message : `${first.message} (and ${more.length} more)`;
  throw new AppError("invalid", detail, { errors: faults });
};
