import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import type { IfMatch } from "../../lib/etag.ts";
import type { ManageDeps } from "./deps.ts";
import { definitionOf, namesIn, noResponder, shownDefinition } from "./responder.ts";
import type { SavedResponder, ShownDefinition } from "./responder.ts";
import { KEPT_REVISIONS } from "./saves/store.ts";
import { findResponder, findRevision, listRevisionHeads } from "./store.ts";
import { replace } from "./update.ts";

/** One save, without what it saved: twenty of those may be tens of megabytes. */
export interface Revision {
  readonly revision: number;
  readonly name: string;
  readonly createdAt: number;
  /** `key_…` */
  readonly createdBy: string;
}

export type WholeRevision = Revision & { readonly definition: ShownDefinition };

const noRevision = (): AppError =>
  new AppError("not-found", `There is no such revision: the last ${KEPT_REVISIONS} are kept.`);

const assertMine = async (deps: ManageDeps, principal: Principal, id: string): Promise<void> => {
  if ((await findResponder(deps.db, principal.account.id, id)) === undefined) throw noResponder();
};

/** Newest first; the first is what the responder is now. */
export const listRevisions = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
): Promise<readonly Revision[]> => {
  requireScope(principal, "responders:read");
  await assertMine(deps, principal, id);
  return listRevisionHeads(deps.db, id);
};

export const readRevision = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  revision: number,
): Promise<WholeRevision> => {
  requireScope(principal, "responders:read");
  await assertMine(deps, principal, id);
  const row = await findRevision(deps.db, id, revision);
  if (row === undefined) throw noRevision();
  const { name, createdAt, createdBy } = row;
  const definition = definitionOf(row);
  const names = await namesIn(deps, principal.account.id, [definition]);
  return { revision, name, createdAt, createdBy, definition: shownDefinition(definition, names) };
};

/** A save like any other: checked again, compiled again, and a revision of its own. */
export const restoreRevision = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  revision: number,
  ifMatch: IfMatch,
): Promise<SavedResponder> => {
  requireScope(principal, "responders:write");
  return replace(deps, principal, id, ifMatch, async () => {
    const row = await findRevision(deps.db, id, revision);
    if (row === undefined) throw noRevision();
    return definitionOf(row);
  });
};
