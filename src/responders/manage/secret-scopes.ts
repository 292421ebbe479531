import { type Principal, requireScope } from "../../accounts/index.ts";
import { refuse } from "../../lib/errors.ts";
import { type Definition, writeDefinition } from "./definition.ts";
import type { ResponderInput } from "./input.ts";

type Granting = Pick<Definition, "secrets">;
type Exposing = Pick<Definition, "secrets" | "response">;

const isGranted = ({ secrets }: Granting): boolean => secrets.mode !== "none";

/** Its script or its default response may show a secret to whoever asks. */
const exposes = ({ secrets, response }: Exposing): boolean => secrets.reveal || response.interpolate;

/** All but what a key without `secrets:reveal` may change of a responder that exposes secrets. */
const essence = (definition: Definition): string => writeDefinition({ ...definition, enabled: true });

/** For whoever runs it: a test, a replay. */
export const requireUse = (principal: Principal, definition: Granting): void => {
  if (isGranted(definition)) requireScope(principal, "secrets:use");
};

/** Before anything is looked up: who may not use secrets need not learn which there are. */
export const requireUseOf = (principal: Principal, { secrets }: Pick<ResponderInput, "secrets">): void => {
  if (secrets !== null && secrets !== undefined && secrets.mode !== "none") {
    requireScope(principal, "secrets:use");
  }
};

/**
 * What a save needs besides `responders:write`. `secrets:use` where secrets are granted before or after it; `secrets:reveal`
 * to let secrets out, and to change anything but name and `enabled` where they are: a script that holds them would be another's to write.
 */
export const requireSaveScopes = (
  principal: Principal,
  before: Definition | null,
  after: Definition,
): void => {
  if (before !== null) requireUse(principal, before);
  requireUse(principal, after);
  const exposed = exposes(after) || (before !== null && exposes(before));
  if (exposed && (before === null || essence(before) !== essence(after))) {
    requireScope(principal, "secrets:reveal");
  }
};

/** What is not saved has no owner who let its secrets out. */
export const refuseExposure = (definition: Exposing, under: string): void => {
  const message =
    "This cannot be tried unsaved: save the responder, with the scope secrets:reveal, and test it.";
  refuse([
    ...(definition.secrets.reveal ? [{ path: `${under}secrets.reveal`, message }] : []),
    ...(definition.response.interpolate ? [{ path: `${under}response.interpolate`, message }] : []),
  ]);
};
