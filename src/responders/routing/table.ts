import { limitsOf, parseOverrides } from "../../accounts/index.ts";
import type { TierLimits } from "../../accounts/index.ts";
import { findRoute, indexRoutes } from "./match.ts";
import type { Match } from "./match.ts";
import type { RoutedAccount, RoutedResponder, RouteTable } from "./routes.ts";

/** An account's routes, compiled: what a hit is matched against. */
export interface Table {
  readonly revision: number;
  readonly account: RoutedAccount & { readonly limits: TierLimits };
  readonly responders: readonly RoutedResponder[];
  /** `path` raw, below the handle. */
  readonly match: (label: string | null, method: string, path: string) => Match;
}

export const compileTable = (source: RouteTable): Table => {
  const index = indexRoutes(source.responders);
  const { account } = source;
  return {
    revision: source.revision,
    account: { ...account, limits: limitsOf(account.tier, parseOverrides(account.overrides)) },
    responders: source.responders,
    match: (label, method, path) => findRoute(index, label, path, method),
  };
};
