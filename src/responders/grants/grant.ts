import { type GrantedSecret, HIDES_EVERYTHING, type Mask, maskOf } from "../../secrets/index.ts";
import type { GrantDeps } from "./deps.ts";

/** A responder's grant as a hit needs it. */
export interface RoutedSecrets {
  readonly mode: "all" | "selected";
  /** With `selected`. */
  readonly ids: readonly string[];
  readonly reveal: boolean;
}

/** What a responder may do with secrets. */
interface Granting {
  readonly secrets: RoutedSecrets | null;
  readonly interpolate: boolean;
}

const grantText = ({ secrets, interpolate }: Granting): string =>
  JSON.stringify([secrets?.mode, secrets?.reveal, secrets?.ids.toSorted(), interpolate]);

export const hasSameGrants = (one: Granting, other: Granting | undefined): boolean =>
  other !== undefined && grantText(one) === grantText(other);

/**
 * The secrets that a hit may use, opened, and what hides them in all that is kept of it. `unopened`: the run fails closed,
 * and as nobody can tell where in the hit a secret stands, nothing that came from outside is kept.
 */
export type Grants =
  | { readonly kind: "granted"; readonly secrets: readonly GrantedSecret[]; readonly mask: Mask }
  | {
      readonly kind: "unopened";
      readonly names: readonly string[];
      readonly reason: string;
      readonly mask: Mask;
    };

export const NO_GRANTS: Grants = { kind: "granted", secrets: [], mask: maskOf([]) };

export const openGrants = async (
  deps: Pick<GrantDeps, "resolveSecrets">,
  accountId: string,
  { mode, ids }: RoutedSecrets,
): Promise<Grants> => {
  const resolved = await deps.resolveSecrets(accountId, mode === "all" ? { mode } : { mode, ids });
  return resolved.kind === "granted"
    ? { ...resolved, mask: maskOf(resolved.secrets) }
    : { ...resolved, mask: HIDES_EVERYTHING };
};
