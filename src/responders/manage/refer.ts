import { type Library, parseReference, referenceText } from "../../scripts/index.ts";
import type { LibraryScript } from "./definition.ts";
import type { ResponderInput } from "./input.ts";

/** What a `ref` turned out to be. */
export type Referred =
  | { readonly kind: "script"; readonly script: LibraryScript }
  | { readonly kind: "fault"; readonly message: string };

/** Looks up what `script.ref` names; `null` when the script is not given so. */
export const refer = async (
  library: Library,
  { script }: Pick<ResponderInput, "script">,
): Promise<Referred | null> => {
  if (script === undefined || script === null || !("ref" in script)) return null;
  const reference = parseReference(script.ref);
  if (reference === undefined) {
    return {
      kind: "fault",
      message: "Give the name of a script, like `sign`, or one version of it: `sign@3`.",
    };
  }
  const found = await library.load(reference.name, reference.version);
  if (found === undefined) {
    const message = `The library has no script \`${referenceText(reference)}\` that is published.`;
    return { kind: "fault", message };
  }
  return { kind: "script", script: { scriptId: found.scriptId, wanted: reference.version ?? 0 } };
};
