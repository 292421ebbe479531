import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import { newId } from "../../lib/id.ts";
import { dropContent, hashesOf, putContent } from "./content.ts";
import { conflictOf } from "./conflict.ts";
import { defineNamed } from "./define-named.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderInput } from "./input.ts";
import { prepare } from "./prepare.ts";
import { oneResponder } from "./responder.ts";
import type { SavedResponder } from "./responder.ts";
import { requireSaveScopes, requireUseOf } from "./secret-scopes.ts";
import { insertResponder } from "./saves/store.ts";
import { countResponders } from "./store.ts";

const TRIES = 5;

/** `invalid`, `conflict` (name or route, saying by which), `over-limit`. */
export const createResponder = async (
  deps: ManageDeps,
  principal: Principal,
  input: ResponderInput,
): Promise<SavedResponder> => {
  requireScope(principal, "responders:write");
  const { account } = principal;
  requireUseOf(principal, input);
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const { definition, nameable } = await defineNamed(deps, account, input);
    requireSaveScopes(principal, null, definition);
    const now = deps.now();
    const occasion = { id: newId("rsp", now), revision: 1, createdAt: now, now };
    const { save, content, warnings } = await prepare(deps, principal, definition, nameable, occasion);
    await putContent(deps, content);
    const ending = await insertResponder(deps.db, save, account.limits.responders);
    if (ending.kind === "saved") {
      await deps.publish(account.id);
      return { ...(await oneResponder(deps, account, save.row)), warnings };
    }
    deps.defer(dropContent(deps, hashesOf(save.row)));
    if (ending.kind !== "overtaken") throw await conflictOf(deps.db, save, ending.kind);
    if ((await countResponders(deps.db, account.id)) >= account.limits.responders) {
      const problem = `The account may have ${account.limits.responders} responders, and has them. Delete one first.`;
      throw new AppError("over-limit", problem);
    }
    // A script that it uses has changed meanwhile, or the account is gone.
  }
  throw new AppError("unavailable", "The scripts that it uses are being changed by others. Try again.");
};
