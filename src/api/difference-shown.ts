import { z } from "@hono/zod-openapi";

/** One place where two messages differ. */
export const DifferenceShown = z
  .object({
    path: z.string().openapi({ description: "A JSON Pointer.", example: "/body/items/0/id" }),
    before: z.unknown().optional(),
    after: z.unknown().optional(),
  })
  .openapi("Difference", {
    description:
      "A side that has nothing there is left out; a value over 16 KiB is `{ cut: true, beginning }`, as JSON.",
  });
