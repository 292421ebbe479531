import { z } from "@hono/zod-openapi";
import { type Upstream, UPSTREAM_DEFAULTS } from "../responders/index.ts";
import { HeadersGiven, HeadersShown } from "./headers-fields.ts";

/** `upstream` of responders, as it goes in and comes out. */
const { mode, timeouts, retries, onHookError } = UPSTREAM_DEFAULTS;

const whole = (minimum: number, maximum: number, value: number) =>
  z.number().openapi({ type: "integer", minimum, maximum, default: value });

const url = z.string().openapi({
  description:
    "Absolute, http or https, without user part, query and fragment. What is forwarded goes to its path with the path below " +
    "the handle behind it, as text, and the query as it came.",
  example: "https://api.example.com/v1",
});

const modeField = z.enum(["forward", "spy"]).openapi({
  default: mode,
  description:
    "`spy` answers by itself what it has an answer for, and forwards the rest. Without a script any default response but " +
    "the empty 200 without headers is an answer.",
});

const headers = HeadersGiven.openapi({
  description:
    "Set in place of the sender's of these names. `${secrets.NAME}` is filled in for the secret's hosts and places only. " +
    "Replaced whole.",
});

const firstByteMs = whole(1, 300_000, timeouts.firstByteMs).openapi({
  description: "Of each attempt, from when it begins to leave.",
});
const totalMs = whole(1, 3_600_000, timeouts.totalMs).openapi({
  description: "Of all attempts, to the last byte of the answer.",
});
const attempts = whole(0, 5, retries.attempts).openapi({
  description:
    "Besides the first: of requests without a body and with an idempotent method, when no answer came or it was a 502, 503 or 504.",
});
const onHookErrorField = z.enum(["fail", "pass"]).openapi({ default: onHookError });

export const UpstreamGiven = z
  .strictObject({
    url,
    mode: modeField.optional(),
    headers: headers.optional(),
    timeouts: z.strictObject({ firstByteMs: firstByteMs.optional(), totalMs: totalMs.optional() }).optional(),
    retries: z.strictObject({ attempts: attempts.optional() }).optional(),
    onHookError: onHookErrorField.optional(),
  })
  .openapi("UpstreamGiven", {
    description: "Where hits are forwarded to.",
    example: { url: "https://api.example.com" },
  });

export const UpstreamPatch = z
  .strictObject({
    url: url.optional(),
    mode: modeField.nullable().optional(),
    headers: headers.nullable().optional(),
    timeouts: z
      .strictObject({
        firstByteMs: firstByteMs.nullable().optional(),
        totalMs: totalMs.nullable().optional(),
      })
      .nullable()
      .optional(),
    retries: z.strictObject({ attempts: attempts.nullable().optional() }).nullable().optional(),
    onHookError: onHookErrorField.nullable().optional(),
  })
  .openapi("UpstreamPatch");

export const UpstreamShown = z
  .object({
    url: z.string(),
    mode: z.enum(["forward", "spy"]),
    headers: HeadersShown,
    timeouts: z.object({ firstByteMs: z.int(), totalMs: z.int() }),
    retries: z.object({ attempts: z.int() }),
    onHookError: z.enum(["fail", "pass"]),
  })
  .openapi("Upstream") satisfies z.ZodType<Upstream>;
