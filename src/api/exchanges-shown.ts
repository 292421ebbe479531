import { z } from "@hono/zod-openapi";
import { TimeShown } from "./fields.ts";
import { keptShown } from "./exchanges-kept.ts";
import { LegsShown } from "./exchanges-upstream.ts";
import { HeadersShown } from "./headers-fields.ts";
import { RunShown } from "./responders-trials.ts";

/** Exchanges as they come out; src/journal/shown-exchange.ts makes them. */
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
    upstream: LegsShown.optional().openapi({ description: "Absent where no upstream was asked." }),
    replayOf: z.string().nullable().openapi({ description: "The exchange that this is a replay of." }),
    pinned: z.boolean(),
  })
  .openapi("Exchange");
