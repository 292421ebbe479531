import { z } from "@hono/zod-openapi";
import { DifferenceShown } from "./difference-shown.ts";
import { keptShown } from "./exchanges-kept.ts";
import { TimeShown } from "./fields.ts";
import { HeadersShown } from "./headers-fields.ts";

const legBody = {
  bodySame: z.boolean().openapi({
    description:
      "The body is that of the exchange's own `request`, or `response`: the other fields of it are absent.",
  }),
  body: keptShown.body.optional(),
  bodySize: keptShown.bodySize.optional(),
  bodyTruncated: keptShown.bodyTruncated.optional(),
  bodyOmitted: keptShown.bodyOmitted.optional(),
};

const changes = z.array(DifferenceShown).readonly();

/** What went to an upstream and came back; src/journal/shown-upstream.ts makes it. */
export const LegsShown = z
  .object({
    request: z.object({
      method: z.string(),
      url: z.string(),
      headers: HeadersShown.openapi({
        description: "As they were written: `${secrets.NAME}` is not filled in.",
      }),
      ...legBody,
    }),
    response: z
      .object({ status: z.int(), headers: HeadersShown, ...legBody })
      .nullable()
      .openapi({ description: "`null`: there was no answer." }),
    durationMs: z
      .number()
      .openapi({ description: "From the first attempt to the end of the answer's body." }),
    attempts: z
      .array(
        z.object({
          at: TimeShown,
          status: z.int().nullable(),
          error: z.string().nullable(),
          durationMs: z.number().openapi({ description: "Until the answer's head was there." }),
        }),
      )
      .readonly(),
    error: z.string().nullable().openapi({ description: "Why there is no answer, or only a part of one." }),
    unfinished: z.boolean().openapi({
      description:
        "The answer had not come to its end when this was recorded: its sender hung up, or it went on for more than 65 s.",
    }),
    changes: z.object({
      request: changes.openapi({
        description: "From the sender's request to the one that left, in `{ method, url, headers, body }`.",
      }),
      response: changes.openapi({
        description: "From what came back to the answer, in `{ status, headers, body }`.",
      }),
    }),
  })
  .openapi("UpstreamLegs");
