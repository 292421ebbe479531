import type { SecretsGranted } from "../manage/definition.ts";
import type { SecretHead } from "../../secrets/index.ts";
import type { RoutedSecrets } from "./grant.ts";

/** The names that a grant shows as, sorted; with `all`, every one that there is now. */
export const grantedNames = (
  { mode, ids }: SecretsGranted,
  heads: readonly SecretHead[],
): readonly string[] => {
  const granted = mode === "none" ? [] : mode === "all" ? heads : heads.filter(({ id }) => ids.includes(id));
  return granted.map(({ name }) => name).toSorted();
};

/** What a hit needs of a grant. */
export const routedSecrets = ({ mode, ids, reveal }: SecretsGranted): RoutedSecrets | null =>
  mode === "none" ? null : { mode, ids, reveal };
