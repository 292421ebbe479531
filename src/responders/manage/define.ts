import type { TierLimits } from "../../accounts/index.ts";
import { checkNotifications, type TargetTerms } from "../../notifications/index.ts";
import { refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { utf8 } from "../../lib/bytes.ts";
import { checkEgress } from "./check-egress.ts";
import { checkJournal } from "./check-journal.ts";
import { checkResponse } from "./check-response.ts";
import { checkSecrets } from "./check-secrets.ts";
import { checkUpstream } from "./check-upstream.ts";
import { checkMethod, checkLabel, checkName, checkPath } from "./check-route.ts";
import { DEFAULTS } from "./definition.ts";
import type { Definition } from "./definition.ts";
import type { Refusal } from "../../runtime/index.ts";
import type { SecretHead } from "../../secrets/index.ts";
import type { ResponderInput } from "./input.ts";
import type { Referred } from "./refer.ts";

export interface DefineContext {
  readonly limits: TierLimits;
  readonly handle: string;
  /** What `script.ref` names; `null` without one. */
  readonly referred: Referred | null;
  /** The account's; none where the input grants none. */
  readonly secrets: readonly SecretHead[];
  /** By which targets of notifications are judged. */
  readonly targets: TargetTerms;
  /** What the policy of egress says of a URL. */
  readonly refusalOf: (url: string) => Refusal | undefined;
}

const checkScript = (
  input: ResponderInput,
  { limits, referred }: DefineContext,
  faults: FieldError[],
): Definition["script"] => {
  const given = input.script ?? null;
  if (given === null || "scriptId" in given) return given;
  if ("ref" in given) {
    if (referred?.kind === "script") return referred.script;
    faults.push({ path: "script.ref", message: referred?.message ?? "There is no such script." });
    return null;
  }
  const bytes = utf8(given.source).length;
  if (bytes > limits.sourceBytes) {
    const message = `The source has ${bytes} bytes; a script may have ${limits.sourceBytes}.`;
    faults.push({ path: "script.source", message });
  }
  return { source: given.source, language: given.language ?? "js" };
};

/**
 * A whole definition from what was given, every field checked for its meaning; the script is not compiled here.
 * Throws `invalid` with every fault at once; `under` is what stands before each path.
 */
export const define = (input: ResponderInput, context: DefineContext, under = ""): Definition => {
  const faults: FieldError[] = [];
  const definition: Definition = {
    ...DEFAULTS,
    name: checkName(input.name, faults),
    enabled: input.enabled ?? DEFAULTS.enabled,
    label: checkLabel(input.label ?? null, context.handle, faults),
    method: checkMethod(input.method ?? DEFAULTS.method, faults),
    path: checkPath(input.path, faults),
    response: checkResponse(input.response ?? {}, context.limits, faults),
    script: checkScript(input, context, faults),
    upstream: checkUpstream(input.upstream, context.refusalOf, faults),
    secrets: checkSecrets(input.secrets, context.secrets, faults),
    egress: checkEgress(input.egress, faults),
    kv: input.kv ?? DEFAULTS.kv,
    journal: checkJournal(input.journal ?? {}, context.limits, faults),
    notifications: checkNotifications(input.notifications, context.targets, faults),
  };
  refuse(faults.map(({ path, message }) => ({ path: `${under}${path}`, message })));
  return definition;
};
