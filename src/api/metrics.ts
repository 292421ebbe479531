import { z } from "@hono/zod-openapi";
import type { Journals, MetricsSpan, MetricsView } from "../journal/index.ts";
import { shownTime, shownTimeOrNull, TimeShown } from "./fields.ts";
import { NO_BODY, NO_QUERY } from "./operation.ts";
import type { Router } from "./router.ts";

const Histogram = z
  .object({
    bounds: z.array(z.number()).readonly(),
    counts: z.array(z.int()).readonly(),
  })
  .openapi("Histogram", {
    description:
      "`counts[n]` is of values up to and including `bounds[n]` and above the bound before; the last count, one more " +
      "than there are bounds, is of all above.",
  });

const figures = {
  hits: z.int(),
  outcomes: z
    .record(z.string(), z.int())
    .openapi({ description: "Hits by how they ended, by the names that `outcome` filters by." }),
  requestBytes: z.int().openapi({ description: "Of bodies." }),
  responseBytes: z.int(),
  lost: z.int().openapi({ description: "Exchanges that could not be recorded." }),
  wallMs: Histogram,
  cpuMs: Histogram,
  memoryBytes: Histogram,
};

const SpanShown = z.object({ at: TimeShown, ...figures }).openapi("MetricsSpan");
const spans = (what: string) =>
  z
    .array(SpanShown)
    .readonly()
    .openapi({ description: `${what}, in UTC, oldest first; those without a hit are left out.` });

const view = {
  totals: z
    .object({ ...figures, lastHitAt: TimeShown.nullable() })
    .openapi({ description: "Of all time. Static answers are in no histogram." }),
  minutes: spans("The last 2 hours by the minute"),
  hours: spans("The last 7 days by the hour"),
  days: spans("The last 90 days by the day"),
};

const MetricsShown = z.object(view).openapi("Metrics");
const AccountMetricsShown = z
  .object({
    ...view,
    responders: z.object({ counted: z.int(), all: z.int() }).openapi({
      description: "Of how many responders the figures are, the newest 200 at most, of how many there are.",
    }),
  })
  .openapi("AccountMetrics");

const showSpan = ({ at, ...span }: MetricsSpan): z.input<typeof SpanShown> => ({
  at: shownTime(at),
  ...span,
  outcomes: { ...span.outcomes },
});

const showMetrics = ({ totals, minutes, hours, days }: MetricsView): z.input<typeof MetricsShown> => ({
  totals: { ...totals, outcomes: { ...totals.outcomes }, lastHitAt: shownTimeOrNull(totals.lastHitAt) },
  minutes: minutes.map(showSpan),
  hours: hours.map(showSpan),
  days: days.map(showSpan),
});

const tag = "Journal";
const reading = {
  method: "get",
  scope: "journal:read",
  query: NO_QUERY,
  body: NO_BODY,
  status: 200,
  tag,
} as const;

export const registerMetrics = (
  router: Router,
  { journals }: { readonly journals: Pick<Journals, "metrics" | "accountMetrics"> },
): void => {
  router.scoped(
    {
      ...reading,
      id: "readMetrics",
      path: "/api/v1/responders/:id/metrics",
      params: { id: "rsp" },
      summary: "Read a responder's figures",
      description:
        "Counted from the hits whose responder keeps a journal; deleting exchanges changes nothing.",
      shown: MetricsShown,
    },
    async (principal, { param }) => ({ body: showMetrics(await journals.metrics(principal, param("id"))) }),
  );

  router.scoped(
    {
      ...reading,
      id: "readAccountMetrics",
      path: "/api/v1/metrics",
      summary: "Read the account's figures",
      description: "The sum over its responders.",
      shown: AccountMetricsShown,
    },
    async (principal) => {
      const { responders, ...metrics } = await journals.accountMetrics(principal);
      return { body: { ...showMetrics(metrics), responders } };
    },
  );
};
