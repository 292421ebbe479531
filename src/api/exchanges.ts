import { z } from "@hono/zod-openapi";
import { type Journals, LISTED_BODY_BYTES, type ShownExchange, shownExchange } from "../journal/index.ts";
import { registerExchangeBodies } from "./exchanges-bodies.ts";
import { ExchangesQuery, filterOf } from "./exchanges-query.ts";
import { registerExports } from "./exchanges-export.ts";
import { registerReplays } from "./exchanges-replay.ts";
import { registerToResponder } from "./exchanges-to-responder.ts";
import { ExchangeShown } from "./exchanges-shown.ts";
import { wholeExchange } from "./exchanges-whole.ts";
import { NO_BODY, NO_CONTENT, NO_QUERY } from "./operation.ts";
import { cursorAt, pageOf, pageRequest } from "./page.ts";
import { ApiProblem } from "./problems.ts";
import type { Router } from "./router.ts";

export interface ExchangeRoutesDeps {
  readonly journals: Journals;
}

const base = "/api/v1/responders/:id/exchanges";
const tag = "Journal";
const all = { path: base, params: { id: "rsp" }, tag } as const;
const one = { path: `${base}/:exc`, params: { id: "rsp", exc: "exc" }, tag } as const;

const ExchangePage = pageOf(ExchangeShown)
  .extend({
    gap: z.boolean().optional().openapi({
      description:
        "With `after` or `wait`. The exchange `after` is no longer known: there may be some between.",
    }),
    after: z.string().nullable().optional().openapi({
      description: "With `after` or `wait`: the next call's `after`. `null` when there was no exchange yet.",
    }),
  })
  .openapi("ExchangePage");

const LISTING =
  "Newest first by arrival. A page may end early, and even be empty although there is more: go by `nextCursor`. " +
  `Bodies over ${LISTED_BODY_BYTES} bytes are left out.\n\n` +
  "With `after` or `wait` it waits for what comes next (long polling), oldest first: go on with the answer's `after`.";

const listed = (exchange: Parameters<typeof shownExchange>[0]): ShownExchange =>
  shownExchange(exchange, LISTED_BODY_BYTES);

const assertOneWay = (cursor: string | undefined): void => {
  if (cursor === undefined) return;
  const message = "Goes back in time, and `after` and `wait` forward: give one of the two.";
  throw new ApiProblem("invalid", `cursor: ${message}`, { errors: [{ path: "cursor", message }] });
};

export const registerExchanges = (router: Router, { journals }: ExchangeRoutesDeps): void => {
  router.scoped(
    {
      ...all,
      id: "listExchanges",
      method: "get",
      summary: "List a responder's exchanges, or wait for the next",
      description: LISTING,
      scope: "journal:read",
      query: ExchangesQuery,
      body: NO_BODY,
      status: 200,
      shown: ExchangePage,
    },
    async (principal, { param, query }) => {
      const id = param("id");
      const list = `exchanges:${id}`;
      const filter = filterOf(query);
      const { limit, after: before } = pageRequest(list, query);
      if (query.after === undefined && query.wait === undefined) {
        const { items, next } = await journals.list(principal, id, { filter, limit, before });
        const nextCursor = next === undefined ? null : cursorAt(list, next);
        return { body: { items: items.map(listed), nextCursor } };
      }
      assertOneWay(query.cursor);
      const { after, wait = 0 } = query;
      const { items, gap, seen } = await journals.follow(principal, id, {
        filter,
        limit,
        after,
        waitMs: wait * 1_000,
      });
      return { body: { items: items.map(listed), nextCursor: null, gap, after: seen ?? after ?? null } };
    },
  );

  router.scoped(
    {
      ...all,
      id: "clearExchanges",
      method: "delete",
      summary: "Delete all of a responder's exchanges",
      description: "Pinned ones too. Its figures stay.",
      scope: "journal:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
    },
    async (principal, { param }) => {
      await journals.clear(principal, param("id"));
      return { body: undefined };
    },
  );

  router.raw(
    {
      ...one,
      id: "readExchange",
      method: "get",
      summary: "Read an exchange",
      description: "Whole, with all that was kept of its bodies.",
      scope: "journal:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 200,
      shown: ExchangeShown,
    },
    async (principal, { param }) =>
      new Response(wholeExchange(await journals.read(principal, param("id"), param("exc"))), {
        headers: { "content-type": "application/json" },
      }),
  );

  router.scoped(
    {
      ...one,
      id: "deleteExchange",
      method: "delete",
      summary: "Delete an exchange",
      scope: "journal:write",
      query: NO_QUERY,
      body: NO_BODY,
      status: 204,
      shown: NO_CONTENT,
    },
    async (principal, { param }) => {
      await journals.delete(principal, param("id"), param("exc"));
      return { body: undefined };
    },
  );

  router.scoped(
    {
      ...one,
      path: `${one.path}/pin`,
      id: "pinExchange",
      method: "put",
      summary: "Pin an exchange, or unpin it",
      description: "A pinned exchange stays, whatever comes after it, until it is unpinned or deleted.",
      scope: "journal:write",
      query: NO_QUERY,
      body: z.strictObject({ pinned: z.boolean() }).openapi("PinInput"),
      status: 200,
      shown: z.object({ id: z.string(), pinned: z.boolean() }).openapi("Pin"),
    },
    async (principal, { param, body }) => {
      const id = param("exc");
      await journals.pin(principal, param("id"), id, body.pinned);
      return { body: { id, pinned: body.pinned } };
    },
  );

  registerExchangeBodies(router, journals);
  registerReplays(router, { journals });
  registerToResponder(router, journals);
  registerExports(router, { journals });
};
