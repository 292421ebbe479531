import { type Principal, requireScope } from "../../accounts/index.ts";
import { utf8 } from "../../lib/bytes.ts";
import { AppError, type FieldError, invalid, refuse } from "../../lib/errors.ts";
import { assertFresh, type IfMatch } from "../../lib/etag.ts";
import { rewrap, seal } from "../envelope.ts";
import { changeSecret, findSecret, type SecretChange, type SecretRow } from "../store.ts";
import { readTerms, type Terms, writeTerms } from "../terms.ts";
import { assertGrantable, nameTaken } from "./refusals.ts";
import { check, type SecretPatch } from "./check.ts";
import type { ManageDeps } from "./deps.ts";
import { loadPublicSuffixes } from "./public-suffix.ts";
import { usersOfOne } from "./read.ts";
import { etagOfSecret, noSecret, type SavedSecret, secretOf } from "./secret.ts";
import { warningsOf } from "./warnings.ts";
import { wideningFaults } from "./widening.ts";

const TRIES = 5;

/** The columns of value and terms that change, with the ciphertext that belongs to them. */
const sealingOf = async (
  deps: ManageDeps,
  row: SecretRow,
  value: string | undefined,
  terms: Terms,
): Promise<Partial<SecretRow>> => {
  const text = writeTerms(terms);
  if (value !== undefined) {
    const bound = { ...row, ...text, version: row.version + 1 };
    const bytes = utf8(value).length;
    await assertGrantable(deps, row.accountId, { id: row.id, bytes });
    return { ...text, version: bound.version, bytes, ...(await seal(deps, bound, value)) };
  }
  if (text.hosts === row.hosts && text.places === row.places) return {};
  const wrapping = await rewrap(deps, row, text);
  if (wrapping === undefined) {
    const message = "The secret does not open with this installation's MASTER_KEYS: give its value again.";
    throw invalid("value", message);
  }
  return { ...text, ...wrapping };
};

/**
 * What a responder lets out, it names: `${secrets.SHOWN}`. Stops a key with `secrets:write` from reading any secret that such
 * a responder is granted besides, by giving it the name of one that is shown.
 */
const requireRenameScope = async (
  deps: ManageDeps,
  principal: Principal,
  { id }: SecretRow,
): Promise<void> => {
  const exposing = await deps.exposedBy(principal.account.id, id);
  if (exposing === undefined) return;
  const whose = `: the responder "${exposing.name}" (${exposing.id}), which is granted this secret, lets secrets out by their names`;
  requireScope(principal, "secrets:reveal", whose);
};

/**
 * A merge patch: what is not named stays as it is, a name changes no ciphertext, and a value that is given is always a
 * new version. `not-found`, `stale`, `forbidden`, and all that a create refuses.
 */
export const updateSecret = async (
  deps: ManageDeps,
  principal: Principal,
  id: string,
  patch: SecretPatch,
  ifMatch: IfMatch,
): Promise<SavedSecret> => {
  requireScope(principal, "secrets:write");
  const accountId = principal.account.id;
  const rules = { hosts: deps.hostRules, isPublicSuffix: await loadPublicSuffixes() };
  for (let attempt = 0; attempt < TRIES; attempt += 1) {
    const row = await findSecret(deps.db, accountId, id);
    if (row === undefined) throw noSecret();
    assertFresh(ifMatch, etagOfSecret(row));
    if (patch.name !== undefined && patch.name !== row.name) await requireRenameScope(deps, principal, row);
    const held = readTerms(row);
    const faults: FieldError[] = [];
    const terms = check(patch, held, rules, faults);
    if (patch.value === undefined) faults.push(...wideningFaults(held, terms));
    refuse(faults);
    const change: SecretChange = {
      ...(await sealingOf(deps, row, patch.value, terms)),
      name: patch.name ?? row.name,
      // Never before the save that it follows, whatever the clocks of two machines say.
      updatedAt: Math.max(deps.now(), row.updatedAt),
    };
    const ending = await changeSecret(deps.db, row, change).finally(() => deps.forget(accountId));
    if (ending.kind === "name-taken") throw await nameTaken(deps, accountId, change.name ?? row.name);
    if (ending.kind === "saved") {
      const saved = { ...row, ...change, revision: row.revision + 1 };
      const warnings = warningsOf({ ...terms, bytes: saved.bytes, value: patch.value });
      return { ...secretOf(saved, await usersOfOne(deps, saved)), warnings };
    }
    // Somebody else's change came between: read again, and let If-Match judge what is there now.
  }
  throw new AppError("unavailable", "The secret is being changed by others. Try again.");
};
