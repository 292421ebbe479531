import type { TierLimits } from "../../accounts/index.ts";
import { refuse } from "../../lib/errors.ts";
import type { FieldError } from "../../lib/errors.ts";
import { utf8 } from "../../lib/bytes.ts";
import { checkJournal } from "./check-journal.ts";
import { checkResponse } from "./check-response.ts";
import { checkMethod, checkLabel, checkName, checkPath } from "./check-route.ts";
import { DEFAULTS } from "./definition.ts";
import type { Definition, Script } from "./definition.ts";
import type { ResponderInput } from "./input.ts";
import { isRecord } from "../read.ts";

export interface DefineContext {
  readonly limits: TierLimits;
  readonly handle: string;
}

const says = (value: unknown): boolean =>
  value !== undefined && value !== null && value !== false && !(Array.isArray(value) && value.length === 0);

/** Two JSON values that say the same: `{ "mode": "none", "reveal": false, "names": [] }` is `{ "mode": "none" }`. */
const same = (left: unknown, right: unknown): boolean => {
  if (!isRecord(left) || !isRecord(right)) return left === right;
  const keys = new Set([...Object.keys(left), ...Object.keys(right)]);
  return [...keys].every((key) => same(left[key], right[key]) || (!says(left[key]) && !says(right[key])));
};

/** Fields of later versions, each with the only value that it takes today. */
const LATER = {
  upstream: "Upstreams (man in the middle)",
  secrets: "Secrets",
  egress: "`fetch` for scripts",
  notifications: "Notifications",
} as const;

const laterFaults = (input: ResponderInput): readonly FieldError[] =>
  (["upstream", "secrets", "egress", "notifications"] as const).flatMap((path) => {
    const given = input[path];
    const only = DEFAULTS[path];
    if (given === undefined || given === null || same(given, only)) return [];
    const value = `\`${JSON.stringify(only)}\``;
    return [
      { path, message: `${LATER[path]} can not be set yet: only the default ${value} is accepted here.` },
    ];
  });

const checkScript = (input: ResponderInput, limits: TierLimits, faults: FieldError[]): Script | null => {
  const given = input.script ?? null;
  if (given === null) return null;
  if ("ref" in given) {
    faults.push({
      path: "script.ref",
      message: "The script library is not there yet: give the script itself, as `{ source, language }`.",
    });
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
    script: checkScript(input, context.limits, faults),
    kv: input.kv ?? DEFAULTS.kv,
    journal: checkJournal(input.journal ?? {}, context.limits, faults),
  };
  faults.push(...laterFaults(input));
  refuse(faults.map(({ path, message }) => ({ path: `${under}${path}`, message })));
  return definition;
};
