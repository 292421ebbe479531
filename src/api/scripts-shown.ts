import { z } from "@hono/zod-openapi";
import type {
  Difference,
  Foreseen,
  SavedScript,
  Script,
  ScriptSummary,
  ScriptUser,
  ScriptVersion,
  VersionHead,
} from "../scripts/index.ts";
import { EtagShown, shownTime, TimeShown } from "./fields.ts";
import { WarningShown } from "./responders-shown.ts";
import { LanguageGiven } from "./scripts-fields.ts";

const summaryShown = {
  id: z.string().openapi({ example: "scr_01jz3v8q6hft2m5x9k7w4c0b1d" }),
  name: z.string(),
  description: z.string(),
  version: z.int().openapi({ description: "The latest, from 1; `0` while there is only a draft." }),
  language: LanguageGiven.nullable().openapi({ description: "Of the latest version; `null` without one." }),
  createdAt: TimeShown,
  updatedAt: TimeShown,
  etag: EtagShown,
};
export const ScriptSummaryShown = z.object(summaryShown).openapi("ScriptSummary");

const WantedShown = z.union([z.literal("latest"), z.int()]).openapi({
  description: "`latest` follows each new version; a number stays at that one.",
});
const sourceShown = { source: z.string(), language: LanguageGiven };

const scriptShown = {
  ...summaryShown,
  source: z.string().nullable().openapi({ description: "Of the latest version; `null` without one." }),
  form: z
    .enum(["module", "expression"])
    .nullable()
    .openapi({ description: "Of the latest version. Only a module can be imported." }),
  draft: z.object(sourceShown).nullable().openapi({ description: "Saved, and nobody's yet." }),
  usedBy: z.object({
    responders: z
      .array(z.object({ id: z.string(), name: z.string(), wanted: WantedShown, version: z.int() }))
      .readonly()
      .openapi({
        description:
          "The responders that are made of it, directly or through other scripts, and the version that each has.",
      }),
    scripts: z
      .array(z.object({ id: z.string(), name: z.string(), wanted: WantedShown }))
      .readonly()
      .openapi({ description: "The scripts whose latest version imports it." }),
  }),
};
export const ScriptShown = z.object(scriptShown).openapi("Script");

export const SavedScriptShown = z
  .object({
    ...scriptShown,
    warnings: z
      .array(WarningShown)
      .readonly()
      .openapi({
        description:
          "What will not do what its author seems to want, and faults in the syntax of a draft: nothing of it " +
          "keeps the script from being saved.",
      }),
  })
  .openapi("SavedScript");

export const DryRunShown = z
  .object({
    wouldPublish: z.boolean().openapi({
      description:
        "Whether the call makes a version: `false` when nothing changed, or when one of them would break.",
    }),
    responders: z
      .array(
        z.object({
          id: z.string(),
          name: z.string(),
          ok: z.boolean(),
          errors: z.array(WarningShown).readonly(),
        }),
      )
      .readonly()
      .openapi({ description: "All that follow the latest version, directly or through other scripts." }),
  })
  .openapi("DryRun");

const versionShown = {
  version: z.int().openapi({ description: "From 1; the highest is what those have who follow the latest." }),
  language: LanguageGiven,
  createdAt: TimeShown,
  createdBy: z
    .string()
    .openapi({ description: "The key that published it.", example: "key_01jz3v8q6hft2m5x9k7w4c0b1d" }),
};
export const VersionShown = z.object(versionShown).openapi("ScriptVersion");
export const WholeVersionShown = z
  .object({ ...versionShown, source: z.string() })
  .openapi("WholeScriptVersion");

export const DifferenceShown = z
  .object({
    from: z.int(),
    to: z.int(),
    patch: z.string().openapi({
      description:
        "A unified diff; empty when the sources are the same. Of sources that differ in more than 1,000 lines, the whole " +
        "is shown as removed and added.",
    }),
    added: z.int().openapi({ description: "Lines." }),
    removed: z.int().openapi({ description: "Lines." }),
  })
  .openapi("ScriptDifference");

export const showSummary = (script: ScriptSummary): z.input<typeof ScriptSummaryShown> => ({
  id: script.id,
  name: script.name,
  description: script.description,
  version: script.version,
  language: script.language,
  createdAt: shownTime(script.createdAt),
  updatedAt: shownTime(script.updatedAt),
  etag: script.etag,
});

const showUser = ({ id, name, wanted }: ScriptUser) => ({
  id,
  name,
  wanted: wanted === 0 ? ("latest" as const) : wanted,
});

export const showScript = (script: Script): z.input<typeof ScriptShown> => ({
  ...showSummary(script),
  source: script.source,
  form: script.form,
  draft: script.draft,
  usedBy: {
    responders: script.usedBy.responders.map((user) => ({ ...showUser(user), version: user.version })),
    scripts: script.usedBy.scripts.map(showUser),
  },
});

export const showSavedScript = (
  script: SavedScript,
): { readonly body: z.input<typeof SavedScriptShown>; readonly etag: string } => ({
  body: { ...showScript(script), warnings: script.warnings },
  etag: script.etag,
});

export const showDryRun = ({ wouldPublish, responders }: Foreseen): z.input<typeof DryRunShown> => ({
  wouldPublish,
  responders: responders.map(({ id, name, errors }) => ({ id, name, ok: errors.length === 0, errors })),
});

export const showVersion = ({
  version,
  language,
  createdAt,
  createdBy,
}: VersionHead): z.input<typeof VersionShown> => ({
  version,
  language,
  createdAt: shownTime(createdAt),
  createdBy,
});

export const showWholeVersion = (version: ScriptVersion): z.input<typeof WholeVersionShown> => ({
  ...showVersion(version),
  source: version.source,
});

export const showDifference = (
  from: number,
  to: number,
  { patch, added, removed }: Difference,
): z.input<typeof DifferenceShown> => ({ from, to, patch, added, removed });
