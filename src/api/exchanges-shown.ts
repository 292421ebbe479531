import { z } from "@hono/zod-openapi";
import { TimeShown } from "./fields.ts";
import { BodyShown, HeadersShown } from "./responders-fields.ts";
import { RunShown } from "./responders-trials.ts";

/** Exchanges as they come out; src/journal/shown-exchange.ts makes them. */
const keptShown = {
  body: BodyShown.nullable().openapi({
    description: "`null`: there was none, nothing of it was kept, or it is left out here.",
  }),
  bodySize: z.int().openapi({ description: "Of the whole body, in bytes." }),
  bodyTruncated: z
    .boolean()
    .openapi({ description: "Less is kept than there was: the plan's limit, or the script's wish." }),
  bodyOmitted: z
    .boolean()
    .openapi({ description: "Kept, but left out of this answer. Read the one exchange, or the body alone." }),
};

const ClientShown = z.object({
  ip: z.string().nullable(),
  country: z.string().optional(),
  asn: z.int().optional(),
  tlsVersion: z.string().optional(),
});

export const ExchangeShown = z
  .object({
    id: z.string().openapi({ example: "exc_01jz3v8q6hft2m5x9k7w4c0b1d" }),
    at: TimeShown,
    durationMs: z.number().openapi({ description: "Until the answer was there." }),
    requestId: z
      .string()
      .openapi({ description: "The `x-request-id` that the sender got: the exchange's own id." }),
    request: z.object({
      method: z.string(),
      url: z.string().openapi({ description: "Whole, as the sender used it." }),
      headers: HeadersShown,
      ...keptShown,
      client: ClientShown,
    }),
    response: z.object({ status: z.int(), headers: HeadersShown, ...keptShown }),
    run: RunShown,
    replayOf: z.string().nullable().openapi({ description: "The exchange that this is a replay of." }),
    pinned: z.boolean(),
  })
  .openapi("Exchange");
