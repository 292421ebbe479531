import { z } from "@hono/zod-openapi";

/** Where the requests of a script may go, and what became of them. */
const mode = z.enum(["none", "hosts", "public"]);

export const EgressGiven = z
  .strictObject({
    mode,
    hosts: z
      .array(z.string().openapi({ example: "*.example.com" }))
      .readonly()
      .optional()
      .openapi({
        minItems: 1,
        maxItems: 100,
        description:
          "With `hosts`: `host`, `host:port`, or `*.domain` for every name below it. Without a port it is that of the scheme.",
      }),
  })
  .openapi("EgressGiven", {
    description:
      "Whether the script has `fetch` (in an expression `Deno.core.ops.op_proxy_request` as well), and to where: `hosts` names " +
      "them, `public` is every public address. With `none` neither of them exists. Replaced whole.",
    example: { mode: "hosts", hosts: ["api.example.com"] },
  });

export const EgressShown = z.object({
  mode,
  hosts: z.array(z.string()).readonly().optional().openapi({ description: "With `hosts`." }),
});

export const EgressEntryShown = z
  .object({
    method: z.string(),
    url: z.string().openapi({
      description: "As the script wrote it, up to 2,048 characters: secrets are placeholders in it.",
    }),
    status: z.int().nullable().openapi({ description: "`null`: there was no answer." }),
    durationMs: z.number().openapi({ description: "To the last byte that was read of the answer." }),
    requestBytes: z.int(),
    responseBytes: z.int().openapi({ description: "As far as the body was read, decoded." }),
    error: z.string().nullable().openapi({ description: "Why there was no answer, or only a part of one." }),
  })
  .openapi("EgressEntry", { description: "One request, with all the redirects that it followed." });
