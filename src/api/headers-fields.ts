import { z } from "@hono/zod-openapi";

/** Headers as they go in and come out. */
const HeaderPair = z.tuple([z.string(), z.string()]);

export const HeadersGiven = z
  .union([z.array(HeaderPair), z.record(z.string(), z.string())], {
    error: 'Give headers as pairs, [["name", "value"]], or as an object, { "name": "value" }.',
  })
  .openapi({ description: "Pairs keep order and repeats; an object is the short way. Shown as pairs." });

export const HeadersShown = z.array(HeaderPair.readonly()).readonly();
