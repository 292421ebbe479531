/**
 * What a module exports as `default` or `onRequest`. Both names mean the same; a module exports one of them.
 *
 * @example
 * export default async function (request: Request, ctx: Context): Promise<Reply> {
 *   return { status: 201, body: { sent: await request.text() } };
 * }
 *
 * @example
 * // In JavaScript
 * /** @type {Handler} *\/
 * export default (request, ctx) => ({ body: { id: ctx.params.id } });
 */
type Handler = (request: Request, ctx: Context) => Answer | Promise<Answer>;

/**
 * What a module exports as `onRequest`, or `default`, for a responder with an upstream: besides, a `Request` is forwarded
 * instead of the sender's, and nothing lets that go on, with what was changed in place.
 *
 * @example
 * export async function onRequest(request: Request, ctx: Context): Promise<Request | Reply | undefined> {
 *   if (ctx.path === "/health") return { body: "ok" };
 *   request.headers.set("x-tenant", "acme");
 *   return undefined;
 * }
 */
type OnRequest = (request: Request, ctx: Context) => Answer | Request | Promise<Answer | Request>;

/**
 * What a module exports as `onResponse`, for a responder with an upstream: called with what the upstream answered. A
 * {@link Reply} is laid over that, and nothing lets it go on, with what was changed in place. Not called when there is no answer.
 *
 * @example
 * export async function onResponse(response: Response, ctx: ResponseContext): Promise<Reply> {
 *   const order = await response.json();
 *   return { headers: { "x-seen": ctx.request.method }, body: { ...order, price: "1.00" } };
 * }
 */
type OnResponse = (response: Response, ctx: ResponseContext) => Answer | Promise<Answer>;

/**
 * What a handler may return: a `Response` is sent exactly as it is, a {@link Reply} is laid over the responder's default
 * response, nothing is the default response. Anything else is a mistake: the sender gets a 500.
 */
type Answer = Response | Reply | null | undefined | void;

/** An answer that is laid over the default response: what is left out stays as it is there. An unknown field is a 500. */
interface Reply {
  /** A whole number from 200 to 599. 204, 205 and 304 are sent without a body. */
  status?: number | null | undefined;
  /** Each name replaces the default's headers of that name. 64 KiB at most, with all that is no body. */
  headers?: ReplyHeaders | null | undefined;
  /** `null` is an empty body. 10 MiB at most. */
  body?: ReplyBody | undefined;
}

/** Header values by name: `null` removes a name, `undefined` is as if it were not there. Repeats are given as pairs. */
type ReplyHeaders =
  | Readonly<Record<string, string | number | null | undefined>>
  | Headers
  | Iterable<readonly [name: string, value: string | number | null]>;

/**
 * A string is sent as UTF-8, as `text/plain` unless there is a type already; bytes are sent as they lie; `request.body` is
 * sent without being read; any other value is JSON. A promise is none: `await` it first.
 */
type ReplyBody = BodyInit | JsonLike | null;

/** What `JSON.stringify` takes. A cycle, a BigInt or a function within it is a 500, and so is a promise. */
type JsonLike = string | number | boolean | null | object;

/**
 * Scripts of the account's own library. Their types are not known here; a `paths` of your tsconfig tells the compiler
 * where copies of them lie: `"paths": { "scripts/*": ["./library/*"] }`.
 */
declare module "scripts/*";
