import { z } from "@hono/zod-openapi";
import type { Trial } from "../responders/index.ts";
import { EgressEntryShown } from "./egress-fields.ts";
import { NO_QUERY } from "./operation.ts";
import { HeadersShown } from "./headers-fields.ts";
import { BodyShown, ResponderGiven, TrialRequestGiven } from "./responders-fields.ts";
import type { ResponderRoutesDeps } from "./responders.ts";
import { WarningsShown } from "./responders-shown.ts";
import type { Router } from "./router.ts";

const ErrorShown = z.object({
  name: z.string(),
  message: z.string(),
  stack: z.string().openapi({
    description:
      "Lines of `at NAME (FILE:LINE:COLUMN)`, in the scripts as they were saved: FILE is `script`, `scripts/NAME` " +
      "or `scripts/NAME@VERSION`.",
  }),
  file: z.string().optional().openapi({
    description: "The library script that `line` and `column` are in; absent for the script itself.",
  }),
  line: z.int().nullable(),
  column: z.int().nullable(),
});

/** How hits end. */
const RUN_KINDS = ["static", "returned", "threw", "exceeded", "unusable", "unavailable"] as const;
const KINDS = [...RUN_KINDS, "forwarded", "upstream-failed"] as const;

export const RunShown = z
  .object({
    outcome: z.object({
      kind: z.enum(KINDS),
      limit: z
        .string()
        .optional()
        .openapi({ description: "With `exceeded`: cpu, memory, stack, wall, calls or output." }),
      limitValue: z.number().optional(),
      reason: z
        .string()
        .optional()
        .openapi({ description: "With `unusable`, `unavailable` and `upstream-failed`." }),
      error: ErrorShown.optional(),
    }),
    cpuMs: z.number().openapi({ description: "Fuel as time on a reference machine." }),
    fuel: z.number(),
    wallMs: z.number(),
    peakMemoryBytes: z.int(),
    hostCalls: z.int(),
    suspensions: z.int(),
    logs: z.array(z.object({ at: z.string(), level: z.string(), text: z.string() })).readonly(),
    logsDropped: z.int().openapi({ description: "Console lines beyond the limits." }),
    egress: z.array(EgressEntryShown).readonly().openapi({ description: "What the script has sent." }),
  })
  .openapi("Run");

const TrialShown = z
  .object({
    response: z
      .object({ status: z.int(), headers: HeadersShown, body: BodyShown })
      .openapi({ description: "What the sender would get, without what the platform adds." }),
    run: RunShown,
    warnings: WarningsShown,
  })
  .openapi("Trial");

const showTrial = ({ response, run, warnings }: Trial): z.input<typeof TrialShown> => ({
  response,
  run,
  warnings,
});

const TRYING =
  "The answer is a 200 although the script failed: then `response` is the problem that the sender would get, and `run` " +
  "says why. Nothing is recorded. The random seed is fixed, so that a trial repeats with the same fuel.";

export const registerTrials = (router: Router, { responders }: ResponderRoutesDeps): void => {
  router.scoped(
    {
      id: "testResponder",
      method: "post",
      path: "/api/v1/responders/:id/test",
      params: { id: "rsp" },
      tag: "Responders",
      summary: "Test a responder",
      description: `Runs it, disabled or not, on a made-up hit; one that it does not take is a 422. ${TRYING}`,
      scope: "responders:write",
      query: NO_QUERY,
      body: z.strictObject({ request: TrialRequestGiven.optional() }).openapi("TestInput"),
      status: 200,
      shown: TrialShown,
    },
    async (principal, { param, body }) => ({
      body: showTrial(await responders.test(principal, param("id"), body.request ?? {})),
    }),
  );

  router.scoped(
    {
      id: "runResponder",
      method: "post",
      path: "/api/v1/run",
      tag: "Responders",
      summary: "Run a responder that is not saved",
      description: `Checked as it would be when posted, but for names and routes that are taken. ${TRYING}`,
      scope: "responders:write",
      query: NO_QUERY,
      body: z
        .strictObject({ responder: ResponderGiven, request: TrialRequestGiven.optional() })
        .openapi("RunInput"),
      status: 200,
      shown: TrialShown,
    },
    async (principal, { body }) => ({
      body: showTrial(await responders.run(principal, body.responder, body.request ?? {})),
    }),
  );
};
