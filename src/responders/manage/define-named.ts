import type { Account } from "../../accounts/index.ts";
import { openLibrary } from "../../scripts/index.ts";
import type { Nameable } from "./compile-script.ts";
import { define } from "./define.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderInput } from "./input.ts";
import { refer } from "./refer.ts";
import { secretHeadsFor } from "./secret-heads.ts";

/** A whole definition, and what of its account's it was checked against. Throws as `define` does. */
export const defineNamed = async (
  deps: Pick<ManageDeps, "db" | "secretHeads" | "refusalOf">,
  { id, limits, handle }: Account,
  input: ResponderInput,
  under = "",
): Promise<{ readonly definition: Definition; readonly nameable: Nameable }> => {
  const library = openLibrary(deps.db, id);
  const referred = await refer(library, input);
  const secrets = await secretHeadsFor(deps, id, input);
  const { refusalOf } = deps;
  const definition = define(input, { limits, handle, referred, secrets, refusalOf }, under);
  return { definition, nameable: { library, secrets } };
};
