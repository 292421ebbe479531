import { z } from "@hono/zod-openapi";
import type { Accounts } from "../accounts/index.ts";
import type { Journals } from "../journal/index.ts";
import { ExchangeIdGiven, filterFields, filterOf } from "./exchanges-query.ts";
import { shownTime, TimeShown } from "./fields.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import type { Router } from "./router.ts";
import { eventStream } from "./tail-events.ts";

export interface TailRoutesDeps {
  readonly accounts: Pick<Accounts, "issueTicket">;
  readonly journals: Pick<Journals, "tail" | "tailSocket" | "assertMine">;
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
}

const tag = "Journal";
const params = { id: "rsp" } as const;
const pathOf = (id: string): string => `/api/v1/responders/${id}/tail`;

const TailQuery = z.strictObject({
  ...filterFields,
  after: ExchangeIdGiven.optional().openapi({
    description:
      "Resumes after this exchange; the header `Last-Event-ID` counts before it. Default: from now on.",
  }),
  ticket: z
    .string()
    .max(100)
    .optional()
    .openapi({ description: "In the place of a key, for browsers: from `POST …/tail-ticket`." }),
});

const TAILING =
  "Server-Sent Events, for `curl -N` and `EventSource`: `exchange`, with the exchange as a list shows it and its id, " +
  "`gap` when what came before is no longer known, `ping` every 15 s. Who reconnects with `Last-Event-ID` or `after` " +
  "misses nothing and gets nothing twice. A stream ends within 60 s of its key's end; one that is not read for 30 s is cut off.\n\n" +
  "With `Upgrade: websocket` the same as messages: `{ seq, event, id, exchange }`. Send back the `seq` of what you have " +
  "seen, now and then: after 4 MiB that nobody has seen there come no more, and 30 s later the socket is closed. " +
  "`ping` is answered by `pong`.";

/** A page of somebody else's must not watch with what a browser knows of us: WebSockets and streams heed no CORS. */
const assertOwnOrigin = (request: Request): void => {
  const origin = request.headers.get("origin");
  if (origin === null || origin === new URL(request.url).origin) return;
  throw new ApiProblem(
    "forbidden",
    "A page of another origin may not watch. Watch from the console, or without a browser.",
  );
};

/** A browser that reconnects sends the last id that it saw, to the URL by which it first came. */
const afterOf = (request: Request, after: string | undefined): string | undefined => {
  const last = request.headers.get("last-event-id") ?? "";
  if (last === "") return after;
  const parsed = ExchangeIdGiven.safeParse(last);
  if (parsed.success) return parsed.data;
  const message = "Not the id of an exchange.";
  throw new ApiProblem("invalid", `Last-Event-ID: ${message}`, {
    errors: [{ path: "Last-Event-ID", message }],
  });
};

export const registerTail = (router: Router, deps: TailRoutesDeps): void => {
  router.raw(
    {
      id: "tailExchanges",
      method: "get",
      path: pathOf(":id"),
      params,
      tag,
      summary: "Watch a responder's exchanges as they come",
      description: TAILING,
      scope: "journal:read",
      query: TailQuery,
      body: NO_BODY,
      status: 200,
      shown: z.string(),
      media: ["text/event-stream"],
      ticketed: true,
    },
    async (principal, { request, param, query }) => {
      assertOwnOrigin(request);
      const wanted = { filter: filterOf(query), after: afterOf(request, query.after) };
      if (request.headers.get("upgrade")?.toLowerCase() === "websocket") {
        return deps.journals.tailSocket(principal, param("id"), wanted);
      }
      const tail = await deps.journals.tail(principal, param("id"), wanted);
      return new Response(request.method === "HEAD" ? null : eventStream(tail, deps), {
        // Not to be gathered or compressed on the way: each event is to arrive when it happens.
        headers: {
          "content-type": "text/event-stream; charset=utf-8",
          "cache-control": "no-store, no-transform",
        },
      });
    },
  );

  router.scoped(
    {
      id: "createTailTicket",
      method: "post",
      path: `${pathOf(":id")}-ticket`,
      params,
      tag,
      summary: "Get a ticket to watch with",
      description:
        "For browsers, which send no headers with a WebSocket or an `EventSource`: `GET …/tail?ticket=…` within 30 s, once. " +
        "What is watched by it ends with the key that asked for it.",
      scope: "journal:read",
      query: NO_QUERY,
      body: NO_BODY,
      status: 201,
      shown: z.object({ ticket: z.string().optional(), expiresAt: TimeShown }).openapi("TailTicket"),
    },
    async (principal, { param }) => {
      const id = param("id");
      await deps.journals.assertMine(principal, id);
      const { ticket, expiresAt } = await deps.accounts.issueTicket(principal, pathOf(id));
      const kept = { expiresAt: shownTime(expiresAt) };
      return { body: { ticket, ...kept }, kept, location: pathOf(id) };
    },
  );
};
