import type { RunSecrets } from "../../scripts/index.ts";
import { createSecretPowers } from "../../secrets/index.ts";
import type { Hit } from "../hit.ts";
import type { GrantDeps } from "./deps.ts";
import type { HitGrants } from "./hit-grants.ts";
import { restoreHit } from "./restore.ts";

export interface RunSecretsDeps extends Pick<GrantDeps, "touchSecrets"> {
  readonly now: () => number;
}

/** The hit as its script sees it, and the secrets that the script has; `undefined` for none. */
export interface Prepared {
  readonly hit: Hit;
  readonly secrets: RunSecrets | undefined;
}

export const prepareRun = (
  deps: RunSecretsDeps,
  accountId: string,
  { grants, reveal, placeholders }: HitGrants,
  hit: Hit,
): Prepared => {
  if (grants.kind === "unopened" || grants.secrets.length === 0) return { hit, secrets: undefined };
  const { secrets } = grants;
  const { replay } = hit;
  const names = secrets.map(({ name }) => name);
  const texts = secrets.map(({ value }, place) => (reveal ? value : (placeholders.of(place)?.text ?? "")));
  // Whoever has the texts uses them.
  if (reveal)
    deps.touchSecrets(
      accountId,
      secrets.map(({ id }) => id),
    );
  const powers = createSecretPowers({
    secrets,
    placeholders,
    now: replay === undefined ? deps.now : () => replay.at,
    expand: replay !== undefined && !reveal,
    used: (id) => deps.touchSecrets(accountId, [id]),
  });
  const textOf = (name: string): string | undefined => texts[names.indexOf(name)];
  return {
    hit: replay?.masked === undefined ? hit : restoreHit(hit, replay.masked, textOf),
    secrets: { names, texts, revealed: reveal, powers },
  };
};
