import { z } from "@hono/zod-openapi";
import type { UnmatchedHit } from "../responders/index.ts";
import { shownTime, TimeShown } from "./fields.ts";
import { NO_BODY } from "./operation.ts";
import { pageOf, PageQuery } from "./page.ts";
import { pageOfAll } from "./responders-pages.ts";
import type { ResponderRoutesDeps } from "./responders.ts";
import type { Router } from "./router.ts";

const NearRouteShown = z.object({
  responderId: z.string(),
  name: z.string(),
  label: z.string().nullable(),
  methods: z.array(z.string()).readonly(),
  path: z.string(),
  reason: z.enum(["method", "disabled", "label", "trailing-slash", "case", "segment", "length"]),
  detail: z.string().openapi({ description: "The reason as a sentence." }),
});

const UnmatchedShown = z
  .object({
    id: z.string().openapi({ description: "The `x-request-id` that the sender got." }),
    at: TimeShown,
    method: z.string(),
    label: z.string().nullable(),
    path: z
      .string()
      .openapi({ description: "Raw, below the handle, without its query; cut at 2,048 characters." }),
    status: z.int().openapi({ description: "404 or 405." }),
    nearest: z
      .array(NearRouteShown)
      .readonly()
      .openapi({ description: "Up to three, each with the first reason why it did not match." }),
    skipped: z.int().openapi({ description: "Hits just before this one that came too fast to be kept." }),
  })
  .openapi("UnmatchedHit");

const showUnmatched = (hit: UnmatchedHit): z.input<typeof UnmatchedShown> => ({
  ...hit,
  at: shownTime(hit.at),
});

export const registerUnmatched = (router: Router, { responders }: ResponderRoutesDeps): void => {
  router.scoped(
    {
      id: "listUnmatched",
      method: "get",
      path: "/api/v1/unmatched",
      tag: "Responders",
      summary: "List hits that matched nothing",
      description:
        "The last 50 hits of the account's handle that no route took, newest first. Queries, headers and bodies are not kept.",
      scope: "responders:read",
      query: PageQuery,
      body: NO_BODY,
      status: 200,
      shown: pageOf(UnmatchedShown).openapi("UnmatchedPage"),
    },
    async (principal, { query }) => {
      const hits = await responders.listUnmatched(principal);
      return { body: pageOfAll(`unmatched:${principal.account.id}`, query, hits, showUnmatched) };
    },
  );
};
