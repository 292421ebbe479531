import { z } from "@hono/zod-openapi";
import type { Responder, ShownDefinition, Warning } from "../responders/index.ts";
import { EgressShown } from "./egress-fields.ts";
import { EtagShown, shownTime, shownTimeOrNull, TimeShown } from "./fields.ts";
import { NotificationsSettingsShown } from "./notifications-fields.ts";
import { HeadersShown } from "./headers-fields.ts";
import { BodyGiven } from "./responders-fields.ts";
import { UpstreamShown } from "./upstream-fields.ts";

/** What comes out: responders, their definitions, and the warnings of a save. */
const definitionShown = {
  name: z.string(),
  enabled: z.boolean(),
  label: z.string().nullable(),
  method: z.union([z.string(), z.array(z.string()).readonly()]),
  path: z.string(),
  response: z.object({
    status: z.int(),
    headers: HeadersShown,
    body: BodyGiven,
    interpolate: z.boolean(),
  }),
  script: z
    .union([
      z.object({ source: z.string(), language: z.enum(["js", "ts"]) }),
      z.object({
        ref: z.string().openapi({
          description:
            "By the name that the script of the library has now. Of a script that is deleted, which an old revision may " +
            "still name: its id.",
        }),
      }),
    ])
    .nullable(),
  upstream: UpstreamShown.nullable(),
  secrets: z.object({
    mode: z.enum(["none", "all", "selected"]),
    names: z.array(z.string()).readonly().optional().openapi({ description: "With `selected`." }),
    reveal: z.boolean().optional().openapi({ description: "Absent with `none`." }),
  }),
  egress: EgressShown,
  kv: z.boolean(),
  journal: z.object({ keep: z.int().openapi({ minimum: 0 }) }),
  notifications: NotificationsSettingsShown.nullable(),
};

export const DefinitionShown = z.object(definitionShown).openapi("ResponderDefinition");

const responderShown = {
  id: z.string().openapi({ example: "rsp_01jz3v8q6hft2m5x9k7w4c0b1d" }),
  ...definitionShown,
  url: z.string().openapi({ description: "Where senders reach it; parameters stand in it by name." }),
  form: z.enum(["module", "expression"]).nullable().openapi({ description: "Of the script." }),
  createdAt: TimeShown,
  updatedAt: TimeShown,
  etag: EtagShown,
};

export const ResponderShown = z.object(responderShown).openapi("Responder");

const StatsShown = z.object({ hits: z.int(), lastHitAt: TimeShown.nullable() }).nullable().openapi({
  description: "At most a minute old. `null` when nothing is kept, or the journal cannot be reached now.",
});

export const showStats = (
  stats: { readonly hits: number; readonly lastHitAt: number | null } | null,
): z.input<typeof StatsShown> => stats && { hits: stats.hits, lastHitAt: shownTimeOrNull(stats.lastHitAt) };

export const ReadResponder = z
  .object({
    ...responderShown,
    stats: StatsShown,
  })
  .openapi("ReadResponder");

export const WarningShown = z
  .object({
    path: z.string(),
    message: z.string(),
    line: z.int().nullable().optional(),
    column: z.int().nullable().optional(),
  })
  .openapi("Warning");

export const WarningsShown = z.array(WarningShown).readonly().openapi({
  description:
    "What will not do what its author seems to want. Nothing of it keeps the responder from working.",
});

export const SavedResponderShown = z
  .object({ ...responderShown, warnings: WarningsShown })
  .openapi("SavedResponder");

export const showDefinition = (definition: ShownDefinition): z.input<typeof DefinitionShown> => ({
  name: definition.name,
  enabled: definition.enabled,
  label: definition.label,
  method: definition.method,
  path: definition.path,
  response: definition.response,
  script: definition.script,
  upstream: definition.upstream,
  secrets: definition.secrets,
  egress: definition.egress,
  kv: definition.kv,
  journal: definition.journal,
  notifications: definition.notifications,
});

export const showResponder = (responder: Responder): z.input<typeof ResponderShown> => ({
  id: responder.id,
  ...showDefinition(responder.definition),
  url: responder.url,
  form: responder.form,
  createdAt: shownTime(responder.createdAt),
  updatedAt: shownTime(responder.updatedAt),
  etag: responder.etag,
});

export const showSaved = (
  responder: Responder & { readonly warnings: readonly Warning[] },
): { readonly body: z.input<typeof SavedResponderShown>; readonly etag: string } => ({
  body: { ...showResponder(responder), warnings: responder.warnings },
  etag: responder.etag,
});
