import { z } from "@hono/zod-openapi";
import { DEFAULTS } from "../responders/index.ts";
import { EgressGiven } from "./egress-fields.ts";
import { NameField } from "./fields.ts";
import { NotificationsGiven, NotificationsPatch } from "./notifications-fields.ts";
import { HeadersGiven } from "./headers-fields.ts";
import { UpstreamGiven, UpstreamPatch } from "./upstream-fields.ts";

/*
 * What goes into responders and trials. Shapes only: meaning (paths, header values, limits) is the verbs' to check.
 * `pattern` and such in `openapi()` tell readers of the document what the verbs take; the verbs have words for the rest.
 */
const METHOD_PATTERN = "^(?!(?:CONNECT|TRACE|TRACK)$)[A-Z][A-Z0-9-]{0,31}$";
const LABEL_PATTERN = "^(?!xn--)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?$";

export const BodyGiven = z
  .union([z.string(), z.strictObject({ text: z.string() }), z.strictObject({ base64: z.string() })], {
    error: 'Give a body as a string, as { "text": "…" }, or as { "base64": "…" }.',
  })
  .openapi("BodyGiven", { description: "Text, which goes out as UTF-8, or bytes in base64." });

export const BodyShown = z
  .union([z.object({ text: z.string() }), z.object({ base64: z.string() })])
  .openapi("BodyShown", { description: "`text` when it is valid UTF-8 of a textual or unknown type." });

const methodText = () => z.string().openapi({ pattern: METHOD_PATTERN });

export const MethodGiven = z
  .union(
    [
      methodText(),
      z.array(methodText()).readonly().openapi({ minItems: 1, maxItems: 20, uniqueItems: true }),
    ],
    {
      error: 'Give "ANY", one method like "POST", or an array of methods.',
    },
  )
  .openapi({
    description:
      "`ANY`, one method, or several (`ANY` stands alone). `HEAD` is answered by `GET` as well; no CONNECT, TRACE.",
    default: DEFAULTS.method,
    example: "POST",
  });

export const PathGiven = z.string().openapi({
  pattern: "^/[^?#\\s\\\\]*$",
  maxLength: 1_024,
  description:
    "Literal segments, `:name`, and a final `*` or `:name*` for the rest (at least one segment, which may be empty). " +
    "Whole segments are matched, each percent-decoded once, case-sensitively; a trailing slash counts, except at the " +
    "root. A literal before `:name` before `*`. The rest comes decoded, but for an encoded slash in it.",
  example: "/github/:repo",
});

const ResponseGiven = z.strictObject({
  status: z.number().optional().openapi({ type: "integer", minimum: 200, maximum: 599, default: 200 }),
  headers: HeadersGiven.optional(),
  body: BodyGiven.optional().openapi({ description: "Shown as it was given.", default: "" }),
  interpolate: z
    .boolean()
    .optional()
    .openapi({
      default: false,
      description:
        "Whether `${secrets.NAME}` in header values, and in a body given as text, is filled in: senders then see the secret. " +
        "Setting it needs the scope `secrets:reveal`.",
    }),
});

const ScriptGiven = z
  .union(
    [
      z.strictObject({
        source: z.string(),
        language: z.enum(["js", "ts"]).optional().openapi({ default: "js" }),
      }),
      z.strictObject({
        ref: z.string().openapi({
          pattern: "^[a-z][a-z0-9-]{0,63}(?:@[1-9]\\d{0,8})?$",
          description:
            "A script of the library: `NAME` follows its latest version, `NAME@3` stays at that one.",
          example: "sign@3",
        }),
      }),
    ],
    {
      error:
        'Give a script as { "source": "export default …", "language": "js" or "ts" }, as { "ref": "NAME" }, or `null` for none.',
    },
  )
  .openapi("ScriptGiven", {
    description:
      "A module with `export default`, or one expression, of at most 256 KiB; or a script of the library. A module may " +
      'import others of the library: `import { sign } from "scripts/NAME"` or `"scripts/NAME@3"`. Replaced whole.',
  });

const KeepGiven = z
  .number()
  .optional()
  .openapi({ type: "integer", minimum: 0, default: DEFAULTS.journal.keep });

const JournalGiven = z.strictObject({ keep: KeepGiven }).openapi("JournalGiven", {
  description:
    "What is kept of its hits: so many exchanges at most, up to what the plan allows (`journalKeep`), the oldest dropped " +
    "first; failures hold at most a quarter of them. Beside them stands the plan's bound in bytes (`journalBytes`). `0` " +
    "records nothing from then on, and counts nothing; what was kept before stays until it is deleted.",
});

const SecretsGiven = z
  .strictObject({
    mode: z.enum(["none", "all", "selected"]),
    names: z
      .array(z.string().openapi({ pattern: "^[A-Za-z][A-Za-z0-9_-]{0,127}$" }))
      .max(2_000)
      .readonly()
      .optional()
      .openapi({
        description: "With `selected`: which. They are kept by id, so that a rename keeps the grant.",
      }),
    reveal: z
      .boolean()
      .optional()
      .openapi({
        default: false,
        description:
          "Gives the script the texts themselves instead of handles: they can then go anywhere that it sends them. " +
          "Setting it needs the scope `secrets:reveal`.",
      }),
  })
  .openapi("SecretsGiven", {
    description:
      "Which of the account's secrets the script may use, as handles, and the default response with `interpolate`. " +
      "At most 64 KiB of them. Whoever saves, tests or replays such a responder needs the scope `secrets:use`.",
    example: { mode: "selected", names: ["STRIPE_KEY"] },
  });

const LABEL = "A name before the handle in the host: `label-handle.…`. `null` is none.";

const optionalFields = {
  enabled: z
    .boolean()
    .optional()
    .openapi({ default: true, description: "Disabled, it keeps its route but is not matched." }),
  label: z
    .string()
    .nullable()
    .optional()
    .openapi({ default: null, description: LABEL, pattern: LABEL_PATTERN, maxLength: 59 }),
  method: MethodGiven.optional(),
  response: ResponseGiven.optional().openapi({
    description: "What it answers without a script, and what a script's reply is laid over.",
  }),
  script: ScriptGiven.nullable().optional(),
  upstream: UpstreamGiven.nullable().optional(),
  secrets: SecretsGiven.optional(),
  egress: EgressGiven.optional(),
  kv: z.boolean().optional().openapi({
    default: DEFAULTS.kv,
    description: "Whether the script has state: `ctx.kv`, or `secutils.kv` in an expression.",
  }),
  journal: JournalGiven.optional(),
  notifications: NotificationsGiven.nullable().optional(),
};

const EXAMPLE = {
  name: "GitHub push",
  method: "POST",
  path: "/github/:repo",
  response: { status: 200, headers: [["content-type", "application/json"]], body: '{"ok":true}' },
  script: {
    source: "export default (request, ctx) => ({ body: { repo: ctx.params.repo } })",
    language: "js",
  },
};

const NameGiven = NameField.openapi({ description: "Unique in the account." });

export const ResponderGiven = z
  .strictObject({ name: NameGiven, path: PathGiven, ...optionalFields })
  .openapi("ResponderInput", { example: EXAMPLE });

/** As RFC 7396 has it: `null` gives a field its default again. */
export const ResponderPatch = z
  .strictObject({
    ...optionalFields,
    name: NameGiven.optional(),
    path: PathGiven.optional(),
    enabled: optionalFields.enabled.nullable(),
    method: optionalFields.method.nullable(),
    kv: optionalFields.kv.nullable(),
    secrets: SecretsGiven.nullable().optional(),
    notifications: NotificationsPatch.nullable().optional(),
    upstream: UpstreamPatch.nullable().optional(),
    egress: EgressGiven.nullable().optional(),
    journal: JournalGiven.extend({ keep: KeepGiven.nullable() }).nullable().optional(),
    response: ResponseGiven.extend({
      status: ResponseGiven.shape.status.nullable(),
      headers: ResponseGiven.shape.headers.nullable(),
      body: ResponseGiven.shape.body.nullable(),
      interpolate: ResponseGiven.shape.interpolate.nullable(),
    })
      .nullable()
      .optional(),
  })
  .openapi("ResponderPatch", { example: { enabled: false, response: { status: 202 } } });

export const TrialRequestGiven = z
  .strictObject({
    method: z
      .string()
      .regex(/^[A-Z][A-Z0-9-]{0,31}$/, "A method in upper case, like POST.")
      .optional()
      .openapi({ description: "Default: the responder's first method, POST for `ANY`." }),
    path: z
      .string()
      .optional()
      .openapi({
        description:
          "Below the handle, as it goes over the wire, with its query. It must be one that the responder takes. " +
          "Default: the responder's path, when it has no parameters.",
        example: "/github/hookwright?x=1",
      }),
    headers: HeadersGiven.optional(),
    body: BodyGiven.nullable().optional(),
  })
  .openapi("TrialRequest");
