import { requireScope } from "../../accounts/index.ts";
import type { Principal } from "../../accounts/index.ts";
import { AppError } from "../../lib/errors.ts";
import { newId } from "../../lib/id.ts";
import { dropContent, hashesOf, putContent } from "./content.ts";
import { conflictOf } from "./conflict.ts";
import { define } from "./define.ts";
import type { ManageDeps } from "./deps.ts";
import type { ResponderInput } from "./input.ts";
import { prepare } from "./prepare.ts";
import { responderOf } from "./responder.ts";
import type { SavedResponder } from "./responder.ts";
import { secretHeadsFor } from "./secret-heads.ts";
import { requireSaveScopes, requireUseOf } from "./secret-scopes.ts";
import { insertResponder } from "./saves/store.ts";
import { countResponders } from "./store.ts";

/** `invalid`, `conflict` (name or route, saying by which), `over-limit`. */
export const createResponder = async (
  deps: ManageDeps,
  principal: Principal,
  input: ResponderInput,
): Promise<SavedResponder> => {
  requireScope(principal, "responders:write");
  const { account } = principal;
  requireUseOf(principal, input);
  const secrets = await secretHeadsFor(deps, account.id, input);
  const definition = define(input, { limits: account.limits, handle: account.handle, secrets });
  requireSaveScopes(principal, null, definition);
  const now = deps.now();
  const id = newId("rsp", now);
  const { save, content, warnings } = await prepare(deps, principal, definition, secrets, {
    id,
    revision: 1,
    createdAt: now,
    now,
  });
  await putContent(deps, content);
  const ending = await insertResponder(deps.db, save, account.limits.responders);
  if (ending.kind !== "saved") {
    deps.defer(dropContent(deps, hashesOf(save.row)));
    if (ending.kind !== "overtaken") throw await conflictOf(deps.db, save, ending.kind);
    if ((await countResponders(deps.db, account.id)) < account.limits.responders) {
      throw new AppError("not-found", "The account is gone.");
    }
    const problem = `The account may have ${account.limits.responders} responders, and has them. Delete one first.`;
    throw new AppError("over-limit", problem);
  }
  await deps.publish(account.id);
  const urlOf = (label: string | null, path: string): string => deps.urlOf(account.handle, label, path);
  return { ...responderOf(save.row, urlOf, secrets), warnings };
};
