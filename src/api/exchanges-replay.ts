import { z } from "@hono/zod-openapi";
import {
  isPointer,
  type Journals,
  type Replayed,
  type ReplayedInShort,
  type ReplayRequest,
} from "../journal/index.ts";
import { shownBody } from "../responders/index.ts";
import { filterFields, filterOf, StatusGiven } from "./exchanges-query.ts";
import { NO_QUERY } from "./operation.ts";
import { ApiProblem } from "./problems.ts";
import { DifferenceShown } from "./difference-shown.ts";
import { HeadersShown } from "./headers-fields.ts";
import { BodyShown } from "./responders-fields.ts";
import { RunShown } from "./responders-trials.ts";
import type { Router } from "./router.ts";

const MOST_AT_ONCE = 100;

const ignore = z
  .array(
    z
      .string()
      .max(1_000)
      .refine(isPointer, "A JSON Pointer, like /body/createdAt or /headers/date.")
      .openapi({ pattern: "^(/([^~/]|~[01])*)*$" }),
  )
  .max(100)
  .readonly()
  .optional()
  .openapi({
    description:
      "JSON Pointers into `{ status, headers, body }`: what may differ, with all that lies below it.",
    example: ["/headers/date", "/body/createdAt"],
  });

const mode = z
  .enum(["dry", "record", "url"], { error: "`dry`, `record` or `url`." })
  .optional()
  .openapi({
    default: "dry",
    description:
      "`dry` records nothing, sends nothing, and drops what the script writes to its state; `record` does as a hit would; " +
      "`url` sends the request to `url` instead, without `cookie` and `authorization`, and records nothing.",
  });

const url = z
  .string()
  .max(8_192)
  .optional()
  .openapi({ description: "With the mode `url`: where the request goes, whole, with its query." });

const effects = z
  .enum(["refused", "recorded"])
  .optional()
  .openapi({
    default: "refused",
    description:
      "Of a `dry` replay: whether what reaches outside is refused, or answered as it was recorded. It sends nothing: a request " +
      "of the script's fails, whichever is given, since what other servers answered is not recorded, and what would be " +
      "forwarded to an upstream is a 409. The script's state is read as it is now.",
  });

const urlFault = (message: string): ApiProblem =>
  new ApiProblem("invalid", `url: ${message}`, { errors: [{ path: "url", message }] });

interface Given {
  readonly mode?: "dry" | "record" | "url" | undefined;
  readonly url?: string | undefined;
  readonly ignore?: readonly string[] | undefined;
}

const requestOf = (given: Given): ReplayRequest => {
  const { mode: how = "dry", url: where, ignore: ignored = [] } = given;
  if (how !== "url") {
    if (where === undefined) return { mode: how, ignore: ignored };
    throw urlFault('It goes with `"mode": "url"` only.');
  }
  if (where === undefined) throw urlFault("Say where: the mode `url` needs it.");
  return { mode: how, url: where, ignore: ignored };
};

const ReplayGiven = z.strictObject({ mode, url, ignore, effects }).openapi("ReplayInput", {
  example: { mode: "dry", ignore: ["/body/createdAt"] },
});

const compared = {
  difference: z.array(DifferenceShown).readonly().openapi({
    description:
      "From the recorded answer: headers by their names, a JSON body member by member. Empty when they are the same.",
  }),
  more: z.int().openapi({ description: "Differences beyond those that are shown." }),
  uncompared: z
    .array(z.string())
    .readonly()
    .openapi({ description: "`/body`, when the recorded body was not kept whole." }),
};

const ReplayShown = z
  .object({
    response: z.object({ status: z.int(), headers: HeadersShown, body: BodyShown }),
    run: RunShown.nullable().openapi({ description: "`null` with the mode `url`: nothing was run here." }),
    ...compared,
    leftOut: z.array(z.string()).readonly().openapi({
      description:
        "With the mode `url`: headers that were not sent, for they are credentials of the sender's.",
    }),
    exchange: z.string().nullable().openapi({ description: "The id under which the replay was recorded." }),
  })
  .openapi("Replay");

const showReplay = (replayed: Replayed): z.input<typeof ReplayShown> => {
  const { response, run, difference, uncompared, leftOut, exchangeId } = replayed;
  const { status, headers, body } = response;
  return {
    response: { status, headers, body: shownBody(body, headers) },
    run,
    difference: difference.items,
    more: difference.more,
    uncompared,
    leftOut,
    exchange: exchangeId,
  };
};

const { method, outcome, since, until, q } = filterFields;

const ReplayManyGiven = z
  .strictObject({
    mode,
    url,
    ignore,
    effects,
    filter: z
      .strictObject({
        method,
        outcome,
        since,
        until,
        q,
        // In JSON a status is a number, as it is shown.
        status: z.union([z.int().transform(String).pipe(StatusGiven), StatusGiven]).optional(),
      })
      .optional(),
    limit: z.int().min(1).max(MOST_AT_ONCE).optional().openapi({ default: MOST_AT_ONCE }),
  })
  .openapi("ReplayManyInput", { example: { filter: { status: "2xx" }, limit: 100 } });

const InShort = z.object({
  id: z.string(),
  same: z.boolean(),
  ...compared,
  outcome: z.string().nullable().openapi({ description: "How it ended now, like `exceeded.cpu`." }),
  problem: z.string().nullable().openapi({ description: "Why it could not be replayed." }),
});

const ReplayManyShown = z
  .object({
    items: z.array(InShort).readonly(),
    totals: z.object({
      same: z.int(),
      different: z.int(),
      unfit: z.int().openapi({ description: "Could not be replayed." }),
      left: z.int().openapi({ description: "There was no time left for these, the newest: ask for fewer." }),
    }),
  })
  .openapi("ReplayMany");

const showInShort = (item: ReplayedInShort): z.input<typeof InShort> => {
  const { id, same, difference, uncompared, outcome: name, problem } = item;
  return {
    id,
    same,
    difference: difference.items,
    more: difference.more,
    uncompared,
    outcome: name,
    problem,
  };
};

const AGAINST =
  "Against the responder as it is now, disabled or not, whose script finds `ctx.replay`; with the mode `url`, against " +
  "whatever answers there. The key needs `responders:write` as well, as for a test.";

export const registerReplays = (
  router: Router,
  { journals }: { readonly journals: Pick<Journals, "replay" | "replayMany"> },
): void => {
  const base = "/api/v1/responders/:id/exchanges";
  const tag = "Journal";

  router.scoped(
    {
      id: "replayExchange",
      method: "post",
      path: `${base}/:exc/replay`,
      params: { id: "rsp", exc: "exc" },
      tag,
      summary: "Replay an exchange",
      description: `${AGAINST} A request that was not kept whole, or that the route does not take any more, is a 409.`,
      scope: "journal:replay",
      query: NO_QUERY,
      body: ReplayGiven,
      status: 200,
      shown: ReplayShown,
    },
    async (principal, { param, body }) => {
      const request = requestOf(body);
      return { body: showReplay(await journals.replay(principal, param("id"), param("exc"), request)) };
    },
  );

  router.scoped(
    {
      id: "replayExchanges",
      method: "post",
      path: `${base}/replay`,
      params: { id: "rsp" },
      tag,
      summary: "Replay the newest exchanges",
      description: `Up to 100 that the filter takes, oldest first: would the responder answer them the same now? Replays are left out. ${AGAINST}`,
      scope: "journal:replay",
      query: NO_QUERY,
      body: ReplayManyGiven,
      status: 200,
      shown: ReplayManyShown,
    },
    async (principal, { param, body }) => {
      const { items, totals } = await journals.replayMany(principal, param("id"), {
        ...requestOf(body),
        filter: filterOf(body.filter ?? {}),
        limit: body.limit ?? MOST_AT_ONCE,
      });
      return { body: { items: items.map(showInShort), totals } };
    },
  );
};
