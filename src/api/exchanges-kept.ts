import { z } from "@hono/zod-openapi";
import { BodyShown } from "./responders-fields.ts";

/** A body as it was kept; src/journal/shown-kept.ts makes it. */
export const keptShown = {
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
