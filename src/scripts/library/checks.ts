import type { TierLimits } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { SCRIPT_NAME } from "./reference.ts";
import type { ScriptSource } from "./script.ts";

const MAX_DESCRIPTION = 1_000;

/** What a save may be given, already of the right shape (the API's schema sees to that), its meaning unchecked. */
export interface ScriptFields {
  readonly name: string;
  readonly description: string;
}

const sourceFaults = (
  source: string,
  { sourceBytes }: Pick<TierLimits, "sourceBytes">,
): readonly FieldError[] => {
  const bytes = utf8(source).length;
  if (bytes <= sourceBytes) return [];
  return [{ path: "source", message: `The source has ${bytes} bytes; a script may have ${sourceBytes}.` }];
};

/** Throws `invalid` with every fault at once. */
export const checkFields = (
  { name, description }: ScriptFields,
  sources: readonly ScriptSource[],
  limits: Pick<TierLimits, "sourceBytes">,
): void => {
  const faults: FieldError[] = [];
  if (!SCRIPT_NAME.test(name)) {
    const message = "A name begins with a letter: lower-case letters, digits and hyphens, 64 at most.";
    faults.push({ path: "name", message });
  }
  if (description.length > MAX_DESCRIPTION) {
    faults.push({ path: "description", message: `At most ${MAX_DESCRIPTION} characters.` });
  }
  faults.push(...sources.flatMap(({ source }) => sourceFaults(source, limits)));
  refuse(faults);
};
