import { z } from "@hono/zod-openapi";
import type { Operator, Principal, Scope } from "../accounts/index.ts";
import type { IfMatch } from "../lib/etag.ts";
import type { IdPrefix } from "../lib/id.ts";

/** For an operation without parameters of that kind, or without an answer's body. */
export const NO_QUERY = z.strictObject({});
export const NO_BODY = z.strictObject({});
export const NO_CONTENT = z.undefined();

/** One operation of the API: what is registered, enforced and documented, from one value. */
export interface Operation<
  Shown extends z.ZodType = z.ZodType,
  Body extends z.ZodType = z.ZodType,
  Query extends z.ZodObject = z.ZodObject,
> {
  readonly id: string;
  readonly method: "get" | "post" | "put" | "patch" | "delete";
  /** As Hono has it: `/api/v1/keys/:id`. */
  readonly path: string;
  readonly tag: string;
  readonly summary: string;
  readonly description?: string;
  /** What each parameter of the path is; anything of another form is a 404. `text` is any, percent-decoded once. */
  readonly params?: Readonly<Record<string, IdPrefix | "integer" | "text">>;
  /** Strict: an unknown parameter is a 422. */
  readonly query: Query;
  /** Strict: an unknown field is a 422. With `NO_BODY`, the body must be empty or `{}`. */
  readonly body: Body;
  /** Of success. */
  readonly status: 200 | 201 | 202 | 204;
  readonly shown: Shown;
  /** The types of the answer, when it is not JSON. */
  readonly media?: readonly string[];
  /** Takes a ticket in the query as well as a key. */
  readonly ticketed?: true;
  /** Takes `If-Match`, and answers 412. */
  readonly guarded?: boolean;
  /** May answer 409 for a name or route that is taken. */
  readonly conflicts?: boolean;
  /** A change that a suspended account may still make; reading it always may. */
  readonly whileSuspended?: boolean;
}

export interface ScopedOperation<
  Shown extends z.ZodType,
  Body extends z.ZodType,
  Query extends z.ZodObject,
> extends Operation<Shown, Body, Query> {
  readonly scope: Scope;
}

/** A call that has passed: authenticated, in scope, and of the right shape. */
export interface Call<Body extends z.ZodType, Query extends z.ZodObject> {
  readonly request: Request;
  readonly requestId: string;
  /** A parameter of the path, by its name. */
  readonly param: (name: string) => string;
  readonly body: z.output<Body>;
  readonly query: z.output<Query>;
  readonly ifMatch: IfMatch;
}

export interface Success<Shown extends z.ZodType> {
  readonly body: z.input<Shown>;
  /** The field `etag`, again as the header. */
  readonly etag?: string;
  /** A path, for what was created. */
  readonly location?: string;
  /** What a repeated call gets: the body without what is shown only once. */
  readonly kept?: unknown;
}

export type ScopedHandler<Shown extends z.ZodType, Body extends z.ZodType, Query extends z.ZodObject> = (
  principal: Principal,
  call: Call<Body, Query>,
) => Promise<Success<Shown>>;

export type OperatorHandler<Shown extends z.ZodType, Body extends z.ZodType, Query extends z.ZodObject> = (
  operator: Operator,
  call: Call<Body, Query>,
) => Promise<Success<Shown>>;

/** …with an answer of its own making: bytes, or a stream. Its body is never kept for a repeat, so it is a `GET`. */
export interface RawOperation<Query extends z.ZodObject> extends ScopedOperation<
  z.ZodType,
  typeof NO_BODY,
  Query
> {
  readonly method: "get";
  readonly status: 200;
}

export type RawHandler<Query extends z.ZodObject> = (
  principal: Principal,
  call: Call<typeof NO_BODY, Query>,
) => Promise<Response>;
