import { parseTier } from "../../accounts/index.ts";
import type { Db } from "../../storage/index.ts";
import { parseJson } from "../read.ts";
import { readRouted } from "./read-routes.ts";
import type { RouteTable } from "./routes.ts";
import { readTableRows } from "./store.ts";

export type Built =
  | { readonly kind: "built"; readonly table: RouteTable }
  | { readonly kind: "deleted"; readonly handle: string }
  | { readonly kind: "missing" };

/** An account's route table as the database has it now. */
export const buildRoutes = async (
  db: Db,
  by: { readonly handle: string } | { readonly accountId: string },
): Promise<Built> => {
  const rows = await readTableRows(db, by);
  if (rows === undefined) return { kind: "missing" };
  const { account, routed } = rows;
  if (account.deletedAt !== null) return { kind: "deleted", handle: account.handle };
  const responders = routed.map((line) => readRouted(parseJson(line)));
  return {
    kind: "built",
    table: {
      version: 1,
      revision: account.routesRevision,
      account: {
        id: account.id,
        handle: account.handle,
        tier: parseTier(account.tier),
        overrides: account.limits,
        suspended: account.suspended,
      },
      responders: responders.filter((responder) => responder !== undefined),
    },
  };
};
