import { z } from "@hono/zod-openapi";
import type { Foreseen, SavedScript } from "../scripts/index.ts";
import type { Success } from "./operation.ts";
import { DryRunShown, SavedScriptShown, showDryRun, showSavedScript } from "./scripts-shown.ts";

/** What each call that may make a version answers. */
export const PublishedShown = z.union([SavedScriptShown, DryRunShown]);

export const PUBLISHING =
  "A new version reaches every responder that follows the latest one, directly or through other scripts, in one step: " +
  "all of them or, when one would no longer work, none (a 422 that names it). At most 200 may follow. It holds at once " +
  "where it was made, and everywhere within 65 s. Where one of them is granted secrets, the key needs `secrets:use` as " +
  "well, and `secrets:reveal` where it has `reveal` or `interpolate`.";

/** With `dryRun=1` what would happen, else what did. */
export const publish = async (
  { dryRun }: { readonly dryRun?: "0" | "1" | undefined },
  foresee: () => Promise<Foreseen>,
  carryOut: () => Promise<SavedScript>,
): Promise<Success<typeof PublishedShown>> =>
  dryRun === "1" ? { body: showDryRun(await foresee()) } : showSavedScript(await carryOut());
