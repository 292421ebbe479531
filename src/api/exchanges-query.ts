import { z } from "@hono/zod-openapi";
import type { ExchangeFilter } from "../journal/index.ts";
import { TimeGiven } from "./fields.ts";
import { PageQuery } from "./page.ts";

const KINDS = "static|returned|threw|exceeded|unusable|unavailable|forwarded|upstream-failed";
const OUTCOME = new RegExp(`^(failed|(${KINDS})(\\.[a-z-]{1,30})?)$`);

const MOST_WAIT_SECONDS = 25;
const WAIT = `Whole seconds from 0 to ${MOST_WAIT_SECONDS}.`;

export const ExchangeIdGiven = z
  .string()
  .regex(/^exc_[0-9a-hjkmnp-tv-z]{26}$/, "The id of an exchange: exc_ and 26 letters and digits.");

export const StatusGiven = z
  .string()
  .regex(/^[2-5](\d\d|[xX]{2})$/, "A status like 200, or a class of them like 2xx.")
  .openapi({ description: "Of the answer: a status, or a class like `2xx`.", example: "200" });

/** Which exchanges: what a list, an export and a replay of several take. */
export const filterFields = {
  status: StatusGiven.optional(),
  method: z
    .string()
    .regex(/^[A-Za-z][A-Za-z0-9-]{0,31}$/, "A method like POST.")
    .transform((text) => text.toUpperCase())
    .optional()
    .openapi({ type: "string", example: "POST" }),
  outcome: z
    .string()
    .regex(OUTCOME, "An outcome like `returned` or `exceeded.cpu`, or `failed` for all that did not succeed.")
    .optional()
    .openapi({ description: "How it ended: a kind, a kind and its detail, or `failed`.", example: "failed" }),
  since: TimeGiven.optional().openapi({ description: "Arrived then or later." }),
  until: TimeGiven.optional().openapi({ description: "Arrived earlier." }),
  q: z
    .string()
    .min(1)
    .max(500)
    .optional()
    .openapi({ description: "A phrase that URL, a header or a text body holds, whatever its case." }),
};

export const ExchangesQuery = PageQuery.extend({
  ...filterFields,
  after: ExchangeIdGiven.optional().openapi({
    description: "Those that were recorded after this exchange, oldest first.",
  }),
  wait: z
    .string()
    .regex(/^\d{1,2}$/, WAIT)
    .transform(Number)
    .refine((seconds) => seconds <= MOST_WAIT_SECONDS, WAIT)
    .optional()
    .openapi({
      type: "integer",
      minimum: 0,
      maximum: MOST_WAIT_SECONDS,
      description: "How long to wait for the first of them. Without `after`: for whatever comes next.",
    }),
});

type Given = { readonly [Name in keyof ExchangeFilter]?: ExchangeFilter[Name] | undefined };
type FilterInput = Omit<Given, "status" | "statusClass"> & { readonly status?: string | undefined };

const statusOf = (text: string | undefined): ExchangeFilter => {
  if (text === undefined) return {};
  return /^\d+$/.test(text) ? { status: Number(text) } : { statusClass: Number(text[0]) };
};

export const filterOf = ({ status, method, outcome, since, until, q }: FilterInput): ExchangeFilter => ({
  ...statusOf(status),
  ...(method === undefined ? {} : { method }),
  ...(outcome === undefined ? {} : { outcome }),
  ...(since === undefined ? {} : { since }),
  ...(until === undefined ? {} : { until }),
  ...(q === undefined ? {} : { q }),
});
