import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import { assertFresh } from "../../lib/etag.ts";
import type { IfMatch } from "../../lib/etag.ts";
import { conflictOf } from "./conflict.ts";
import { dropContent, hashesOf, putContent } from "./content.ts";
import { defineNamed } from "./define-named.ts";
import type { Definition } from "./definition.ts";
import type { ManageDeps } from "./deps.ts";
import { mergePatch } from "./input.ts";
import type { ResponderInput } from "./input.ts";
import { prepare } from "./prepare.ts";
import { definitionOf, etagOfRow, noResponder, oneResponder } from "./responder.ts";
import type { SavedResponder } from "./responder.ts";
import { requireSaveScopes, requireUse, requireUseOf } from "./secret-scopes.ts";
import { replaceResponder } from "./saves/store.ts";
import { findResponder } from "./store.ts";

const TRIES = 5;

/**
 * One save over the latest revision, whole: when another save or a publish of a script comes between, `change` is asked
 * again about what is there then. `not-found`, `stale`, and all that a create refuses.
 */
export const replace = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  ifMatch: IfMatch,
  change: (current: Definition) => ResponderInput | Promise<ResponderInput>,
): Promise<SavedResponder> => {
  const { account } = principal;
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const current = await findResponder(deps.db, account.id, id);
    if (current === undefined) throw noResponder();
    assertFresh(ifMatch, etagOfRow(current));
    const before = definitionOf(current);
    const input = await change(before);
    requireUse(principal, before);
    requireUseOf(principal, input);
    const { definition, nameable } = await defineNamed(deps, account, input, { before });
    requireSaveScopes(principal, before, definition);
    const { save, content, warnings } = await prepare(deps, principal, definition, nameable, {
      id,
      revision: current.revision + 1,
      createdAt: current.createdAt,
      // Never before the save that it follows, whatever the clocks of two machines say.
      now: Math.max(deps.now(), current.updatedAt),
    });
    await putContent(deps, content);
    const ending = await replaceResponder(deps.db, save);
    if (ending.kind === "saved") {
      deps.defer(dropContent(deps, hashesOf(current), hashesOf(save.row)));
      await deps.publish(account.id);
      return { ...(await oneResponder(deps, account, save.row)), warnings };
    }
    if (ending.kind !== "overtaken") {
      deps.defer(dropContent(deps, hashesOf(save.row), hashesOf(current)));
      throw await conflictOf(deps.db, save, ending.kind);
    }
  }
  throw new AppError("unavailable", "The responder is being changed by others. Try again.");
};

/** A merge patch: what is not named stays as it is. */
export const updateResponder = (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  patch: ResponderInput,
  ifMatch: IfMatch,
): Promise<SavedResponder> => {
  requireScope(principal, "responders:write");
  return replace(deps, principal, id, ifMatch, (current) => mergePatch(current, patch));
};
