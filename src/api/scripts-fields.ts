import { z } from "@hono/zod-openapi";
import { NO_QUERY } from "./operation.ts";

/*
 * What goes into the library. Shapes only: names and sizes are the verbs' to check, and `openapi()` tells readers of the
 * document what these take.
 */
export const LanguageGiven = z.enum(["js", "ts"]);

const NameGiven = z.string().openapi({
  pattern: "^[a-z][a-z0-9-]{0,63}$",
  description: "Unique in the account. Sources import it as `scripts/NAME`.",
  example: "sign",
});
const DescriptionGiven = z.string().openapi({ maxLength: 1_000, default: "" });
const SourceGiven = z.string().openapi({
  description:
    "A module; one that answers requests, or one expression, can be a responder's whole script as well (`script.ref`). " +
    "At most what the plan allows (`sourceBytes`).",
  example: "export const greet = (name) => `Hello, ${name}!`;",
});

export const ScriptCreated = z
  .strictObject({
    name: NameGiven,
    description: DescriptionGiven.optional(),
    source: SourceGiven,
    language: LanguageGiven.optional().openapi({ default: "js" }),
    draft: z.boolean().optional().openapi({
      default: false,
      description:
        "Keeps the source as a draft: the script has no version, and nobody can use it, until it is published.",
    }),
  })
  .openapi("ScriptInput", {
    example: { name: "greet", source: "export const greet = (name) => `Hello, ${name}!`;", language: "js" },
  });

/** As RFC 7396 has it: `null` gives a field its default again. */
export const ScriptPatched = z
  .strictObject({
    name: NameGiven.optional(),
    description: DescriptionGiven.nullable().optional(),
    source: SourceGiven.optional(),
    language: LanguageGiven.optional(),
  })
  .openapi("ScriptPatch", { example: { source: "export const greet = (name) => `Hi, ${name}!`;" } });

export const DraftGiven = z
  .strictObject({ source: SourceGiven, language: LanguageGiven.optional().openapi({ default: "js" }) })
  .openapi("DraftInput");

/** Of every call that may publish a version. */
export const PublishQuery = NO_QUERY.extend({
  dryRun: z.enum(["0", "1"]).optional().openapi({
    default: "0",
    description:
      "`1`: nothing is written, and the answer tells which responders the new version would reach, and with what result.",
  }),
});

export const DifferenceQuery = NO_QUERY.extend({
  from: z
    .string()
    .regex(/^\d{1,9}$/, "The number of a version, or 0 for nothing.")
    .transform(Number)
    .optional()
    .openapi({
      type: "integer",
      minimum: 0,
      description: "Which version it is compared with. Default: the one before; `0` is an empty source.",
    }),
});
