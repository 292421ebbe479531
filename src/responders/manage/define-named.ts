import type { Account } from "../../accounts/index.ts";
import { openLibrary } from "../../scripts/index.ts";
import type { Nameable } from "./compile-script.ts";
import { define } from "./define.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderInput } from "./input.ts";
import { refer } from "./refer.ts";
import { secretHeadsFor } from "./secret-heads.ts";

/**
 * A whole definition, and what of its account's it was checked against. Throws as `define` does; `under` is what stands before
 * each path, and `before` the definition that it takes the place of.
 */
export const defineNamed = async (
  deps: Pick<ManageDeps, "db" | "secretHeads" | "refusalOf" | "targetTerms">,
  { id, limits, handle }: Account,
  input: ResponderInput,
  { under = "", before }: { readonly under?: string; readonly before?: Definition } = {},
): Promise<{ readonly definition: Definition; readonly nameable: Nameable }> => {
  const library = openLibrary(deps.db, id);
  const referred = await refer(library, input);
  const secrets = await secretHeadsFor(deps, id, input);
  const { refusalOf } = deps;
  const targets = await deps.targetTerms(id, input.notifications, before?.notifications?.to ?? []);
  const context = { limits, handle, referred, secrets, refusalOf, targets };
  const definition = define(input, context, under);
  return { definition, nameable: { library, secrets } };
};
